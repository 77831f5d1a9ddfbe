import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { apolloCaches } from './caches.ts';
import { documentBytes } from './document-bytes.ts';

/** The bounds of a store of documents. */
export interface DocumentStoreOptions {
  /** The largest number of documents. Default 5,000. */
  readonly entries?: number;
  /**
   * The largest number of bytes of heap that the documents take. The size of each document is estimated by an upper
   * bound. Default 32 MiB.
   */
  readonly bytes?: number;
}

/** The type of the option `documentStore` of Apollo Server. */
type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>;

interface StoredDocument {
  readonly document: DocumentNode;
  readonly size: number;
}

/** The bytes of the store are divided by this number to get the largest size of one document. */
const shares = 8;

/**
 * Creates the store of parsed and validated documents for the option `documentStore` of Apollo Server. A full store
 * drops the document that was used least recently.
 *
 * Apollo's own store counts the length of a document's JSON. The JSON leaves out the source text and the tokens that
 * the document refers to. So a document with one field and a comment of 256 KiB counts as 500 bytes. This store counts
 * bytes of heap. It does not store a document that takes more than an eighth of `bytes`. It also does not store a
 * document that was parsed with `noLocation`, because it cannot read the source text of such a document. Apollo Server
 * parses and validates such documents anew each time.
 *
 * @param options - `entries` (default 5,000) and `bytes` (default 32 MiB)
 * @throws RangeError if a bound is not a number that is 0 or more
 */
export function createDocumentStore({
  entries = apolloCaches.documents.entries,
  bytes = apolloCaches.documents.bytes,
}: DocumentStoreOptions = {}): DocumentStore & { readonly entries: number; readonly bytes: number } {
  if (!(entries >= 0 && bytes >= 0)) throw new RangeError('the bounds of the document store must be 0 or more');
  const stored = new Map<string, StoredDocument>(); // In the order of their last use.
  let used = 0;

  const drop = (key: string): boolean => {
    used -= stored.get(key)?.size ?? 0;
    return stored.delete(key);
  };
  return {
    async get(key) {
      const found = stored.get(key);
      if (!found) return undefined;
      stored.delete(key);
      stored.set(key, found);
      return found.document;
    },
    async set(key, document) {
      drop(key);
      const maxBytes = bytes / shares;
      const size = documentBytes(document, maxBytes);
      if (entries < 1 || size > maxBytes) return;
      for (const oldest of stored.keys()) {
        if (stored.size < entries && used + size <= bytes) break;
        drop(oldest);
      }
      stored.set(key, { document, size });
      used += size;
    },
    delete: async (key) => drop(key),
    get entries() {
      return stored.size;
    },
    get bytes() {
      return used;
    },
  };
}
