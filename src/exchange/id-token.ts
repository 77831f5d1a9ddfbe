import { createHash } from 'node:crypto';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose';
import { readPublishedJwk } from '../protocol/published-jwk.ts';
import { asymmetricAlgorithms } from '../protocol/algorithms.ts';

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
  keys: JSONWebKeySet,
  expected: IdTokenExpectations,
): Promise<IdTokenVerdict> {
  if (idToken.length > longestIdToken) return unacceptable;
  try {
    const { payload, protectedHeader } = await verify(idToken, usable(keys), {
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

/** RFC 7517 §5: a key that is not understood, or that nothing can be verified by safely, keeps none of the others from being used. */
function usable({ keys }: JSONWebKeySet): JSONWebKeySet {
  return {
    keys: keys.flatMap((key) => {
      const read = readPublishedJwk(key);
      if (typeof read === 'string') return [];
      const { members, alg, kid } = read;
      return [{ ...members, ...(alg !== undefined && { alg }), ...(kid !== undefined && { kid }) }];
    }),
  };
}

const unacceptable = { ok: false, reason: 'unacceptable' } as const;

/** A token without `kid` may fit several keys: each is tried. */
async function verify(idToken: string, keys: JSONWebKeySet, options: JWTVerifyOptions) {
  try {
    return await jwtVerify(idToken, createLocalJWKSet(keys), options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return await jwtVerify(idToken, key, options);
      } catch (cause) {
        if (!(cause instanceof errors.JWSSignatureVerificationFailed)) throw cause;
      }
    }
    throw new errors.JWKSNoMatchingKey();
  }
}

/** An access token, a logout token or a DPoP proof is none. */
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
