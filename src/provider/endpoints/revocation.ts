import { createLocalJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { revokeAccessToken } from '../../identity/grants/access-tokens.ts';
import type { ProviderOptions } from '../options.ts';
import { changingIn, factOf } from '../audit.ts';

type Options = Pick<
  ProviderOptions,
  'issuer' | 'audience' | 'resources' | 'keys' | 'store' | 'now' | 'onFault' | 'changing'
>;

/**
 * Lets the revocation endpoint (RFC 7009) take our own access tokens, which are JWTs. The library authenticates the client and
 * then refuses every JWT; what it refused for that reason is taken up here.
 *
 * An unknown, forged or expired access token, or one of another client, is answered as if it had been revoked and nothing
 * happens to it (§2.1, §2.2). A JWT of another type is refused as before. Its grant and refresh token stay.
 */
export function revokeJwtAccessTokens(provider: Provider, options: Options): void {
  const refused = new WeakMap<object, KoaContextWithOIDC['oidc']>();
  provider.on('revocation.error', (ctx, { error }) => {
    if (error === 'unsupported_token_type') refused.set(ctx, ctx.oidc);
  });
  const claimsOf = reader(options, clockTolerance);
  provider.use(async (ctx, next) => {
    await next();
    const { client, params } = refused.get(ctx) ?? {};
    const token = params?.token;
    if (!client || typeof token !== 'string' || !isAccessToken(token)) return;
    try {
      const claims = await claimsOf(token);
      if (claims?.jti !== undefined && claims.client_id === client.clientId) {
        const { jti, exp = 0 } = claims; // Each of ours has one.
        const parties = { accountId: claims.sub, clientId: client.clientId };
        await changingIn(options)(
          (transaction) => revokeAccessToken(transaction, jti, options.now(), exp * 1_000),
          // Evidence is of what ended: a token can be sent here as often as its holder likes.
          (ended) => (ended ? factOf('token_revoked', parties, `access token ${jti}`) : null),
        );
      }
      ctx.remove('content-type');
      ctx.status = 200;
      ctx.body = '';
    } catch (error) {
      options.onFault(error instanceof Error ? error : new Error('revocation failed', { cause: error }));
      // RFC 7009 §2.2.1: the client must assume that the token still exists.
      ctx.set('retry-after', '1');
      ctx.status = 503;
      ctx.body = { error: 'temporarily_unavailable', error_description: 'the token could not be revoked: try again' };
    }
  });
}

/** Whether it says it is one (RFC 9068 §2.1). The library has read its header before. */
export function isAccessToken(token: string): boolean {
  return decodeProtectedHeader(token).typ === 'at+jwt';
}

/** A token is accepted for some seconds after it has run out: so long it must be possible to revoke it. In seconds. */
const clockTolerance = 60;

/**
 * Reads the claims of an access token of ours, for whichever API; null where it is none, or has expired.
 *
 * @param clockTolerance for how many seconds after it has expired it is still read
 */
export function reader(
  { issuer, audience, resources, keys, now }: Options,
  clockTolerance: number,
): (token: string) => Promise<JWTPayload | null> {
  const published = createLocalJWKSet({ keys: keys.map(({ publicJwk }) => publicJwk) });
  const algorithms = keys.map(({ alg }) => alg);
  return async (token) => {
    const audiences = [audience, ...resources.map((resource) => resource.audience)];
    const expected = { issuer, audience: audiences, typ: 'at+jwt', algorithms, clockTolerance };
    try {
      const { payload } = await jwtVerify(token, published, { ...expected, currentDate: new Date(now()) });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  };
}
