import { type Configuration, errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { findAccount } from '../identity/accounts.ts';
import { findApplicationWithSecret } from '../identity/applications.ts';
import { allowedScopes, grantableScopes, type ScopeCatalogue } from '../identity/scopes.ts';
import { secretMatches } from '../identity/secrets.ts';
import { type SigningKey, signingAlgorithm } from '../identity/signing-keys.ts';
import type { Store } from '../store/tables.ts';
import { accessTokenClaims } from './access-token-claims.ts';
import { adapterFactory } from './adapter.ts';
import { errorPage } from './error.ts';
import { answerOutages } from './outage.ts';
import { type Witnesses, witness } from './records.ts';
import { revokeJwtAccessTokens } from './token-revocation.ts';

/** How long things live, in seconds. */
export interface Lifetimes {
  /** An authorization code. Default 60. */
  readonly code: number;
  /** An access token. Default 600. */
  readonly access: number;
  /** A grant, and so its refresh tokens, from the consent on. Default 1,209,600: 14 days. */
  readonly refresh: number;
}

export interface ProviderOptions extends Witnesses {
  /** The issuer: our public URL, without a path. */
  readonly issuer: string;
  /** The resource indicator of our API, and the `aud` of its access tokens. */
  readonly audience: string;
  readonly store: Store;
  readonly catalogue: ScopeCatalogue;
  readonly lifetimes: Lifetimes;
  /** The first one signs; all are published. */
  readonly keys: readonly SigningKey[];
  /** Signs cookies. */
  readonly cookieKey: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of faults of the server; never of what a caller did wrong. */
  readonly onFault: (error: Error) => void;
}

/** Where the endpoints are, below the issuer. */
export const endpoints = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  revocation: '/oauth/revoke',
  jwks: '/oauth/jwks',
} as const;

/** Where the pages of a sign-in are. */
export const interactionPath = '/interaction';

/**
 * The embedded authorization server: OAuth 2.0 and OpenID Connect, authorization code with PKCE S256 for every client,
 * access tokens that are JWTs of RFC 9068 for our API.
 */
export function createProvider(options: ProviderOptions): Provider {
  const provider = new Provider(options.issuer, configuration(options));
  // Clients are known by the hash of their secret (adapter.ts).
  provider.Client.prototype.compareClientSecret = function compareClientSecret(
    this: { clientSecret?: string },
    secret,
  ) {
    return this.clientSecret !== undefined && secretMatches(secret, this.clientSecret);
  };
  // What it prints of itself follows the forwarded headers, which http/ overwrites from our public URL.
  provider.proxy = true;
  answerOutages(provider);
  witness(provider, options);
  revokeJwtAccessTokens(provider, options);
  provider.on('server_error', (_ctx, error) => options.onFault(error));
  // Koa would print what befalls a connection; that callers go away is no fault.
  provider.silent = true;
  return provider;
}

/** How long a sign-in may take from the first page on, and how long a browser stays signed in: seconds. */
const interactionLifetime = 60 * 60;
const sessionLifetime = 14 * 24 * 60 * 60;

function configuration(options: ProviderOptions): Configuration {
  const { store, audience, lifetimes } = options;
  return {
    adapter: adapterFactory({ store, audience, now: options.now }),
    jwks: { keys: options.keys.map(({ jwk }) => ({ ...jwk })) },
    cookies: {
      keys: [options.cookieKey],
      names: { session: 'claimgate_session', interaction: 'claimgate_interaction', resume: 'claimgate_resume' },
      long: { httpOnly: true, sameSite: 'lax', signed: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    routes: endpoints,
    scopes: ['openid'],
    responseTypes: ['code'],
    subjectTypes: ['public'],
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    clientBasedCORS: () => false,
    clientDefaults: { id_token_signed_response_alg: signingAlgorithm },
    enabledJWA: { idTokenSigningAlgValues: [signingAlgorithm] },
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    // Each authorization is a grant of its own, and each is asked for: none is found but the one just given.
    loadExistingGrant: async (ctx) => {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId);
    },
    findAccount: async (_ctx, id) => {
      const account = await findAccount(store, id);
      if (!account || account.disabled) return undefined;
      return { accountId: account.id, claims: async () => ({ sub: account.id }) };
    },
    extraTokenClaims: accessTokenClaims,
    renderError: errorPage,
    interactions: { url: (_ctx, interaction) => `${interactionPath}/${interaction.uid}` },
    ttl: {
      AuthorizationCode: lifetimes.code,
      AccessToken: lifetimes.access,
      IdToken: lifetimes.access,
      RefreshToken: lifetimes.refresh,
      Grant: lifetimes.refresh,
      Interaction: interactionLifetime,
      Session: sessionLifetime,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: async (ctx, resource, client) => {
          if (resource !== audience) throw new errors.InvalidTarget();
          return {
            audience,
            scope: [...(await scopesNow(options, ctx, client.clientId))].join(' '),
            accessTokenFormat: 'jwt',
            accessTokenTTL: lifetimes.access,
            jwt: { sign: { alg: signingAlgorithm } },
          };
        },
      },
    },
  };
}

/**
 * The scopes this request may yield: those of the application and, as soon as it is known who signs in, of the account
 * as it is now. This is asked at the authorization endpoint, at the exchange and at every refresh.
 */
async function scopesNow(
  { store, catalogue }: ProviderOptions,
  ctx: KoaContextWithOIDC,
  clientId: string,
): Promise<Set<string>> {
  const found = await findApplicationWithSecret(store, clientId);
  if (!found) return new Set();
  const { scopes } = found.application;
  const accountId = ctx.oidc.account?.accountId;
  if (accountId === undefined) return allowedScopes(catalogue, scopes);
  const account = await findAccount(store, accountId);
  return account ? grantableScopes(catalogue, scopes, account.roles) : new Set();
}
