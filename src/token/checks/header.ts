import type { KeyHint } from '../../issuer/key-set.ts';
import { refused } from '../refusal.ts';
import type { Candidate, CheckName } from './stages.ts';

/** One requirement of a header. */
interface HeaderCheck extends CheckName {
  /** The header parameter. */
  readonly claim: string;
  /** The reason in the error message, as the end of a sentence. */
  readonly fault: string | ((candidate: Candidate) => string);
  readonly check: (candidate: Candidate) => boolean;
}

/**
 * The checks of a JOSE header, in order. The verifier never reads `jku`, `jwk`, `x5u` and `x5c`, so these parameters
 * have no check (RFC 8725 §3.10).
 */
const checks: readonly HeaderCheck[] = [
  {
    name: 'algorithm',
    claim: 'alg',
    // Names are case-sensitive (RFC 7515 §4.1.1). No spelling of `none` is accepted.
    section: 'RFC 8725 §3.1',
    fault: 'its algorithm (alg) is not accepted of its issuer',
    check: ({ header: { alg }, issuer }) => issuer.algorithms.some((name) => name === alg),
  },
  {
    name: 'type',
    claim: 'typ',
    // An ID token or a DPoP proof is not an access token.
    section: 'RFC 9068 §4, RFC 8725 §3.11',
    fault: ({ issuer }) =>
      `its type (typ) is not that of an access token; expected ${issuer.typ.map((typ) => typ ?? 'none').join(' or ')}`,
    check: ({ header: { typ }, issuer }) => issuer.typ.some((name) => isType(typ, name)),
  },
  {
    name: 'critical extensions',
    claim: 'crit',
    // A verifier must understand every critical extension. This verifier supports none.
    section: 'RFC 7515 §4.1.11',
    fault: 'its header has a critical extension (crit)',
    check: ({ header }) => !Object.hasOwn(header, 'crit'),
  },
  {
    name: 'unencoded payload',
    claim: 'b64',
    // `b64` requires `crit` (§6), and a JWT must not have it (§7).
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
 * Checks that the header of a token has values that are accepted for its issuer.
 *
 * @returns the algorithm and key ID that the header names
 * @throws ClaimgateError `INVALID_TOKEN`
 */
export function checkHeader(candidate: Candidate): KeyHint {
  for (const { check, claim, fault } of checks) {
    if (check(candidate)) continue;
    throw refused(typeof fault === 'string' ? fault : fault(candidate), { claim, reason: 'unacceptable' });
  }
  const { alg, kid } = candidate.header;
  return { alg: String(alg), ...(typeof kid === 'string' && { kid }) };
}

/**
 * Whether `typ` is the media type `name`. Case and the prefix `application/` are ignored (RFC 7515 §4.1.9). If `name`
 * is null, `typ` must be absent.
 */
function isType(typ: unknown, name: string | null): boolean {
  if (name === null) return typ === undefined;
  return typeof typ === 'string' && bare(typ) === bare(name);
}

function bare(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '');
}
