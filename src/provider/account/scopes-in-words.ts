import type { ScopeCatalogue } from '../../identity/grants/scopes.ts';
import type { ScopeInWords } from '../pages/account.ts';

/** Adds to scopes their descriptions. A stored scope may be absent from the catalogue of today. */
export function scopesInWords(catalogue: ScopeCatalogue, scopes: Iterable<string>): readonly ScopeInWords[] {
  return [...scopes].map((name) => ({ name, description: catalogue.get(name)?.description ?? 'Not known here' }));
}
