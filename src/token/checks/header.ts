import type { KeyHint } from '../../issuer/key-set.ts';
import { refused } from '../refusal.ts';
import type { Candidate, CheckName } from './stages.ts';

/** One thing that must hold of a header. */
interface HeaderCheck extends CheckName {
  /** The header parameter. */
  readonly claim: string;
  /** What is wrong where it does not hold, as the end of a sentence. */
  readonly fault: string;
  readonly check: (candidate: Candidate) => boolean;
}

/** The checks of a JOSE header, in order. `jku`, `jwk`, `x5u` and `x5c` are not among them: they are never read (RFC 8725 §3.10). */
const checks: readonly HeaderCheck[] = [
  {
    name: 'algorithm',
    claim: 'alg',
    // Names are case-sensitive, so that no casing of `none` is accepted (RFC 7515 §4.1.1).
    section: 'RFC 8725 §3.1',
    fault: 'its algorithm (alg) is not accepted of its issuer',
    check: ({ header: { alg }, issuer }) => issuer.algorithms.some((name) => name === alg),
  },
  {
    name: 'type',
    claim: 'typ',
    // An ID token or a DPoP proof is not an access token.
    section: 'RFC 9068 §4, RFC 8725 §3.11',
    fault: 'its type (typ) is not that of an access token',
    check: ({ header: { typ }, issuer }) => issuer.typ.some((name) => isType(typ, name)),
  },
  {
    name: 'critical extensions',
    claim: 'crit',
    // What is critical must be understood, and no extension is.
    section: 'RFC 7515 §4.1.11',
    fault: 'its header has a critical extension (crit)',
    check: ({ header }) => !Object.hasOwn(header, 'crit'),
  },
  {
    name: 'unencoded payload',
    claim: 'b64',
    // Only with `crit` (§6), and never in a JWT (§7).
    section: 'RFC 7797 §6, §7',
    fault: 'its header has an unencoded payload (b64)',
    check: ({ header }) => !Object.hasOwn(header, 'b64'),
  },
  {
    name: 'key ID',
    claim: 'kid',
    section: 'RFC 7515 §4.1.4',
    fault: 'its key ID (kid) is not a string',
    check: ({ header: { kid } }) => kid === undefined || typeof kid === 'string',
  },
];

/**
 * Checks a token's header against what its issuer may send.
 *
 * @returns what the header says about the key
 * @throws ClaimgateError `INVALID_TOKEN`
 */
export function checkHeader(candidate: Candidate): KeyHint {
  for (const { check, claim, fault } of checks) {
    if (!check(candidate)) throw refused(fault, { claim, reason: 'unacceptable' });
  }
  const { alg, kid } = candidate.header;
  return { alg: String(alg), ...(typeof kid === 'string' && { kid }) };
}

/** Media types are compared in any case, and `application/` may be left out (RFC 7515 §4.1.9). A null name stands for no type. */
function isType(typ: unknown, name: string | null): boolean {
  if (name === null) return typ === undefined;
  return typeof typ === 'string' && bare(typ) === bare(name);
}

function bare(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '');
}
