import type { JWTPayload } from 'jose';
import type { AccessToken, Client, ClientCredentials, KoaContextWithOIDC, Provider, RefreshToken } from 'oidc-provider';
import { findAccount } from '../../identity/accounts/accounts.ts';
import { artifacts } from '../../store/artifacts/artifacts.ts';
import { isTokenRevoked } from '../../store/token/revocations.ts';
import type { ProviderOptions } from '../options.ts';
import { isAccessToken, reader } from './revocation.ts';

type Options = Pick<ProviderOptions, 'issuer' | 'audience' | 'resources' | 'keys' | 'store' | 'now' | 'onFault'>;

/** An inactive token has this and nothing else (RFC 7662 §2.2). */
const inactive = { active: false };

/**
 * Lets the introspection endpoint (RFC 7662) take our access tokens, which are JWTs: the library authenticates the client and
 * then refuses every JWT.
 *
 * Who may ask: an application that proves who it is, about its own tokens; and one that a resource names as its API's
 * (`introspectedBy`), about access tokens for that API. To anybody else's question a token is not active.
 */
export function introspectJwtAccessTokens(provider: Provider, options: Options): void {
  const refused = new WeakMap<object, KoaContextWithOIDC['oidc']>();
  provider.on('introspection.error', (ctx, { error }) => {
    if (error === 'unsupported_token_type') refused.set(ctx, ctx.oidc);
  });
  const claimsOf = reader(options, 0);
  provider.use(async (ctx, next) => {
    await next();
    if (isUnproven(ctx)) {
      ctx.status = 401;
      ctx.type = 'json';
      ctx.body = { error: 'invalid_client', error_description: 'introspection is for clients that prove who they are' };
      return;
    }
    const { client, params } = refused.get(ctx) ?? {};
    const token = params?.token;
    if (!client || typeof token !== 'string') return;
    try {
      ctx.status = 200;
      ctx.type = 'json';
      ctx.body = inactive;
      const claims = isAccessToken(token) ? await claimsOf(token) : null;
      if (claims && mayAsk(options, client, claims) && !(await isOver(options, claims))) ctx.body = described(claims);
    } catch (error) {
      options.onFault(error instanceof Error ? error : new Error('introspection failed', { cause: error }));
      ctx.set('retry-after', '1');
      ctx.status = 503;
      ctx.body = { error: 'temporarily_unavailable', error_description: 'the token could not be looked up: try again' };
    }
  });
}

/** RFC 7662 §2.1: whoever introspects proves who it is. The library lets public clients pass, which prove nothing. */
function isUnproven(ctx: { readonly path: string; readonly oidc?: KoaContextWithOIDC['oidc'] }): boolean {
  return ctx.oidc?.route === 'introspection' && ctx.oidc.client?.clientAuthMethod === 'none';
}

function mayAsk({ resources }: Options, client: Client, { client_id, aud }: JWTPayload): boolean {
  if (client_id === client.clientId) return true;
  return resources.some(({ audience, introspectedBy }) => audience === aud && introspectedBy === client.clientId);
}

/** Whether it was revoked, by itself or with its grant, session or account. */
function isOver({ store }: Options, { jti = '', sub = '', iat = 0, grant_id, sid }: JWTPayload): Promise<boolean> {
  return isTokenRevoked(store, {
    token: jti,
    account: sub,
    issuedAt: iat * 1_000,
    ...(typeof grant_id === 'string' && { grant: grant_id }),
    ...(typeof sid === 'string' && { session: sid }),
  });
}

/** RFC 7662 §2.2, RFC 9449 §6.2, RFC 9470 §6.2: what the token says, but for what concerns nobody but us. */
function described({ grant_id: _grant, sid: _session, ...claims }: JWTPayload): Record<string, unknown> {
  return { active: true, token_type: claims['cnf'] === undefined ? 'Bearer' : 'DPoP', ...claims };
}

/**
 * Whether a client may know of a token that is no JWT, and that token still counts: a refresh token of its own, not used, of an
 * account that is not disabled.
 */
export async function mayIntrospect(
  { store, now }: Pick<ProviderOptions, 'store' | 'now'>,
  client: Client,
  token: AccessToken | ClientCredentials | RefreshToken,
): Promise<boolean> {
  if (token.kind !== 'RefreshToken' || token.clientId !== client.clientId) return false;
  // One that was used a moment ago looks unused to the library (adapter.ts).
  const kept = await artifacts(store, 'RefreshToken', now).find(token.jti);
  const account = await findAccount(store, token.accountId ?? '');
  return kept?.consumedAt === null && account?.disabled === false;
}
