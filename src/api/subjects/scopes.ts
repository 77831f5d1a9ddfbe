import type { NamedScope, ScopeCatalogue } from '../../identity/grants/scopes.ts';
import type { Resolvers } from '../generated.ts';
import type { OwnModule } from '../names/rename.ts';
import { sdl } from '../sdl.ts';

/**
 * Creates the module of `scopes`, the public catalogue. It shows whether a scope requires a role, but not which role.
 */
export function scopesModule(catalogue: ScopeCatalogue): OwnModule {
  const scopes: readonly NamedScope[] = Array.from(catalogue, ([name, entry]) => ({ name, ...entry }));
  const resolvers: Resolvers = {
    Query: { scopes: () => scopes },
    Scope: { requiresRole: ({ roles }) => roles !== undefined },
  };
  return { name: 'claimgate/scopes', typeDefs: sdl('scopes'), resolvers };
}
