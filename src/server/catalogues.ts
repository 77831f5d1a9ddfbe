import type { Config } from '../config.ts';
import { type ScopeCatalogue, shippedScopes } from '../identity/grants/scopes.ts';

/** The scopes of a server. */
export interface Catalogues {
  /** The scopes of its own API. `@auth` may name only these scopes. */
  readonly own: ScopeCatalogue;
  /** The scopes of its own API and of the other APIs. Applications and people may have these scopes. */
  readonly all: ScopeCatalogue;
}

/**
 * Collects the scopes of a configuration. With `CLAIMGATE_ISSUER`, the server has no accounts, applications and grants,
 * and the shipped scopes are left out.
 */
export function cataloguesOf({ issuer, scopes, resources }: Config): Catalogues {
  const own = Object.entries(issuer === undefined ? { ...scopes, ...shippedScopes } : scopes);
  const others = resources.flatMap(({ audience, scopes }) =>
    Object.entries(scopes).map(([name, entry]) => [name, { ...entry, audience }] as const),
  );
  return { own: new Map(own), all: new Map([...others, ...own]) };
}
