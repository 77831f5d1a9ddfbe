import type { Issuer } from '../issuers/issuer.ts';
import type { KeyHint } from '../../issuer/key-set.ts';
import { refused } from '../refusal.ts';

type Header = Readonly<Record<string, unknown>>;

/** The checks of a JOSE header, in order. `jku`, `jwk`, `x5u` and `x5c` are on no list: nobody reads them (RFC 8725 §3.10). */
const checks: readonly (readonly [reason: string, holds: (header: Header, issuer: Issuer) => boolean])[] = [
  // RFC 8725 §3.1. Names are case-sensitive, so no casing of `none` gets anywhere (RFC 7515 §4.1.1).
  [
    'its algorithm (alg) is not accepted of its issuer',
    ({ alg }, { algorithms }) => algorithms.some((name) => name === alg),
  ],
  // RFC 9068 §4, RFC 8725 §3.11: an ID token or a DPoP proof is no access token.
  ['its type (typ) is not that of an access token', ({ typ }, issuer) => issuer.typ.some((name) => isType(typ, name))],
  // RFC 7515 §4.1.11: what is critical must be understood, and no extension is.
  ['its header has a critical extension (crit)', (header) => !Object.hasOwn(header, 'crit')],
  // RFC 7797 §6: only with `crit`, and never in a JWT (§7).
  ['its header has an unencoded payload (b64)', (header) => !Object.hasOwn(header, 'b64')],
  // RFC 7515 §4.1.4.
  ['its key ID (kid) is not a string', ({ kid }) => kid === undefined || typeof kid === 'string'],
];

/**
 * Checks a token's header against what its issuer may send.
 *
 * @returns what the header says about the key
 * @throws ClaimgateError `INVALID_TOKEN`
 */
export function checkHeader(header: Header, issuer: Issuer): KeyHint {
  for (const [reason, holds] of checks) if (!holds(header, issuer)) throw refused(reason);
  const { alg, kid } = header;
  return { alg: String(alg), ...(typeof kid === 'string' && { kid }) };
}

/** Media types are compared in any case, and `application/` may be left out (RFC 7515 §4.1.9); null stands for none. */
function isType(typ: unknown, name: string | null): boolean {
  if (name === null) return typ === undefined;
  return typeof typ === 'string' && bare(typ) === bare(name);
}

function bare(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '');
}
