import { createLocalJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { ProviderOptions } from '../options.ts';

/**
 * Whether a JWT has the type of access tokens in its header (RFC 9068 §2.1).
 *
 * @param token a JWT whose header the library has read before
 */
export function isAccessToken(token: string): boolean {
  return decodeProtectedHeader(token).typ === 'at+jwt';
}

/**
 * Returns a function that verifies an access token of this server and returns its claims. The token may be for any of
 * our APIs. The function returns null if this server did not issue the token, if its key is no longer published, or if
 * the token has expired. It does not check whether the token was revoked.
 *
 * @param clockToleranceSeconds how long an expired token is accepted, in seconds
 */
export function accessTokenReader(
  {
    issuer,
    audience,
    resources,
    keys,
    now,
  }: Pick<ProviderOptions, 'issuer' | 'audience' | 'resources' | 'keys' | 'now'>,
  clockToleranceSeconds: number,
): (token: string) => Promise<JWTPayload | null> {
  const published = createLocalJWKSet({ keys: keys.map(({ publicJwk }) => publicJwk) });
  const algorithms = keys.map(({ alg }) => alg);
  return async (token) => {
    const audiences = [audience, ...resources.map((resource) => resource.audience)];
    const expected = { issuer, audience: audiences, typ: 'at+jwt', algorithms, clockTolerance: clockToleranceSeconds };
    try {
      const { payload } = await jwtVerify(token, published, { ...expected, currentDate: new Date(now()) });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  };
}
