import type { Config } from '../config.ts';
import { type ScopeCatalogue, shippedScopes } from '../identity/grants/scopes.ts';

/** The scopes there are. */
export interface Catalogues {
  /** Those of our API: what `@auth` may name. */
  readonly own: ScopeCatalogue;
  /** Those of our API and of the others: what applications and people may be given. */
  readonly all: ScopeCatalogue;
}

/** With a foreign issuer there is nothing here that the shipped scopes could guard. */
export function cataloguesOf({ issuer, scopes, resources }: Config): Catalogues {
  const own = Object.entries(issuer === undefined ? { ...scopes, ...shippedScopes } : scopes);
  const others = resources.flatMap(({ audience, scopes }) =>
    Object.entries(scopes).map(([name, entry]) => [name, { ...entry, audience }] as const),
  );
  return { own: new Map(own), all: new Map([...others, ...own]) };
}
