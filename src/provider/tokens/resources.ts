import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { findAccount } from '../../identity/accounts/accounts.ts';
import { findApplicationWithSecret } from '../../identity/applications/applications.ts';
import { allowedScopes, grantableScopes, openScopes } from '../../identity/grants/scopes.ts';
import type { ProviderOptions } from '../options.ts';
import { scopeTokens } from '../../protocol/scope.ts';
import { catalogueFor, scopesOfResource } from './resource-scopes.ts';

type ResourceIndicators = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>;
type ResourcesOptions = Pick<ProviderOptions, 'store' | 'audience' | 'resources' | 'catalogue' | 'lifetimes' | 'keys'>;

/** Returns the library's settings of resource indicators (RFC 8707): the APIs, and their scopes. */
export function resourceIndicators(options: ResourcesOptions): ResourceIndicators {
  const { audience, resources, lifetimes, keys } = options;
  const [{ alg, kid }] = keys;
  const known = new Set([audience, ...resources.map((resource) => resource.audience)]);
  return {
    enabled: true,
    // A token request without `resource` gets a token for our API if this API was granted.
    defaultResource: (_ctx, _client, granted) => (granted && !granted.includes(audience) ? granted : audience),
    useGrantedResource: () => true,
    getResourceServerInfo: async (ctx, resource, client) => {
      if (!known.has(resource)) throw unknownResource(audience);
      const scopes = await allowedScopesNow(options, ctx, client.clientId);
      if (startRoutes.has(ctx.oidc.route)) refuseWithoutScope(options, ctx, scopes);
      return {
        audience: resource,
        scope: [...scopes.intersection(scopesOfResource(options, resource))].join(' '),
        accessTokenFormat: 'jwt',
        accessTokenTTL: lifetimes.access,
        jwt: { sign: { alg, kid } },
      };
    },
  };
}

/**
 * Rejects a refresh for an API that was not granted (RFC 8707 §2.2). The library also rejects it, but only after it has
 * consumed the refresh token.
 *
 * @throws errors.InvalidTarget
 */
export function refuseOtherResource({ oidc }: KoaContextWithOIDC): void {
  const resource = oidc.params?.['resource'];
  const granted = oidc.entities.RefreshToken?.resourceIndicators;
  if (resource === undefined || !granted) return;
  const requested: unknown[] = Array.isArray(resource) ? resource : [resource];
  if (!requested.every((item) => typeof item === 'string' && granted.has(item))) {
    throw new errors.InvalidTarget('expected a resource that was granted, or none');
  }
}

/** Resources are compared exactly (RFC 8707 §2). Our own resource indicator is public: the metadata of RFC 9728 contain it. */
function unknownResource(audience: string): Error {
  return new errors.InvalidTarget(
    `expected a resource that is known here, exactly as it is written there, such as ${audience}`,
  );
}

/** The endpoints at which a sign-in begins, by the library's names of their routes. */
const startRoutes: ReadonlySet<string> = new Set(['authorization', 'pushed_authorization_request']);

/**
 * Rejects a request that cannot lead to a token (RFC 6749 §3.3), before a person signs in. The request has neither
 * `openid` nor a scope that this application may request at the APIs of the request.
 *
 * @param allowed the scopes that this application may request
 * @throws errors.InvalidScope
 */
function refuseWithoutScope(
  options: ResourcesOptions,
  { oidc }: KoaContextWithOIDC,
  allowed: ReadonlySet<string>,
): void {
  const { scope, resource } = oidc.params ?? {};
  const requested = new Set(typeof scope === 'string' ? scopeTokens(scope) : []);
  const usable = new Set(catalogueFor(options, resource).keys()).intersection(allowed);
  if (requested.has('openid') || !requested.isDisjointFrom(usable)) return;
  const examples = ['openid', ...usable].slice(0, 10).join(', ');
  throw new errors.InvalidScope(`expected a scope that this application may ask for, such as ${examples}`, '');
}

/**
 * Returns the scopes that this request can get at present. The application must be allowed to request them. After a
 * person has signed in, the account must also be allowed to grant them with its roles. For client credentials, only
 * scopes that require no role are returned. The library calls this function for authorization requests, pushed or not,
 * at the exchange and at every refresh.
 */
async function allowedScopesNow(
  { store, catalogue }: ResourcesOptions,
  ctx: KoaContextWithOIDC,
  clientId: string,
): Promise<Set<string>> {
  const found = await findApplicationWithSecret(store, clientId);
  if (!found) return new Set();
  const { scopes } = found.application;
  if (ctx.oidc.route === 'token' && ctx.oidc.params?.grant_type === 'client_credentials') {
    return openScopes(catalogue).intersection(allowedScopes(catalogue, scopes));
  }
  const accountId = ctx.oidc.account?.accountId;
  if (accountId === undefined) return allowedScopes(catalogue, scopes);
  const account = await findAccount(store, accountId);
  return account ? grantableScopes(catalogue, scopes, account.roles) : new Set();
}
