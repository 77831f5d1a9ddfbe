import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLError } from 'graphql';
import { refusalEvidence, repeatsDenial } from '../auth/decide/denial-error.ts';
import { describeDenials } from '../auth/decide/denial-text.ts';
import type { GuardedSchema, OperationRequest } from '../auth/guarded-schema.ts';
import type { Refusal, Verdict } from '../auth/decide/verdict.ts';
import { ClaimgateError } from '../errors.ts';
import { type Principal, principalOf } from '../principal.ts';
import { type ChallengeOptions, schemeOf } from './challenge.ts';
import { toGraphQLError } from './errors.ts';

/**
 * Decides each operation before it runs. A refused one is answered with the status and the challenge of RFC 6750: 401 without
 * a token, 403 with one that lacks a scope. It also leaves one error for each denied selection, where the executor reported
 * one for each position.
 *
 * The schema guards itself: without this plugin nothing is open that is closed with it.
 *
 * @param guarded - the schema that the server executes
 */
export function planPlugin<Context extends object>(
  guarded: Pick<GuardedSchema, 'decideOperation'>,
  options: ChallengeOptions,
): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ document, request, contextValue }) => {
        const principal = principalOf(contextValue);
        const { operationName, variables } = request;
        const verdict = decided(guarded, { document, operationName, variables, principal }, options);
        if (verdict.kind === 'run') return;
        throw refusalError(verdict, principal, options);
      },

      willSendResponse: async ({ errors, response: { body } }) => {
        if (body.kind !== 'single' || !errors || body.singleResult.errors?.length !== errors.length) return;
        // What is sent was made of `errors`, one by one, and only these are the objects that the guard knows.
        const told = new Set(withoutRepeats(errors));
        if (told.size < errors.length) {
          body.singleResult.errors = body.singleResult.errors.filter(
            (_, index) => errors[index] && told.has(errors[index]),
          );
        }
      },
    }),
  };
}

/** A document that is made to hurt the plan is refused by a limit. */
function decided(
  guarded: Pick<GuardedSchema, 'decideOperation'>,
  request: OperationRequest,
  options: ChallengeOptions,
): Verdict {
  try {
    return guarded.decideOperation(request);
  } catch (error) {
    throw error instanceof ClaimgateError ? toGraphQLError(error, options) : error;
  }
}

/** The errors of one answer with one for each denied selection, where the executor reported one for each position. */
export function withoutRepeats(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const repeats = repeatsDenial();
  return errors.filter((error) => !repeats(error));
}

/**
 * What a caller is told of an operation that was refused before anything of it ran.
 *
 * @param whole - given where the answer is nothing but this error, as over HTTP: it then carries status and challenge
 */
export function refusalError(refusal: Refusal, principal: Principal, whole?: ChallengeOptions): GraphQLError {
  const { coordinate, selection, reason, requiredScopes, denials } = refusalEvidence(refusal);
  const { code, maxAge, acrValues, challengeScope } = refusal;
  const evidence = {
    ...(coordinate !== undefined && { coordinate }),
    ...(selection && { selection }),
    ...(reason && { reason }),
    ...(requiredScopes && { requiredScopes }),
    ...(maxAge !== undefined && { maxAge }),
    ...(acrValues && { acrValues }),
    // An anonymous caller is told where to get a token, not yet what to ask for (RFC 6750 §3.1).
    ...(code !== 'UNAUTHENTICATED' && { challengeScope }),
  };
  const message = describeDenials(code, refusal.denials, principal);
  const error = toGraphQLError(new ClaimgateError(code, message, { evidence }), whole, schemeOf(principal));
  if (denials) error.extensions['denials'] = denials;
  return error;
}
