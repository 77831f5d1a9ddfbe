import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { revokeAccessToken } from '../../identity/grants/access-tokens.ts';
import type { ProviderOptions } from '../options.ts';
import { changingIn, factOf } from '../audit.ts';
import { accessTokenReader, isAccessToken } from '../tokens/own-access-tokens.ts';

type RevocationEndpointOptions = Pick<
  ProviderOptions,
  'issuer' | 'audience' | 'resources' | 'keys' | 'store' | 'now' | 'onFault' | 'changing'
>;

/** The verifier accepts a token for this time after its expiry. The token must be revocable until then. */
const clockToleranceSeconds = 60;

/**
 * Makes the revocation endpoint (RFC 7009) accept our access tokens, which are JWTs. The library authenticates the
 * client and then rejects every JWT. This function handles the rejected requests.
 *
 * For an unknown, forged or expired access token, and for a token of another client, nothing is revoked. The answer is
 * 200, as for a valid token (§2.1, §2.2). A JWT of another type stays rejected. The grant and its refresh token stay
 * valid.
 */
export function revokeJwtAccessTokens(provider: Provider, options: RevocationEndpointOptions): void {
  const rejected = new WeakMap<object, KoaContextWithOIDC['oidc']>();
  provider.on('revocation.error', (ctx, { error }) => {
    if (error === 'unsupported_token_type') rejected.set(ctx, ctx.oidc);
  });
  const claimsOf = accessTokenReader(options, clockToleranceSeconds);
  provider.use(async (ctx, next) => {
    await next();
    const { client, params } = rejected.get(ctx) ?? {};
    const token = params?.token;
    if (!client || typeof token !== 'string' || !isAccessToken(token)) return;
    try {
      const claims = await claimsOf(token);
      if (claims?.jti !== undefined && claims.client_id === client.clientId) {
        const { jti, exp = 0 } = claims; // Each of our tokens has `exp`.
        const parties = { accountId: claims.sub, clientId: client.clientId };
        await changingIn(options)(
          (transaction) => revokeAccessToken(transaction, jti, options.now(), exp * 1_000),
          // If the token was revoked before, no fact is written, because a client can send it any number of times.
          (ended) => (ended ? factOf('token_revoked', parties, `access token ${jti}`) : null),
        );
      }
      ctx.remove('content-type');
      ctx.status = 200;
      ctx.body = '';
    } catch (error) {
      options.onFault(error instanceof Error ? error : new Error('revocation failed', { cause: error }));
      // RFC 7009 §2.2.1: after 503, the client must assume that the token still exists.
      ctx.set('retry-after', '1');
      ctx.status = 503;
      ctx.body = { error: 'temporarily_unavailable', error_description: 'the token could not be revoked: try again' };
    }
  });
}
