import type { ErrorCode } from '../../../src/errors.ts';
import type { World } from './world.ts';

/** One token, and its expected verdict. */
export interface TokenCase {
  /** The case's ID in test/conformance/README.md. */
  readonly id: string;
  /** The specification that requires the verdict. */
  readonly section: string;
  /** How the token is made. */
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
  /** The error code that the verifier throws. */
  readonly code: ErrorCode;
  /** A pattern for the error message. */
  readonly reason: RegExp;
  /** What the server answers; `null` if no HTTP header can contain the token (RFC 9110 §5.5). */
  readonly answer: { readonly status: number; readonly code: ErrorCode | null } | null;
}

/** Tokens by specification, then by how they are made. */
type Rows = Readonly<Record<string, Readonly<Record<string, (world: World) => string>>>>;

/** Makes cases of valid tokens. */
export function accepted(id: string, rows: Rows, changes: Partial<Accepted> = {}): readonly TokenCase[] {
  return list(id, rows, { is: 'accepted', subject: 'ada', scopes: ['orders:read', 'profile'], ...changes });
}

/** Makes cases of well-formed tokens that the verifier refuses. */
export function refused(id: string, reason: RegExp, rows: Rows): readonly TokenCase[] {
  const code = 'INVALID_TOKEN';
  return list(id, rows, { is: 'refused', code, reason, answer: { status: 401, code } });
}

/**
 * Makes cases of texts that are not valid after `Bearer` (RFC 6750 §2.1). The request is refused before the token is
 * parsed.
 */
export function malformed(id: string, reason: RegExp, rows: Rows): readonly TokenCase[] {
  const answer = { status: 400, code: 'INVALID_REQUEST' } as const;
  return list(id, rows, { is: 'refused', code: 'INVALID_TOKEN', reason, answer });
}

/** Makes cases of tokens longer than the headers that Node.js accepts. Node.js answers them itself. */
export function oversized(id: string, rows: Rows): readonly TokenCase[] {
  const answer = { status: 431, code: null };
  return list(id, rows, { is: 'refused', code: 'INVALID_TOKEN', reason: /too long/, answer });
}

/** Makes cases of texts that no HTTP header can contain. */
export function unsendable(id: string, reason: RegExp, rows: Rows): readonly TokenCase[] {
  return list(id, rows, { is: 'refused', code: 'INVALID_TOKEN', reason, answer: null });
}

function list(id: string, rows: Rows, verdict: TokenCase['verdict']): readonly TokenCase[] {
  return Object.entries(rows).flatMap(([section, tokens]) =>
    Object.entries(tokens).map(([made, make]) => ({ id, section, made, make, verdict })),
  );
}

/** Returns the test title of a case. */
export function nameOf({ id, section, made, verdict }: TokenCase): string {
  return `${id} ${section} ${made}: ${verdict.is === 'accepted' ? 'accepted' : verdict.code}`;
}
