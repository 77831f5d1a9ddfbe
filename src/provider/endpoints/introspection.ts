import type { JWTPayload } from 'jose';
import type { AccessToken, Client, ClientCredentials, KoaContextWithOIDC, Provider, RefreshToken } from 'oidc-provider';
import { findAccount } from '../../identity/accounts/accounts.ts';
import { artifactsOfModel } from '../../store/artifacts/artifacts.ts';
import { isTokenRevoked } from '../../store/token/revocations.ts';
import type { ProviderOptions } from '../options.ts';
import { accessTokenReader, isAccessToken } from '../tokens/own-access-tokens.ts';

type IntrospectionOptions = Pick<
  ProviderOptions,
  'issuer' | 'audience' | 'resources' | 'keys' | 'store' | 'now' | 'onFault'
>;

/** The answer for an inactive token. It has no other member (RFC 7662 §2.2). */
const inactive = { active: false };

/**
 * Makes the introspection endpoint (RFC 7662) accept our access tokens, which are JWTs. The library authenticates the
 * client and then rejects every JWT.
 *
 * An application that authenticates may introspect its own tokens. A resource can name one application in
 * `introspectedBy`. This application may introspect access tokens for the resource. For every other token, the answer
 * is that the token is not active.
 */
export function introspectJwtAccessTokens(provider: Provider, options: IntrospectionOptions): void {
  const rejected = new WeakMap<object, KoaContextWithOIDC['oidc']>();
  provider.on('introspection.error', (ctx, { error }) => {
    if (error === 'unsupported_token_type') rejected.set(ctx, ctx.oidc);
  });
  const claimsOf = accessTokenReader(options, 0);
  provider.use(async (ctx, next) => {
    await next();
    if (isPublicClient(ctx)) {
      ctx.status = 401;
      ctx.type = 'json';
      ctx.body = { error: 'invalid_client', error_description: 'introspection is for clients that prove who they are' };
      return;
    }
    const { client, params } = rejected.get(ctx) ?? {};
    const token = params?.token;
    if (!client || typeof token !== 'string') return;
    try {
      ctx.status = 200;
      ctx.type = 'json';
      ctx.body = inactive;
      const claims = isAccessToken(token) ? await claimsOf(token) : null;
      if (claims && mayAskAbout(options, client, claims) && !(await isRevoked(options, claims)))
        ctx.body = activeAnswer(claims);
    } catch (error) {
      options.onFault(error instanceof Error ? error : new Error('introspection failed', { cause: error }));
      ctx.set('retry-after', '1');
      ctx.status = 503;
      ctx.body = { error: 'temporarily_unavailable', error_description: 'the token could not be looked up: try again' };
    }
  });
}

/**
 * Whether a public client sent the request. RFC 7662 §2.1 requires authentication, but the library accepts public
 * clients.
 */
function isPublicClient(ctx: { readonly path: string; readonly oidc?: KoaContextWithOIDC['oidc'] }): boolean {
  return ctx.oidc?.route === 'introspection' && ctx.oidc.client?.clientAuthMethod === 'none';
}

function mayAskAbout({ resources }: IntrospectionOptions, client: Client, { client_id, aud }: JWTPayload): boolean {
  if (client_id === client.clientId) return true;
  return resources.some(({ audience, introspectedBy }) => audience === aud && introspectedBy === client.clientId);
}

/** Whether the token, its grant, its session or its account was revoked. */
function isRevoked(
  { store }: IntrospectionOptions,
  { jti = '', sub = '', iat = 0, grant_id, sid }: JWTPayload,
): Promise<boolean> {
  return isTokenRevoked(store, {
    token: jti,
    account: sub,
    issuedAt: iat * 1_000,
    ...(typeof grant_id === 'string' && { grant: grant_id }),
    ...(typeof sid === 'string' && { session: sid }),
  });
}

/**
 * Returns the claims of the token without the internal claims `grant_id` and `sid` (RFC 7662 §2.2, RFC 9449 §6.2, RFC
 * 9470 §6.2).
 */
function activeAnswer({ grant_id: _grant, sid: _session, ...claims }: JWTPayload): Record<string, unknown> {
  return { active: true, token_type: claims['cnf'] === undefined ? 'Bearer' : 'DPoP', ...claims };
}

/**
 * Finds out whether the client may introspect a token that is not a JWT. The token must be an unused refresh token of
 * this client, and its account must not be disabled.
 */
export async function mayIntrospectRefreshToken(
  { store, now }: Pick<ProviderOptions, 'store' | 'now'>,
  client: Client,
  token: AccessToken | ClientCredentials | RefreshToken,
): Promise<boolean> {
  if (token.kind !== 'RefreshToken' || token.clientId !== client.clientId) return false;
  // If the token was used a moment ago, the library does not know it (artifact-adapter.ts).
  const found = await artifactsOfModel(store, 'RefreshToken', now).find(token.jti);
  const account = await findAccount(store, token.accountId ?? '');
  return found?.consumedAt === null && account?.disabled === false;
}
