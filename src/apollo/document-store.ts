import { checkOptions, optionsOf } from '../protocol/options/check-options.ts';
import { bound } from '../protocol/options/kinds.ts';
import { type SettingsWithDefaults, withDefaults } from '../protocol/options/object.ts';
import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { apolloCaches } from './caches.ts';
import { documentBytes } from '../request/document-bytes.ts';

/** The bounds of a store of documents. */
export interface DocumentStoreOptions {
  /** The largest number of documents. Default 5,000. */
  readonly maxEntries?: number;
  /**
   * The largest size of all documents together, in bytes of heap. The size of a document is an upper estimate. Default
   * 32 MiB.
   */
  readonly maxBytes?: number;
}

const bounds: SettingsWithDefaults<DocumentStoreOptions> = {
  maxEntries: { default: apolloCaches.documents.entries, check: bound('documents') },
  maxBytes: { default: apolloCaches.documents.bytes, check: bound('bytes') },
};

const checkStoreOptions = optionsOf<DocumentStoreOptions>(bounds, { entries: 'maxEntries', bytes: 'maxBytes' });

/** The type of the option `documentStore` of Apollo Server. */
type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>;

interface StoredDocument {
  readonly document: DocumentNode;
  readonly size: number;
}

/** The largest size of one document is the size of the store divided by this number. */
const shares = 8;

/**
 * Makes the store of parsed and validated documents for the option `documentStore` of Apollo Server. A full store
 * removes the least recently used document.
 *
 * Apollo's own store counts the JSON of a document, which contains neither the source text nor the tokens. A document
 * with one field and a comment of 256 KiB counts as 500 bytes. This store counts bytes of heap.
 *
 * A document that takes more than an eighth of `maxBytes` is not stored. A document that was parsed with `noLocation` is
 * not stored, because its source text cannot be read. Apollo Server parses and validates these documents again for each
 * request.
 *
 * @param options - the bounds
 * @throws StartError with all faults of the options
 */
export function createDocumentStore(
  options: DocumentStoreOptions = {},
): DocumentStore & { readonly entries: number; readonly bytes: number } {
  checkOptions('createDocumentStore', options, checkStoreOptions);
  const { maxEntries, maxBytes } = withDefaults<DocumentStoreOptions>(bounds, options);
  const stored = new Map<string, StoredDocument>(); // The least recently used document is first.
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
      const largest = maxBytes / shares;
      const size = documentBytes(document, largest);
      if (maxEntries < 1 || size > largest) return;
      for (const oldest of stored.keys()) {
        if (stored.size < maxEntries && used + size <= maxBytes) break;
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
