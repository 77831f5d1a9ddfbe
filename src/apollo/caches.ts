import type { CacheBound } from '../auth/caches.ts';

/** The caches of this room that grow with what callers send and live longer than a request. They take their bounds from here. */
export const apolloCaches: Readonly<Record<'documents', CacheBound>> = {
  documents: {
    entries: 5_000,
    bytes: 32 * 1024 * 1024,
    grownBy: 'anyone',
    holds:
      'parsed and validated documents with their source text and tokens; the one that was used least recently goes first',
  },
};
