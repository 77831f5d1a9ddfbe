import type { CacheBound } from '../auth/caches.ts';

/** The caches of this room, with their bounds. These caches grow with the number of requests. */
export const apolloCaches: Readonly<Record<'documents', CacheBound>> = {
  documents: {
    entries: 5_000,
    bytes: 32 * 1024 * 1024,
    grownBy: 'anyone',
    holds:
      'parsed and validated documents with their source text and tokens; the one that was used least recently goes first',
  },
};
