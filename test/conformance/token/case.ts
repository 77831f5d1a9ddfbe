import type { ErrorCode } from '../../../src/errors.ts';
import type { World } from './world.ts';

/** One named token, and what becomes of it. */
export interface TokenCase {
  /** The case's ID in the list of what must be shown. */
  readonly id: string;
  /** The specification that decides. */
  readonly section: string;
  /** What is special about it: how it is made. */
  readonly made: string;
  readonly make: (world: World) => string;
  readonly verdict: Accepted | Refused;
}

export interface Accepted {
  readonly is: 'accepted';
  readonly subject: string;
  /** In alphabetical order. */
  readonly scopes: readonly string[];
}

export interface Refused {
  readonly is: 'refused';
  /** What the verifier throws. */
  readonly code: ErrorCode;
  /** What the message says of it. */
  readonly reason: RegExp;
  /** What the server answers; `null` where no HTTP header can hold the token (RFC 9110 §5.5). */
  readonly answer: { readonly status: number; readonly code: ErrorCode | null } | null;
}

/** Tokens by specification, then by how they are made. */
type Rows = Readonly<Record<string, Readonly<Record<string, (world: World) => string>>>>;

/** Tokens that are in order. */
export function accepted(id: string, rows: Rows, changes: Partial<Accepted> = {}): readonly TokenCase[] {
  return list(id, rows, { is: 'accepted', subject: 'ada', scopes: ['orders:read', 'profile'], ...changes });
}

/** Tokens that a client may well send, and that are no good. */
export function refused(id: string, reason: RegExp, rows: Rows): readonly TokenCase[] {
  const code = 'INVALID_TOKEN';
  return list(id, rows, { is: 'refused', code, reason, answer: { status: 401, code } });
}

/** What has no place behind `Bearer` (RFC 6750 §2.1): the request is refused before anybody looks at the token. */
export function malformed(id: string, reason: RegExp, rows: Rows): readonly TokenCase[] {
  const answer = { status: 400, code: 'INVALID_REQUEST' } as const;
  return list(id, rows, { is: 'refused', code: 'INVALID_TOKEN', reason, answer });
}

/** Tokens longer than the headers that Node reads: it answers by itself. */
export function oversized(id: string, rows: Rows): readonly TokenCase[] {
  const answer = { status: 431, code: null };
  return list(id, rows, { is: 'refused', code: 'INVALID_TOKEN', reason: /too long/, answer });
}

/** Texts that no HTTP header can hold. */
export function unsendable(id: string, reason: RegExp, rows: Rows): readonly TokenCase[] {
  return list(id, rows, { is: 'refused', code: 'INVALID_TOKEN', reason, answer: null });
}

function list(id: string, rows: Rows, verdict: TokenCase['verdict']): readonly TokenCase[] {
  return Object.entries(rows).flatMap(([section, tokens]) =>
    Object.entries(tokens).map(([made, make]) => ({ id, section, made, make, verdict })),
  );
}

/** What a test of this token is called. */
export function nameOf({ id, section, made, verdict }: TokenCase): string {
  return `${id} ${section} ${made}: ${verdict.is === 'accepted' ? 'accepted' : verdict.code}`;
}
