import type { ScopeCatalogue } from '../../identity/grants/scopes.ts';
import type { ScopeInWords } from '../pages/account.ts';

/** Adds to scopes their descriptions and their APIs. A stored scope may be absent from the catalogue of today. */
export function scopesInWords(catalogue: ScopeCatalogue, scopes: Iterable<string>): readonly ScopeInWords[] {
  return [...scopes].map((name) => {
    const { description = 'Not known here', audience = null } = catalogue.get(name) ?? {};
    return { name, description, api: audience };
  });
}
