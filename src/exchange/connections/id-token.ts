import { createHash } from 'node:crypto';
import {
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type JWTVerifyOptions,
  type JWTVerifyResult,
} from 'jose';
import type { KeySet } from '../../issuer/key-set.ts';
import { asymmetricAlgorithms } from '../../protocol/keys/algorithms.ts';

/** The algorithms of ID tokens that are accepted by default: all asymmetric algorithms. */
export const idTokenAlgorithms: readonly string[] = asymmetricAlgorithms;

/** The values that an ID token must match. */
export interface IdTokenExpectations {
  readonly issuer: string;
  readonly clientId: string;
  readonly algorithms: readonly string[];
  /** The access token that was issued together with the ID token. */
  readonly accessToken: string;
  /** The nonce of the authorization request. */
  readonly nonce: string;
  /**
   * Only for a refresh: `sub` of the first ID token. In a refresh, the nonce may be missing (OpenID Connect Core
   * §12.2).
   */
  readonly subject?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type IdTokenVerdict =
  | { readonly ok: true; readonly subject: string }
  /** `unknown-key`: the signing key may be newer than the known keys. */
  | { readonly ok: false; readonly reason: 'unknown-key' | 'nonce' | 'unacceptable' };

/** How far the issuer's clock may differ. */
const clockToleranceSeconds = 30;
/** In characters. */
const maxIdTokenLength = 65_536;

/**
 * Checks an ID token (OpenID Connect Core §3.1.3.7): signature, algorithm, `typ`, `iss`, `aud`, `azp`, `exp`, `iat`,
 * `nonce`, `sub`, and `at_hash` if the token has it. `sub` is compared only for a refresh, otherwise it must be
 * present. Never throws.
 */
export async function checkIdToken(
  idToken: string,
  keys: Pick<KeySet, 'find'>,
  expected: IdTokenExpectations,
): Promise<IdTokenVerdict> {
  if (idToken.length > maxIdTokenLength) return unacceptable;
  try {
    const { payload, protectedHeader } = await verify(idToken, keys, {
      issuer: expected.issuer,
      audience: expected.clientId,
      algorithms: [...expected.algorithms],
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(expected.now),
    });
    const { sub, nonce } = payload;
    if (typeof sub !== 'string' || sub === '' || !isIdToken(protectedHeader.typ)) return unacceptable;
    if (!claimsMatch(payload, protectedHeader.alg, expected)) return unacceptable;
    if (expected.subject !== undefined && sub !== expected.subject) return unacceptable;
    const mayLackNonce = expected.subject !== undefined && nonce === undefined;
    if (nonce !== expected.nonce && !mayLackNonce) return { ok: false, reason: 'nonce' };
    return { ok: true, subject: sub };
  } catch (error) {
    return error instanceof errors.JWKSNoMatchingKey ? { ok: false, reason: 'unknown-key' } : unacceptable;
  }
}

const unacceptable = { ok: false, reason: 'unacceptable' } as const;

/**
 * Verifies a token with each key that fits. If the token has no `kid`, several keys may fit.
 *
 * @throws an error of jose. It is `JWKSNoMatchingKey` if no key fits, or if several keys fit and none verifies the
 * signature
 */
async function verify(
  idToken: string,
  keys: Pick<KeySet, 'find'>,
  options: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  const { alg, kid } = decodeProtectedHeader(idToken);
  if (alg === undefined || !options.algorithms?.includes(alg)) throw new errors.JOSEAlgNotAllowed();
  const found = await keys.find({ alg, ...(typeof kid === 'string' && { kid }) });
  for (const { key } of found) {
    try {
      return await jwtVerify(idToken, key, options);
    } catch (error) {
      // The signature is forged, or was made with a newer key. If only one key fits, the signature counts as forged.
      if (!(error instanceof errors.JWSSignatureVerificationFailed) || found.length === 1) throw error;
    }
  }
  throw new errors.JWKSNoMatchingKey();
}

/** Whether an ID token can have this `typ`. Access tokens, logout tokens and DPoP proofs have other types. */
function isIdToken(typ: string | undefined): boolean {
  return typ === undefined || /^(?:application\/)?jwt$/i.test(typ);
}

function claimsMatch(payload: JWTPayload, algorithm: string, { clientId, accessToken, now }: IdTokenExpectations) {
  const { aud, azp, iat = Number.POSITIVE_INFINITY, at_hash: hash } = payload;
  const hasSeveralAudiences = Array.isArray(aud) && aud.length > 1;
  if (azp === undefined ? hasSeveralAudiences : azp !== clientId) return false;
  if (iat > now / 1000 + clockToleranceSeconds) return false;
  return hash === undefined || hash === accessTokenHash(accessToken, algorithm);
}

/**
 * Returns the value of `at_hash` (OpenID Connect Core §3.1.3.6). It uses the hash of the signature algorithm. For
 * Ed25519, this hash is SHA-512.
 */
function accessTokenHash(accessToken: string, algorithm: string): string {
  const [bits = '512'] = /\d{3}$/.exec(algorithm.replace('Ed25519', '')) ?? [];
  const digest = createHash(`sha${bits}`).update(accessToken).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}
