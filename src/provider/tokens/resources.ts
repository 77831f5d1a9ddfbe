import { type Configuration, errors, type Grant, type KoaContextWithOIDC } from 'oidc-provider';
import { findAccount } from '../../identity/accounts/accounts.ts';
import { findApplicationWithSecret } from '../../identity/applications/applications.ts';
import { allowedScopes, grantableScopes, openScopes, type ScopeCatalogue } from '../../identity/grants/scopes.ts';
import type { ProviderOptions } from '../options.ts';
import { scopeTokens } from '../../protocol/scope.ts';

type ResourceIndicators = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>;
type Options = Pick<ProviderOptions, 'store' | 'audience' | 'resources' | 'catalogue' | 'lifetimes' | 'keys'>;

/** What tokens are for (RFC 8707), and what they may hold there. */
export function resourceIndicators(options: Options): ResourceIndicators {
  const { audience, resources, lifetimes, keys } = options;
  const [{ alg, kid }] = keys;
  const known = new Set([audience, ...resources.map((resource) => resource.audience)]);
  return {
    enabled: true,
    // Of several that were granted, a token that names none is for our own API.
    defaultResource: (_ctx, _client, oneOf) => (oneOf && !oneOf.includes(audience) ? oneOf : audience),
    useGrantedResource: () => true,
    getResourceServerInfo: async (ctx, resource, client) => {
      if (!known.has(resource)) throw unknownResource(audience);
      const scopes = await scopesNow(options, ctx, client.clientId);
      if (beginning.has(ctx.oidc.route)) refuseWithoutScope(options, ctx, scopes);
      return {
        audience: resource,
        scope: [...scopes.intersection(scopesOf(options, resource))].join(' '),
        accessTokenFormat: 'jwt',
        accessTokenTTL: lifetimes.access,
        jwt: { sign: { alg, kid } },
      };
    },
  };
}

/**
 * Refuses a refresh for an API that was not granted (RFC 8707 §2.2). The library does so as well, but only when the refresh
 * token is used up.
 */
export function refuseOtherResource({ oidc }: KoaContextWithOIDC): void {
  const resource = oidc.params?.['resource'];
  const granted = oidc.entities.RefreshToken?.resourceIndicators;
  if (resource === undefined || !granted) return;
  const asked: unknown[] = Array.isArray(resource) ? resource : [resource];
  if (!asked.every((one) => typeof one === 'string' && granted.has(one))) {
    throw new errors.InvalidTarget('expected a resource that was granted, or none');
  }
}

/** Resources are compared exactly (RFC 8707 §2). The name of our own API is public: its metadata have it (RFC 9728). */
function unknownResource(audience: string): Error {
  return new errors.InvalidTarget(
    `expected a resource that is known here, exactly as it is written there, such as ${audience}`,
  );
}

/** Where a sign-in begins, by the library's names of its routes. */
const beginning: ReadonlySet<string> = new Set(['authorization', 'pushed_authorization_request']);

/**
 * Refuses a request that could yield nothing (RFC 6749 §3.3), before anyone signs in for it: it asks neither for `openid` nor for a
 * scope that this application may ask for at the APIs of the request.
 *
 * @param allowed the scopes that this application may ask for
 */
function refuseWithoutScope(options: Options, { oidc }: KoaContextWithOIDC, allowed: ReadonlySet<string>): void {
  const { scope, resource } = oidc.params ?? {};
  const asked = new Set(typeof scope === 'string' ? scopeTokens(scope) : []);
  const usable = new Set(catalogueFor(options, resource).keys()).intersection(allowed);
  if (asked.has('openid') || !asked.isDisjointFrom(usable)) return;
  const some = ['openid', ...usable].slice(0, 10).join(', ');
  throw new errors.InvalidScope(`expected a scope that this application may ask for, such as ${some}`, '');
}

/** The scopes that one API knows. */
function scopesOf({ audience, catalogue }: Pick<Options, 'audience' | 'catalogue'>, resource: string): Set<string> {
  const known = [...catalogue].filter(([, entry]) => (entry.audience ?? audience) === resource);
  return new Set(known.map(([name]) => name));
}

/** The part of the catalogue that a request can yield, by the APIs that it names. @param asked its parameter `resource` */
export function catalogueFor(
  { audience, catalogue }: Pick<Options, 'audience' | 'catalogue'>,
  asked: unknown,
): ScopeCatalogue {
  const named = new Set(Array.isArray(asked) ? asked : [asked ?? audience]);
  return new Map([...catalogue].filter(([, entry]) => named.has(entry.audience ?? audience)));
}

/** Writes into a grant what is allowed and what is refused, each under the API that knows the scope. */
export function decideScopes(
  grant: Grant,
  { audience, catalogue }: Pick<Options, 'audience' | 'catalogue'>,
  decision: { readonly granted: readonly string[]; readonly withheld: readonly string[] },
): void {
  const byResource = (scopes: readonly string[]) =>
    Object.entries(Object.groupBy(scopes, (name) => catalogue.get(name)?.audience ?? audience));
  for (const [resource, scopes = []] of byResource(decision.granted))
    grant.addResourceScope(resource, scopes.join(' '));
  for (const [resource, scopes = []] of byResource(decision.withheld)) {
    grant.rejectResourceScope(resource, scopes.join(' '));
  }
}

/**
 * The scopes this request may yield: those of the application and, as soon as it is known who signs in, of the account
 * as it is now. This is asked at the authorization endpoint, at the exchange and at every refresh. An application that acts
 * for itself has no roles.
 */
async function scopesNow(
  { store, catalogue }: Options,
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
