import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { plainId, type TrustedDocuments } from '../../api/operation/operation.ts';
import type { ErrorCode } from '../../errors.ts';
import { isRecord } from '../../protocol/record.ts';
import { kindOf } from '../../protocol/shown.ts';

/** The code of a request whose document cannot be found by its ID. */
type IdCode = Extract<ErrorCode, 'BAD_REQUEST' | 'PERSISTED_QUERY_NOT_FOUND' | 'PERSISTED_QUERY_NOT_IN_LIST'>;

/** Why the document of a request cannot be found by its ID. The message repeats nothing of the request. */
export class IdRefusal {
  readonly code: IdCode;
  readonly message: string;

  constructor(code: IdCode, message: string) {
    this.code = code;
    this.message = message;
  }

  toError(): GraphQLError {
    return new GraphQLError(this.message, { extensions: { code: this.code } });
  }
}

/** The members of a request that can hold the ID of a document: the appendix of GraphQL over HTTP, and Relay. */
const idMembers = ['documentId', 'doc_id', 'id'] as const;

/**
 * Puts the text of a trusted document into a GraphQL request that names it by its ID. The ID is in
 * `extensions.persistedQuery.sha256Hash` (Apollo), `documentId` (GraphQL over HTTP), `doc_id` or `id` (Relay). The ID is
 * then removed. A request with an ID and a text must have the text of the ID.
 *
 * A request without an ID is returned unchanged, and so is a value that is not a request.
 *
 * @param documents - undefined: no documents are configured, so every request is returned unchanged
 */
export function withDocumentText(documents: TrustedDocuments | undefined, value: unknown): unknown {
  if (documents === undefined || !isRecord(value)) return value;
  const ids = idsOf(value);
  if (ids instanceof IdRefusal) return ids;
  const [id, ...others] = new Map(ids.map((sent) => [plainId(sent), sent]));
  if (id === undefined) return value;
  const [plain, sent] = id;
  if (others.length > 0)
    return new IdRefusal('BAD_REQUEST', 'The request has two different IDs of a document: send one');
  const { query } = value;
  // `readParameters` refuses a query that is not a string.
  if (query !== undefined && query !== null && typeof query !== 'string') return value;
  const text = documents.textOf(sent);
  if (typeof query === 'string' && query.trim() !== '')
    return matches(plain, text, query) ? withoutId(value, query) : other;
  if (text !== undefined) return withoutId(value, text);
  return documents.only ? notInList : notFound;
}

const other = new IdRefusal(
  'BAD_REQUEST',
  'The text of the document is not the text of its ID: send the ID alone, or the text alone',
);

/** Apollo Client and urql read this message. They then send the text of this operation, with its hash. */
const notFound = new IdRefusal('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');

/** Clients do not send the text after this message. */
const notInList = new IdRefusal(
  'PERSISTED_QUERY_NOT_IN_LIST',
  'No manifest of this server has the ID of the document: deploy the manifest of the client first',
);

/** Whether a text belongs to an ID. Without a document of the ID, the ID must be the SHA-256 hash of the text. */
function matches(id: string, text: string | undefined, query: string): boolean {
  return text === undefined ? createHash('sha256').update(query).digest('hex') === id : text === query;
}

/** Returns the IDs of a request, as the client sent them. */
function idsOf(value: Readonly<Record<string, unknown>>): readonly string[] | IdRefusal {
  const ids: string[] = [];
  const { extensions } = value;
  if (isRecord(extensions) && isPresent(extensions['persistedQuery'])) {
    const hash = hashOf(extensions['persistedQuery']);
    if (hash instanceof IdRefusal) return hash;
    ids.push(hash);
  }
  for (const name of idMembers) {
    const id = value[name];
    if (!isPresent(id)) continue;
    if (typeof id !== 'string' || id === '') return wrongId(name, id);
    ids.push(id);
  }
  return ids;
}

function hashOf(persistedQuery: unknown): string | IdRefusal {
  const place = 'extensions.persistedQuery';
  if (!isRecord(persistedQuery)) {
    return new IdRefusal('BAD_REQUEST', `${place}: expected an object, found ${kindOf(persistedQuery)}`);
  }
  const { version, sha256Hash } = persistedQuery;
  if (version !== undefined && version !== 1) return new IdRefusal('BAD_REQUEST', `${place}.version: expected 1`);
  if (typeof sha256Hash !== 'string' || sha256Hash === '') return wrongId(`${place}.sha256Hash`, sha256Hash);
  return sha256Hash;
}

function wrongId(place: string, id: unknown): IdRefusal {
  const found = id === '' ? 'an empty string' : kindOf(id ?? null);
  return new IdRefusal('BAD_REQUEST', `${place}: expected the ID of a document as a string, found ${found}`);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Returns the request with the text and without its IDs. Apollo Server would read the hash as an ID of its own cache. */
function withoutId(
  { documentId: _id, doc_id: _docId, id: _relayId, extensions, ...rest }: Readonly<Record<string, unknown>>,
  query: string,
): Readonly<Record<string, unknown>> {
  if (!isRecord(extensions)) return { ...rest, query, ...(isPresent(extensions) && { extensions }) };
  const { persistedQuery: _, ...others } = extensions;
  return { ...rest, query, extensions: others };
}
