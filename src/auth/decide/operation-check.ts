import { ClaimgateError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { GuardedSchema, OperationRequest } from '../guarded-schema.ts';
import { refusalEvidence } from './denial-error.ts';
import { describeDenials } from './denial-text.ts';
import type { Refusal } from './verdict.ts';

/** A check of a valid operation, before anything of it runs. */
export interface OperationCheck {
  /** What it is about, in a few words. */
  readonly name: string;
  /** The section of the specification that asks for it. */
  readonly section: string;
  /** @throws ClaimgateError where the operation may not run; its evidence is the caller's to read */
  readonly check: (operation: OperationRequest) => void;
}

/**
 * Creates the check that decides an operation by the rules of a schema. An operation that passes can still have fields that
 * the guard denies while it runs.
 *
 * @param guarded - the schema that is executed
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

/** The error of an operation that was refused before anything of it ran. */
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
    // The challenge of an anonymous caller says where to get a token, and not yet with which scope (RFC 6750 §3.1).
    ...(code !== 'UNAUTHENTICATED' && { challengeScope }),
  };
  return new ClaimgateError(code, describeDenials(code, refusal.denials, principal), { evidence });
}
