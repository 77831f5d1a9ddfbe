import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { apolloCaches } from './caches.ts';
import { documentBytes } from './document-bytes.ts';

export interface DocumentStoreOptions {
  /** How many documents are kept at most. Default 5,000. */
  readonly entries?: number;
  /** How many bytes of heap they take at most, estimated from above. Default 32 MiB. */
  readonly bytes?: number;
}

/** What Apollo Server takes as `documentStore`. */
type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>;

interface Kept {
  readonly document: DocumentNode;
  readonly size: number;
}

/** The part of the store that one document may take. */
const largestShare = 8;

/**
 * Creates the store of parsed and validated documents for the option `documentStore` of Apollo Server. The document that was
 * used least recently goes first.
 *
 * Apollo's own store counts the length of a document's JSON, which leaves out the source text and the tokens that the document
 * refers to: a document of one field and a comment of 256 KiB counts as 500 bytes. This store counts what is on the heap. It
 * does not keep a document that takes more than an eighth of `bytes`, or one that was parsed with `noLocation`, whose source
 * text it cannot see: Apollo then parses it anew.
 *
 * @throws RangeError where a bound is not a number of zero or more
 */
export function createDocumentStore({
  entries = apolloCaches.documents.entries,
  bytes = apolloCaches.documents.bytes,
}: DocumentStoreOptions = {}): DocumentStore & { readonly entries: number; readonly bytes: number } {
  if (!(entries >= 0 && bytes >= 0)) throw new RangeError('the bounds of the document store must be 0 or more');
  const kept = new Map<string, Kept>(); // In the order of their last use.
  let used = 0;

  const drop = (key: string): boolean => {
    used -= kept.get(key)?.size ?? 0;
    return kept.delete(key);
  };
  return {
    async get(key) {
      const found = kept.get(key);
      if (!found) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found.document;
    },
    async set(key, document) {
      drop(key);
      const most = bytes / largestShare;
      const size = documentBytes(document, most);
      if (entries < 1 || size > most) return;
      for (const oldest of kept.keys()) {
        if (kept.size < entries && used + size <= bytes) break;
        drop(oldest);
      }
      kept.set(key, { document, size });
      used += size;
    },
    delete: async (key) => drop(key),
    get entries() {
      return kept.size;
    },
    get bytes() {
      return used;
    },
  };
}
