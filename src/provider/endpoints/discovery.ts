import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { clientSigningAlgorithms } from '../../identity/applications/client-keys.ts';
import type { ProviderOptions } from '../options.ts';

/**
 * Completes the discovery document (RFC 8414 §2, OpenID Connect Discovery 1.0 §3):
 *
 * - The library does not know the scopes of our APIs or the key that signs at present.
 * - It leaves out how clients authenticate for revocation and introspection. Clients would then assume only
 *   `client_secret_basic`.
 */
export function completeDiscovery(
  provider: Provider,
  { keys, catalogue }: Pick<ProviderOptions, 'keys' | 'catalogue'>,
): void {
  const [signing] = keys;
  provider.use(async (ctx, next) => {
    await next();
    const oidc = ctx.oidc as KoaContextWithOIDC['oidc'] | undefined; // Undefined for a request without a route.
    if (oidc?.route !== 'discovery' || ctx.status !== 200) return;
    const document = ctx.body as Readonly<Record<string, unknown>>; // The library has set the body.
    const methods = document['token_endpoint_auth_methods_supported'] as readonly string[];
    ctx.body = {
      ...document,
      scopes_supported: ['openid', ...catalogue.keys()],
      // The algorithms of former keys are left out, although the keys stay published until their tokens have expired.
      id_token_signing_alg_values_supported: [signing.alg],
      revocation_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_signing_alg_values_supported: clientSigningAlgorithms,
      introspection_endpoint_auth_methods_supported: methods.filter((method) => method !== 'none'),
      introspection_endpoint_auth_signing_alg_values_supported: clientSigningAlgorithms,
    };
  });
}
