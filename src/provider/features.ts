import type { Configuration } from 'oidc-provider';
import type { ProviderOptions } from './provider.ts';
import { resourceIndicators } from './resources.ts';

/** What the authorization server does beyond the authorization code grant, and what it does not. */
export function features(options: ProviderOptions): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    userinfo: { enabled: false },
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    resourceIndicators: resourceIndicators(options),
  };
}
