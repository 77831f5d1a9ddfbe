import { GraphQLError } from 'graphql';
import { type ErrorCode, statusOf } from '../../../errors.ts';
import { type Principal, principalOf } from '../../../principal.ts';

/** The documents of the clients, by the IDs of their manifests. */
export interface TrustedDocuments {
  /** Whether other documents are refused, except for the free clients. */
  readonly only: boolean;
  /** Returns the text of a document. @param id - as a client sends it, with or without `sha256:` */
  textOf(id: string): string | undefined;
  /**
   * Finds out whether a caller may send a document. The caller's credential has been verified. Nothing of the document
   * has been parsed yet.
   *
   * @returns the error that refuses it, or null
   */
  refusalOf(text: string, contextValue: unknown): GraphQLError | null;
}

/** The options of `createTrustedDocuments`. */
export interface TrustedOptions {
  readonly only: boolean;
  /** The texts by ID. */
  readonly documents: ReadonlyMap<string, string>;
  /** Whether a caller may send every document. */
  readonly isFree: (principal: Principal) => boolean;
  /** Whether every caller may send a document, because it belongs to this server and not to a client. */
  readonly isOwn: (text: string) => boolean;
}

/** The trusted documents, and the function that replaces all of them. */
export interface ReplaceableDocuments extends TrustedDocuments {
  replace(documents: ReadonlyMap<string, string>): void;
}

/** Makes the list of trusted documents. */
export function createTrustedDocuments(options: TrustedOptions): ReplaceableDocuments {
  const { only, isFree, isOwn } = options;
  let byId = options.documents;
  let texts: ReadonlySet<string> = new Set(byId.values());
  return {
    only,
    textOf: (id) => byId.get(plainId(id)),
    refusalOf(text, contextValue) {
      if (!only || texts.has(text)) return null;
      return isFree(principalOf(contextValue)) || isOwn(text) ? null : notTrusted();
    },
    replace(documents) {
      byId = documents;
      texts = new Set(byId.values());
    },
  };
}

const hashPrefix = 'sha256:';

/** Returns an ID without the prefix `sha256:` (GraphQL over HTTP, appendix "Persisted Documents"). */
export function plainId(id: string): string {
  return id.startsWith(hashPrefix) ? id.slice(hashPrefix.length) : id;
}

const code = 'QUERY_NOT_IN_SAFELIST' satisfies ErrorCode;

function notTrusted(): GraphQLError {
  const message = 'This server executes only trusted documents: send a document of a manifest, by its ID or unchanged.';
  return new GraphQLError(message, { extensions: { code, http: { status: statusOf(code) } } });
}
