import type { Configuration } from 'oidc-provider';
import { mayIntrospectRefreshToken } from './endpoints/introspection.ts';
import { rpInitiatedLogout } from './endpoints/logout.ts';
import type { ProviderOptions } from './options.ts';
import { resourceIndicators } from './tokens/resources.ts';

/** Returns the settings of the library's features besides the authorization code grant. */
export function features(options: ProviderOptions): NonNullable<Configuration['features']> {
  const { nonceSecret } = options.proofs;
  return {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    dPoP: {
      enabled: true,
      ...(nonceSecret && { nonceSecret }),
      requireNonce: () => nonceSecret !== null,
    },
    pushedAuthorizationRequests: { enabled: true },
    rpInitiatedLogout: rpInitiatedLogout(options),
    userinfo: { enabled: false },
    introspection: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => mayIntrospectRefreshToken(options, client, token),
    },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    resourceIndicators: resourceIndicators(options),
  };
}
