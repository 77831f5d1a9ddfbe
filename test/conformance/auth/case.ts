import type { Caller } from '../../support/callers.ts';
import type { DenialCode } from '../../../src/auth/decide/denial.ts';

/** One request to the schema, and its expected outcome. */
export interface AuthCase {
  /** The case's ID in test/conformance/README.md. */
  readonly id: string;
  readonly name: string;
  readonly document: string;
  readonly operationName?: string;
  /** The variables as the client sends them. */
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly outcome: Outcome;
}

export type Outcome = Answered | Refused | Stopped;

/** The operation runs. Some of its parts may be denied. */
export interface Answered {
  readonly is: 'answered';
  readonly data: unknown;
  /** The coordinate of each error, in order. Over HTTP, the errors of one selection are reported as one error. */
  readonly denied: readonly string[];
  /** Coordinates of resolvers that must not have run. Default: the denied ones. */
  readonly unrun?: readonly string[];
}

/** Nothing runs: a transport answers with an error status. If only the guard decides, the result has no data. */
export interface Refused {
  readonly is: 'refused';
  readonly code: DenialCode;
  /** The coordinates that the refusal names, in any order. */
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

/** A case without a test, and the reason. */
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

/** The refusal of a caller whose token lacks a permission. */
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

/** Makes cases from a table whose keys describe what is special about each case. */
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

/** Returns the test title of a case. */
export function nameOf({ id, name, outcome }: AuthCase): string {
  const end = outcome.is === 'refused' ? outcome.code : outcome.denied.length > 0 ? 'denied in part' : 'answered';
  return `${id} ${name}: ${outcome.is === 'stopped' ? 'nothing runs' : end}`;
}
