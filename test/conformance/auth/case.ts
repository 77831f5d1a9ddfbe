import type { Caller } from '../../support/callers.ts';
import type { DenialCode } from '../../../src/auth/decide/denial.ts';

/** One way of asking, and what comes of it. */
export interface AuthCase {
  /** The case's ID in the list of what must be shown. */
  readonly id: string;
  readonly name: string;
  readonly document: string;
  readonly operationName?: string;
  /** As sent. */
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly outcome: Outcome;
}

export type Outcome = Answered | Refused | Stopped;

/** The operation runs, perhaps with parts of it denied. */
export interface Answered {
  readonly is: 'answered';
  readonly data: unknown;
  /** The coordinate of each error, in their order; the errors of one selection over HTTP are one. */
  readonly denied: readonly string[];
  /** Coordinates of resolvers that must not have run. Default: those that were denied. */
  readonly unrun?: readonly string[];
}

/** Nothing runs: a transport answers with a status, and the guard alone leaves no data. */
export interface Refused {
  readonly is: 'refused';
  readonly code: DenialCode;
  /** What the refusal names, in any order. */
  readonly denied: readonly string[];
}

/** A dynamic rule denies a root field of a mutation: nothing runs, and no root field has data. */
export interface Stopped {
  readonly is: 'stopped';
  readonly denied: readonly string[];
}

export const statusOf: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  STEP_UP_REQUIRED: 401,
  FORBIDDEN: 403,
};

/** A case that is not yet shown, and why. */
export interface LaterCase {
  readonly id: string;
  readonly later: string;
}

export const laterCases: readonly LaterCase[] = [
  { id: 'B-11', later: '_entities(representations:) comes with Federation, which is an issue of its own' },
];

export function answered(data: unknown, denied: readonly string[] = [], unrun?: readonly string[]): Answered {
  return { is: 'answered', data, denied, ...(unrun && { unrun }) };
}

/** Refused to a caller whose token does not do. */
export function forbidden(...denied: readonly string[]): Refused {
  return { is: 'refused', code: 'FORBIDDEN', denied };
}

export function unauthenticated(...denied: readonly string[]): Refused {
  return { is: 'refused', code: 'UNAUTHENTICATED', denied };
}

export function stepUp(...denied: readonly string[]): Refused {
  return { is: 'refused', code: 'STEP_UP_REQUIRED', denied };
}

export function stopped(...denied: readonly string[]): Stopped {
  return { is: 'stopped', denied };
}

/** A caller with these scopes. */
export function has(...scopes: readonly string[]): Caller {
  return { scopes };
}

/** A caller with these claims. */
export function claiming(claims: Readonly<Record<string, unknown>>): Caller {
  return { claims };
}

type Row = readonly [document: string, caller: Caller, outcome: Outcome, variables?: Readonly<Record<string, unknown>>];

/** Rows by what is special about them. */
export function rows(id: string, table: Readonly<Record<string, Row>>): readonly AuthCase[] {
  return Object.entries(table).map(([name, [document, caller, outcome, variables]]) => ({
    id,
    name,
    document,
    caller,
    outcome,
    ...(variables && { variables }),
  }));
}

/** What a test of this case is called. */
export function nameOf({ id, name, outcome }: AuthCase): string {
  const end = outcome.is === 'refused' ? outcome.code : outcome.denied.length > 0 ? 'denied in part' : 'answered';
  return `${id} ${name}: ${outcome.is === 'stopped' ? 'nothing runs' : end}`;
}
