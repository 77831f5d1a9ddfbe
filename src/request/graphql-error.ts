import { GraphQLError } from 'graphql';
import { ClaimgateError, errorKinds } from '../errors.ts';
import type { Principal } from '../principal.ts';
import { challengeOf, schemeOf } from './challenge.ts';
import { type ChallengeDetails, type ChallengeOptions, checkChallengeOptions } from './challenge-options.ts';

/**
 * Makes the GraphQL error for the caller. It has the message, the code and the evidence of the error, but not the
 * cause.
 *
 * @param answer - the options of the challenge. Set it only if the error is the complete answer. The GraphQL error then
 * has the HTTP status of its code, the header `Cache-Control: no-store`, and the headers `WWW-Authenticate`,
 * `Retry-After` and `DPoP-Nonce` if the code and the request need them. Default: the error does not change the HTTP
 * answer
 * @param scheme - the scheme of the credential of the request. Default `Bearer`
 * @throws StartError with all faults of `answer`
 */
export function toGraphQLError(
  error: ClaimgateError,
  answer?: ChallengeOptions,
  scheme: ChallengeDetails['scheme'] = 'Bearer',
): GraphQLError {
  const { challengeScope, ...evidence } = error.evidence;
  const { maxAge, acrValues } = evidence;
  const extensions = { ...evidence, code: error.code };
  if (answer === undefined) return new GraphQLError(error.message, { extensions });
  checkChallengeOptions('toGraphQLError', answer);
  const { status, retryAfter } = errorKinds[error.code];
  const headers = new Map([['cache-control', 'no-store']]);
  const authenticate = challengeOf(answer, error.code, {
    scheme,
    description: error.message,
    ...(challengeScope !== undefined && { scope: challengeScope }),
    ...(maxAge !== undefined && { maxAgeSeconds: maxAge }),
    ...(acrValues && { acrValues }),
  });
  if (authenticate !== undefined) headers.set('www-authenticate', authenticate);
  // If nonces are required, every error of a request with the `DPoP` scheme has one, because the next proof needs it
  // (RFC 9449 §9).
  const nonce = scheme === 'DPoP' ? answer.proofs?.nonce() : null;
  if (typeof nonce === 'string') headers.set('dpop-nonce', nonce);
  if (retryAfter !== undefined) headers.set('retry-after', String(retryAfter));
  const http = { status, headers: withMembers(headers) };
  return new GraphQLError(error.message, { extensions: { ...extensions, http } });
}

/**
 * Makes the error that is the complete answer to a refused operation.
 *
 * @param error - the value that a check threw. A value that is not a ClaimgateError is returned unchanged
 * @param options - the challenge of refused operations
 * @param principal - the caller. The challenge has the scheme of the caller's token
 */
export function toRefusal(error: unknown, options: ChallengeOptions, principal: Principal): unknown {
  return error instanceof ClaimgateError ? toGraphQLError(error, options, schemeOf(principal)) : error;
}

/**
 * Adds each header as a member of the map. Apollo Server needs a Map in `extensions.http.headers`, but GraphQL Yoga
 * copies the members of an object.
 */
function withMembers(headers: Map<string, string>): Map<string, string> {
  return Object.assign(headers, Object.fromEntries(headers));
}
