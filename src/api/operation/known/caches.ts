import type { CacheBound } from '../../../protocol/cache-bound.ts';

/** The cache of this folder, with its bound. It grows with the number of requests. */
export const knownCaches: Readonly<Record<'knownDocuments', CacheBound>> = {
  knownDocuments: {
    entries: 10_000,
    bytes: 32 * 1024 * 1024,
    grownBy: 'anyone',
    holds:
      'documents that were executed, with their source text and tokens; a document that was used once goes before a document that was used again',
  },
};
