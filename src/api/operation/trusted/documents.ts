import { GraphQLError } from 'graphql';
import { type ErrorCode, statusOf } from '../../../errors.ts';
import { type Principal, principalOf } from '../../../principal.ts';
import { type DocumentList, documentFinder } from './listed.ts';

/** The documents of the clients, by the IDs of their manifests. */
export interface TrustedDocuments {
  /** Whether other documents are refused, except for the free clients. */
  readonly only: boolean;
  /** Returns the text of a document. @param id - as a client sends it, with or without `sha256:` */
  textOf(id: string): string | undefined;
  /** Returns the first ID of a document in the manifests. @param text - the exact text of the document */
  readonly idOf: (text: string) => string | undefined;
  /** Finds documents by a part of the name or of the ID, for a list. */
  readonly find: (search: string) => DocumentList;
  /**
   * Whether the answer to a document is the same for every caller without a token: no element of it has a rule. How long
   * a cache may use it is `maxAgeSeconds`.
   */
  isPublic(text: string): boolean;
  readonly maxAgeSeconds: number;
  /**
   * Finds out whether a caller may send a document. The caller's credential has been verified. Nothing of the document
   * has been parsed yet.
   *
   * @returns the error that refuses it, or null
   */
  refusalOf(text: string, contextValue: unknown): GraphQLError | null;
}

/** The texts of the documents. */
export interface DocumentTexts {
  readonly byId: ReadonlyMap<string, string>;
  /** The queries of which no element has a rule. */
  readonly publicQueries: ReadonlySet<string>;
}

/** The options of `createTrustedDocuments`. */
export interface TrustedOptions {
  readonly only: boolean;
  readonly maxAgeSeconds: number;
  readonly documents: DocumentTexts;
  /** Whether a caller may send every document. */
  readonly isFree: (principal: Principal) => boolean;
  /** Whether every caller may send a document, because it belongs to this server and not to a client. */
  readonly isOwn: (text: string) => boolean;
}

/** The trusted documents, and the function that replaces all of them. */
export interface ReplaceableDocuments extends TrustedDocuments {
  replace(documents: DocumentTexts): void;
}

/** Makes the list of trusted documents. */
export function createTrustedDocuments(options: TrustedOptions): ReplaceableDocuments {
  const { only, isFree, isOwn, maxAgeSeconds } = options;
  let { byId, publicQueries } = options.documents;
  let idByText = idsOf(byId);
  let find = documentFinder(idByText);
  return {
    only,
    maxAgeSeconds,
    isPublic: (text) => publicQueries.has(text),
    textOf: (id) => byId.get(plainId(id)),
    idOf: (text) => idByText.get(text),
    find: (search) => find(search),
    refusalOf(text, contextValue) {
      if (!only || idByText.has(text)) return null;
      return isFree(principalOf(contextValue)) || isOwn(text) ? null : notTrusted();
    },
    replace(documents) {
      ({ byId, publicQueries } = documents);
      idByText = idsOf(byId);
      find = documentFinder(idByText);
    },
  };
}

/** Returns the first ID of each text, in the order of the manifests. */
function idsOf(byId: DocumentTexts['byId']): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const [id, text] of byId) if (!ids.has(text)) ids.set(text, id);
  return ids;
}

const hashPrefix = 'sha256:';

/** Returns an ID without the prefix `sha256:` (GraphQL over HTTP, appendix "Persisted Documents"). */
export function plainId(id: string): string {
  return id.startsWith(hashPrefix) ? id.slice(hashPrefix.length) : id;
}

const code = 'QUERY_NOT_IN_SAFELIST' satisfies ErrorCode;

function notTrusted(): GraphQLError {
  const message = 'This server executes only trusted documents: send a document of a manifest, by its ID or unchanged';
  return new GraphQLError(message, { extensions: { code, http: { status: statusOf(code) } } });
}
