import { StartError } from '../errors.ts';
import type { KeySource } from './keys.ts';
import { isSecureUrl } from './url.ts';

/** An issuer whose access tokens are accepted, as configured. */
export interface IssuerOptions {
  /** `iss`, compared as an exact string: a slash more or less is another issuer. https, or http on loopback. */
  readonly issuer: string;
  /** `aud`: a token must name at least one of these (RFC 9068 §4). Compared as exact strings. */
  readonly audience: readonly string[];
  /** The signature algorithms accepted (RFC 8725 §3.1), asymmetric ones only. */
  readonly algorithms: readonly string[];
  /** The media types accepted in `typ`, in any case, with or without `application/`. Default `['at+jwt']` (RFC 9068 §4). */
  readonly typ?: readonly string[];
  /** How far the issuer's clock may be off, in seconds, 0 to 300. Default 5. */
  readonly clockTolerance?: number;
  /** Where its keys come from: `localKeys` or `remoteKeys`. */
  readonly keys: KeySource;
  /** Whether its subjects are the accounts of this system. At most one issuer is primary. */
  readonly primary: boolean;
}

/** An issuer that was found in order, with its defaults filled in. */
export type Issuer = Required<IssuerOptions>;

const asymmetric = new Set('RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' '));

/**
 * Checks the issuers of a verifier.
 *
 * @returns the issuers by `iss`
 * @throws StartError with all faults of all issuers, each naming its issuer
 */
export function checkIssuers(options: readonly IssuerOptions[]): ReadonlyMap<string, Issuer> {
  const faults = options.flatMap((issuer) => faultsOf(issuer).map((fault) => `issuer "${issuer.issuer}": ${fault}`));
  const byName = new Map(options.map((issuer) => [issuer.issuer, withDefaults(issuer)]));
  if (options.length === 0) faults.push('issuers: at least one is needed, or no token could ever be accepted');
  if (byName.size < options.length) faults.push('issuers: each may be given once only');
  if (options.filter(({ primary }) => primary).length > 1) faults.push('issuers: at most one may be primary');
  if (faults.length > 0) throw new StartError(faults);
  return byName;
}

function withDefaults(options: IssuerOptions): Issuer {
  return { ...options, typ: options.typ ?? ['at+jwt'], clockTolerance: options.clockTolerance ?? 5 };
}

function faultsOf(options: IssuerOptions): string[] {
  const { issuer, audience, algorithms, typ, clockTolerance } = withDefaults(options);
  const faults: string[] = [];
  const url = URL.parse(issuer);
  if (!url || !isSecureUrl(url)) faults.push('must be an https URL (http on a loopback address only)');
  // RFC 8414 §2; and `https://ours@theirs/` is a URL of theirs.
  if (/[?#]/.test(issuer) || url?.username || url?.password) faults.push('must have no query, fragment or user');
  if (audience.length === 0 || audience.includes('')) faults.push('audience must name at least one, and none empty');
  if (algorithms.length === 0) faults.push('algorithms must name at least one');
  for (const algorithm of algorithms) {
    if (!asymmetric.has(algorithm)) {
      faults.push(`algorithm "${algorithm}" cannot be accepted: expected one of ${[...asymmetric].join(', ')}`);
    }
  }
  if (typ.length === 0 || typ.includes('')) faults.push('typ must name at least one, and none empty');
  if (!(clockTolerance >= 0 && clockTolerance <= 300)) faults.push('clockTolerance must be 0 to 300 seconds');
  return faults;
}
