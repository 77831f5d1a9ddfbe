import type { Configuration } from 'oidc-provider';
import { findAccount } from '../identity/accounts/accounts.ts';
import { clientSigningAlgorithms } from '../identity/applications/client-keys.ts';
import { adapterFactory } from './adapter/adapter.ts';
import { checkAssertionLifetime, isUnvettedClient } from './clients/authentication.ts';
import { errorPage } from './faults/error-page.ts';
import { features } from './features.ts';
import type { ProviderOptions } from './options.ts';
import { endpoints, interactionPath } from './paths.ts';
import {
  anonymousSessionLifetimeSeconds,
  cookiesFor,
  interactionLifetimeSeconds,
  sessionLifetimeSeconds,
} from './sign-in/cookies.ts';
import { acrOf } from './sign-in/factors.ts';
import { signInPolicy } from './sign-in/policy.ts';
import { rememberedGrant } from './sign-in/remembered-consent.ts';
import { accessTokenClaims } from './tokens/access-token-claims.ts';
import { refuseOtherResource } from './tokens/resources.ts';

/** Returns the library's configuration: storage, clients, sign-in, tokens, lifetimes and features. */
export function configuration(options: ProviderOptions): Configuration {
  const cookies = cookiesFor(options.issuer);
  return {
    adapter: storage(options),
    routes: endpoints,
    cookies: {
      keys: [options.cookieKey],
      names: cookies.names,
      long: cookies.attributes,
      short: cookies.attributes,
    },
    renderError: errorPage(options.frame),
    features: features(options),
    ...clientSettings(options),
    ...signInSettings(options),
    ...tokenSettings(options),
  };
}

function storage({ store, now, keys, lifetimes, changing, arrivedAt }: ProviderOptions): Configuration['adapter'] {
  return adapterFactory({
    store,
    now,
    algorithm: keys[0].alg,
    refreshGraceSeconds: lifetimes.grace,
    ...(changing && { changing }),
    ...(arrivedAt && { arrivedAt }),
  });
}

/** The settings for the registration, authentication and requests of clients. */
function clientSettings({
  store,
  issuer,
  keys,
  proofs,
  registrationPath,
  now,
  restoredAt = null,
}: ProviderOptions): Configuration {
  return {
    ...(registrationPath && { discovery: { registration_endpoint: issuer + registrationPath } }),
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    assertJwtClientAuthClaimsAndHeader: async (_ctx, claims, _header, client) =>
      checkAssertionLifetime(claims, {
        now: now(),
        isUnvetted: await isUnvettedClient(store, client.clientId),
        restoredAt,
      }),
    clientBasedCORS: () => false,
    clientDefaults: { id_token_signed_response_alg: keys[0].alg },
    enabledJWA: {
      idTokenSigningAlgValues: [...new Set(keys.map(({ alg }) => alg))],
      clientAuthSigningAlgValues: [...clientSigningAlgorithms],
      // If the library does not know a name, it throws at start.
      dPoPSigningAlgValues: proofs.algorithms as NonNullable<Configuration['enabledJWA']>['dPoPSigningAlgValues'],
    },
    allowOmittingSingleRegisteredRedirectUri: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
  };
}

/** The settings for sign-in and consent. */
function signInSettings(options: ProviderOptions): Configuration {
  const acr = acrOf(options.factors);
  return {
    scopes: ['openid'],
    subjectTypes: ['public'],
    acrValues: [acr],
    interactions: {
      url: (_ctx, interaction) => `${interactionPath}/${interaction.uid}`,
      policy: signInPolicy(acr),
    },
    findAccount: async (_ctx, id) => {
      const account = await findAccount(options.store, id);
      if (!account || account.disabled) return undefined;
      return { accountId: account.id, claims: async () => ({ sub: account.id }) };
    },
    // Each consent makes a new grant. By default the library would extend an earlier grant.
    loadExistingGrant: async (ctx) => {
      const grantId = ctx.oidc.result?.consent?.grantId;
      return grantId === undefined ? rememberedGrant(options, ctx) : ctx.oidc.provider.Grant.find(grantId);
    },
  };
}

/** The settings for tokens: their kinds, claims and lifetimes. */
function tokenSettings({ keys, lifetimes }: ProviderOptions): Configuration {
  return {
    jwks: { keys: keys.map(({ privateJwk }) => ({ ...privateJwk })) },
    extraTokenClaims: accessTokenClaims,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: (ctx) => {
      refuseOtherResource(ctx);
      return true;
    },
    expiresWithSession: async () => false,
    ttl: {
      AuthorizationCode: lifetimes.code,
      AccessToken: lifetimes.access,
      ClientCredentials: lifetimes.access,
      IdToken: lifetimes.access,
      RefreshToken: lifetimes.refresh,
      Grant: lifetimes.refresh,
      Interaction: interactionLifetimeSeconds,
      Session: (_ctx, { accountId }) =>
        accountId === undefined ? anonymousSessionLifetimeSeconds : sessionLifetimeSeconds,
    },
  };
}
