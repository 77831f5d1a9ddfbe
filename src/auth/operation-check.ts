import { ClaimgateError } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { GuardedSchema, OperationRequest } from './guarded-schema.ts';
import { refusalEvidence } from './decide/denial-error.ts';
import { describeDenials } from './decide/denial-text.ts';
import type { Refusal } from './decide/verdict.ts';

/** A check of a valid operation. It runs before the operation. */
export interface OperationCheck {
  /** What the check decides, in a few words. */
  readonly name: string;
  /** The section of the specification that requires the check. */
  readonly section: string;
  /** @throws {ClaimgateError} if the operation must not run. The evidence of the error may be sent to the caller */
  readonly check: (operation: OperationRequest) => void;
  /**
   * Whether the check lets an operation through for all variables and all callers. Default: the check must run for each
   * request.
   */
  readonly passesAlways?: ((operation: Pick<OperationRequest, 'document' | 'operationName'>) => boolean) | undefined;
}

/**
 * Makes the check that decides an operation by the rules of a schema. The guard can still deny fields of an operation
 * that passes the check.
 *
 * @param guarded - the schema that executes the operation
 */
export function planCheck(guarded: Pick<GuardedSchema, 'decideOperation'>): OperationCheck {
  return {
    name: 'the plan of the operation, by the rules of @auth',
    section: 'RFC 6750 §3.1',
    check(operation) {
      const verdict = guarded.decideOperation(operation);
      if (verdict.kind === 'refuse') throw refusalError(verdict, operation.principal);
    },
  };
}

/** Makes the error of a refused operation. */
function refusalError(refusal: Refusal, principal: Principal): ClaimgateError {
  const { coordinate, selection, reason, requiredScopes, denials } = refusalEvidence(refusal);
  const { code, maxAge, acrValues, challengeScope } = refusal;
  const evidence = {
    ...(coordinate !== undefined && { coordinate }),
    ...(selection && { selection }),
    ...(reason && { reason }),
    ...(requiredScopes && { requiredScopes }),
    ...(maxAge !== undefined && { maxAge }),
    ...(acrValues && { acrValues }),
    ...(denials && { denials }),
    // The challenge for an anonymous caller does not name a scope (RFC 6750 §3.1).
    ...(code !== 'UNAUTHENTICATED' && { challengeScope }),
  };
  return new ClaimgateError(code, describeDenials(code, refusal.denials, principal), { evidence });
}
