import type { Principal } from '../principal.ts';
import type { AuditOutcome, AuditType } from './event-types.ts';

/**
 * One fact for the audit trail: what happened, for which field, and for which caller. It never contains a secret or
 * text that a caller sent.
 */
export interface AuditFact {
  readonly type: AuditType;
  readonly outcome: AuditOutcome;
  /** `Type.field` of the schema; null if the fact is not about one field. */
  readonly coordinate: string | null;
  /** The coordinate of the schema element whose rule decided; null if no rule decided, or the rule is unknown. */
  readonly rule: string | null;
  /**
   * The account of the caller. For a fact of the authorization server, the account that it concerns. Null if the caller
   * is anonymous, an operator, an application without a person, or a person of another issuer.
   */
  readonly accountId: string | null;
  /**
   * The client ID of the application that called, or whose grant or registration the fact concerns; null if there is
   * none.
   */
  readonly clientId: string | null;
  readonly detail: string | null;
}

/** A fact, and how often it happened within a few seconds. */
export interface CountedFact {
  readonly fact: AuditFact;
  readonly count: number;
  /** When it happened last, in milliseconds since the epoch. */
  readonly at: number;
}

/** What is known of the caller of a fact. An anonymous caller has neither an account nor a client. */
export type CallerKind = 'account' | 'client' | 'anonymous';

/** Returns what is known of the caller of a fact. */
export function callerKindOf({ accountId, clientId }: Pick<AuditFact, 'accountId' | 'clientId'>): CallerKind {
  if (accountId !== null) return 'account';
  return clientId === null ? 'anonymous' : 'client';
}

/** Returns the members of a fact that name its caller. */
export function callerOf(principal: Principal): Pick<AuditFact, 'accountId' | 'clientId'> {
  return {
    accountId: principal.kind === 'account' ? principal.accountId : null,
    clientId: principal.kind === 'anonymous' ? null : principal.clientId,
  };
}
