import type { CacheBound } from '../auth/caches.ts';

/** The bounds of the caches in this room that callers can make grow and that live longer than a request. */
export const apolloCaches: Readonly<Record<'documents', CacheBound>> = {
  documents: {
    entries: 5_000,
    bytes: 32 * 1024 * 1024,
    grownBy: 'anyone',
    holds:
      'parsed and validated documents with their source text and tokens; the one that was used least recently goes first',
  },
};
