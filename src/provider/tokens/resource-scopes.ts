import type { Grant } from 'oidc-provider';
import type { ScopeCatalogue } from '../../identity/grants/scopes.ts';
import type { ProviderOptions } from '../options.ts';

type ResourceScopesOptions = Pick<ProviderOptions, 'audience' | 'catalogue'>;

/** Returns the scopes of one API. @param resource its resource indicator */
export function scopesOfResource({ audience, catalogue }: ResourceScopesOptions, resource: string): Set<string> {
  const own = [...catalogue].filter(([, entry]) => (entry.audience ?? audience) === resource);
  return new Set(own.map(([name]) => name));
}

/**
 * Returns the part of the catalogue that a request can use.
 *
 * @param resource the parameter `resource` of the request, which names APIs. If it is absent, the request is for our
 *   API.
 */
export function catalogueFor({ audience, catalogue }: ResourceScopesOptions, resource: unknown): ScopeCatalogue {
  const named = new Set(Array.isArray(resource) ? resource : [resource ?? audience]);
  return new Map([...catalogue].filter(([, entry]) => named.has(entry.audience ?? audience)));
}

/** Stores in a grant the granted and the rejected scopes of each API. */
export function decideScopes(
  grant: Grant,
  { audience, catalogue }: ResourceScopesOptions,
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
