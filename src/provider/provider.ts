import { type Configuration, Provider } from 'oidc-provider';
import { findAccount } from '../identity/accounts/accounts.ts';
import { clientSigningAlgorithms } from '../identity/applications/client-keys.ts';
import { accessTokenClaims } from './tokens/access-token-claims.ts';
import { adapterFactory } from './adapter/adapter.ts';
import { nameBodyLimit } from './faults/body-limit.ts';
import { adaptClients, checkAssertionLifetime, isAnybodys } from './clients/authentication.ts';
import { bindInteractions } from './sign-in/browser-binding.ts';
import { anonymousSessionLifetime, cookiesFor, interactionLifetime, sessionLifetime } from './sign-in/cookies.ts';
import { carryCredentialEpoch } from './adapter/credential-epoch.ts';
import { stopDepartures } from './sign-in/departures.ts';
import { completeDiscovery } from './endpoints/discovery.ts';
import { takeEmptySecretAsNone } from './clients/empty-secret.ts';
import { endInOneTransaction } from './adapter/endings.ts';
import { errorPage } from './faults/error-page.ts';
import { contextOf } from './sign-in/factors.ts';
import { features } from './features.ts';
import { slowGuessing } from './clients/guessing.ts';
import { markIssued } from './clients/issue-marks.ts';
import { askWithoutScript } from './endpoints/logout.ts';
import { introspectJwtAccessTokens } from './endpoints/introspection.ts';
import type { ProviderOptions } from './options.ts';
import { refuseUnusableProofKeys } from './clients/proof-keys.ts';
import { rememberedGrant } from './sign-in/remembered-consent.ts';
import { boundParameters } from './endpoints/parameters.ts';
import { refuseOtherResource } from './tokens/resources.ts';
import { answerOutages } from './faults/outage.ts';
import { witness } from './audit.ts';
import { signInPolicy } from './sign-in/policy.ts';
import { nameMethods } from './endpoints/methods.ts';
import { revokeJwtAccessTokens } from './endpoints/revocation.ts';

/** Where the endpoints are, below the issuer. */
export const endpoints = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  revocation: '/oauth/revoke',
  introspection: '/oauth/introspect',
  pushed_authorization_request: '/oauth/par',
  jwks: '/oauth/jwks',
  end_session: '/oauth/logout',
} as const;

/** Where clients authenticate. */
const authenticating: ReadonlySet<string> = new Set([
  endpoints.token,
  endpoints.revocation,
  endpoints.introspection,
  endpoints.pushed_authorization_request,
]);

/** The methods of the endpoints that have one. */
const methods: Readonly<Record<string, 'GET' | 'POST'>> = {
  ...Object.fromEntries([...authenticating].map((path) => [path, 'POST'] as const)),
  [endpoints.authorization]: 'GET',
  [endpoints.jwks]: 'GET',
};

/** Where the pages of a sign-in are. */
export const interactionPath = '/interaction';

/**
 * The embedded authorization server: OAuth 2.0 and OpenID Connect, authorization code with PKCE S256 for every client,
 * access tokens that are JWTs of RFC 9068 for our API.
 */
export function createProvider(options: ProviderOptions): Provider {
  const provider = new Provider(options.issuer, configuration(options));
  adaptClients(provider, options.store);
  carryCredentialEpoch(provider);
  bindInteractions(provider);
  // What it prints of itself follows the forwarded headers, which http/ overwrites from our public URL.
  provider.proxy = true;
  boundParameters(provider, options.catalogue.size, takeEmptySecretAsNone(provider, authenticating));
  nameMethods(provider, methods);
  completeDiscovery(provider, options);
  nameBodyLimit(provider);
  answerOutages(provider);
  stopDepartures(provider, options);
  witness(provider, options);
  revokeJwtAccessTokens(provider, options);
  refuseUnusableProofKeys(provider);
  slowGuessing(provider, { ...options, issued: markIssued(provider, options.markSecret) });
  introspectJwtAccessTokens(provider, options);
  endInOneTransaction(provider, options);
  askWithoutScript(provider, options);
  provider.on('server_error', (_ctx, error) => options.onFault(error));
  // Koa would print what befalls a connection; that callers go away is no fault.
  provider.silent = true;
  return provider;
}

function configuration(options: ProviderOptions): Configuration {
  const { store, lifetimes } = options;
  const [signing] = options.keys;
  const context = contextOf(options.factors);
  const cookies = cookiesFor(options.issuer);
  return {
    adapter: adapterFactory({
      store,
      now: options.now,
      algorithm: signing.alg,
      grace: lifetimes.grace,
      ...(options.changing && { changing: options.changing }),
      ...(options.arrivedAt && { arrivedAt: options.arrivedAt }),
    }),
    jwks: { keys: options.keys.map(({ privateJwk }) => ({ ...privateJwk })) },
    cookies: {
      keys: [options.cookieKey],
      names: cookies.names,
      long: cookies.attributes,
      short: cookies.attributes,
    },
    routes: endpoints,
    ...(options.registrationPath && {
      discovery: { registration_endpoint: options.issuer + options.registrationPath },
    }),
    scopes: ['openid'],
    responseTypes: ['code'],
    subjectTypes: ['public'],
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    assertJwtClientAuthClaimsAndHeader: async (_ctx, claims, _header, client) =>
      checkAssertionLifetime(claims, options.now(), await isAnybodys(store, client.clientId)),
    clientBasedCORS: () => false,
    clientDefaults: { id_token_signed_response_alg: signing.alg },
    enabledJWA: {
      idTokenSigningAlgValues: [...new Set(options.keys.map(({ alg }) => alg))],
      clientAuthSigningAlgValues: [...clientSigningAlgorithms],
      // Names that the library does not know keep it from starting.
      dPoPSigningAlgValues: options.proofs.algorithms as NonNullable<
        Configuration['enabledJWA']
      >['dPoPSigningAlgValues'],
    },
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: () => true },
    rotateRefreshToken: (ctx) => {
      refuseOtherResource(ctx);
      return true;
    },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    // Each yes is a grant of its own.
    loadExistingGrant: async (ctx) => {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? rememberedGrant(options, ctx) : ctx.oidc.provider.Grant.find(grantId);
    },
    findAccount: async (_ctx, id) => {
      const account = await findAccount(store, id);
      if (!account || account.disabled) return undefined;
      return { accountId: account.id, claims: async () => ({ sub: account.id }) };
    },
    extraTokenClaims: accessTokenClaims,
    renderError: errorPage,
    acrValues: [context],
    interactions: {
      url: (_ctx, interaction) => `${interactionPath}/${interaction.uid}`,
      policy: signInPolicy(context),
    },
    ttl: {
      AuthorizationCode: lifetimes.code,
      AccessToken: lifetimes.access,
      ClientCredentials: lifetimes.access,
      IdToken: lifetimes.access,
      RefreshToken: lifetimes.refresh,
      Grant: lifetimes.refresh,
      Interaction: interactionLifetime,
      Session: (_ctx, { accountId }) => (accountId === undefined ? anonymousSessionLifetime : sessionLifetime),
    },
    features: features(options),
  };
}
