import type { OperationRequest } from '../auth/guarded-schema.ts';
import type { OperationCheck } from '../auth/operation-check.ts';
import { ClaimgateError } from '../errors.ts';
import { principalOf, warnOfMissingPrincipal } from '../principal.ts';
import type { ChallengeOptions } from './challenge-options.ts';
import { toRefusal } from './graphql-error.ts';

/**
 * Runs the checks of an operation. The caller is `principalOf(contextValue)`.
 *
 * @param checks - the checks, in order. If a check throws, later checks do not run
 * @param options - the challenge of refused operations
 * @throws GraphQLError with the status and the challenge of the error code (RFC 6750 §3), if a check refused the
 * operation. Any other error of a check; TypeError for a principal that the verifier did not make
 */
export function runChecks(
  checks: readonly Pick<OperationCheck, 'check'>[],
  { document, operationName, variables }: Omit<OperationRequest, 'principal'>,
  contextValue: unknown,
  options: ChallengeOptions,
): void {
  const principal = principalOf(contextValue);
  try {
    for (const { check } of checks) check({ document, operationName, variables, principal });
  } catch (error) {
    if (error instanceof ClaimgateError && error.code === 'UNAUTHENTICATED') warnOfMissingPrincipal(contextValue);
    throw toRefusal(error, options, principal);
  }
}
