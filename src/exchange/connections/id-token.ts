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
import { asymmetricAlgorithms } from '../../protocol/algorithms.ts';

/** The algorithms of ID tokens that are accepted where a connection does not say which: all asymmetric ones. */
export const idTokenAlgorithms: readonly string[] = asymmetricAlgorithms;

/** What an ID token must say. */
export interface IdTokenExpectations {
  readonly issuer: string;
  readonly clientId: string;
  readonly algorithms: readonly string[];
  /** The one it came with. */
  readonly accessToken: string;
  /** The nonce of the authorization request. */
  readonly nonce: string;
  /** Where there was an ID token before: whom it named. Then a nonce may be missing (OpenID Connect Core §12.2). */
  readonly subject?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type IdTokenVerdict =
  | { readonly ok: true; readonly subject: string }
  /** `unknown-key`: it may be signed by a key that is newer than those at hand. */
  | { readonly ok: false; readonly reason: 'unknown-key' | 'nonce' | 'unacceptable' };

/** How far the issuer's clock may be off, in seconds. */
const clockTolerance = 30;
const longestIdToken = 65_536;

/**
 * Checks an ID token (OpenID Connect Core §3.1.3.7): signature, algorithm, `iss`, `aud`, `azp`, `exp`, `iat`, `nonce`, `sub`, and
 * `at_hash` where it is there.
 */
export async function checkIdToken(
  idToken: string,
  keys: Pick<KeySet, 'find'>,
  expected: IdTokenExpectations,
): Promise<IdTokenVerdict> {
  if (idToken.length > longestIdToken) return unacceptable;
  try {
    const { payload, protectedHeader } = await verify(idToken, keys, {
      issuer: expected.issuer,
      audience: expected.clientId,
      algorithms: [...expected.algorithms],
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
      clockTolerance,
      currentDate: new Date(expected.now),
    });
    const { sub, nonce } = payload;
    if (typeof sub !== 'string' || sub === '' || !isIdToken(protectedHeader.typ)) return unacceptable;
    if (!claimsFit(payload, protectedHeader.alg, expected)) return unacceptable;
    if (expected.subject !== undefined && sub !== expected.subject) return unacceptable;
    const mayLackNonce = expected.subject !== undefined && nonce === undefined;
    if (nonce !== expected.nonce && !mayLackNonce) return { ok: false, reason: 'nonce' };
    return { ok: true, subject: sub };
  } catch (error) {
    return error instanceof errors.JWKSNoMatchingKey ? { ok: false, reason: 'unknown-key' } : unacceptable;
  }
}

const unacceptable = { ok: false, reason: 'unacceptable' } as const;

/** Tries each key that fits: a token without `kid` may be of several. @throws an error of jose; `JWKSNoMatchingKey` where no key fits */
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
      // A forgery under the name of a key, or by a key that is newer than the several that were tried.
      if (!(error instanceof errors.JWSSignatureVerificationFailed) || found.length === 1) throw error;
    }
  }
  throw new errors.JWKSNoMatchingKey();
}

/** Whether the type is that of an ID token: an access token, a logout token and a DPoP proof have types of their own. */
function isIdToken(typ: string | undefined): boolean {
  return typ === undefined || /^(?:application\/)?jwt$/i.test(typ);
}

function claimsFit(payload: JWTPayload, algorithm: string, { clientId, accessToken, now }: IdTokenExpectations) {
  const { aud, azp, iat = Number.POSITIVE_INFINITY, at_hash: hash } = payload;
  const isForOthersToo = Array.isArray(aud) && aud.length > 1;
  if (azp === undefined ? isForOthersToo : azp !== clientId) return false;
  if (iat > now / 1000 + clockTolerance) return false;
  return hash === undefined || hash === accessTokenHash(accessToken, algorithm);
}

/** `at_hash` (OpenID Connect Core §3.1.3.6): with the hash of the algorithm, which for Ed25519 is SHA-512. */
function accessTokenHash(accessToken: string, algorithm: string): string {
  const [bits = '512'] = /\d{3}$/.exec(algorithm.replace('Ed25519', '')) ?? [];
  const digest = createHash(`sha${bits}`).update(accessToken).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
}
