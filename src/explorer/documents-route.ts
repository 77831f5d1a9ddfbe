import type { FastifyInstance } from 'fastify';
import type { DocumentList } from '../api/operation/operation.ts';
import { documentsPath } from './paths.ts';

/** The caller of a request, as the API endpoint reads it. */
export interface DocumentsRequest {
  /** Name, value, name, value… */
  readonly rawHeaders: readonly string[];
  readonly method: string;
  /** The caller's network address. */
  readonly address: string;
}

/** What the page needs of the trusted documents. */
export interface ListedDocuments {
  /** Finds documents by a part of the name or of the ID. */
  readonly find: (search: string) => DocumentList;
  readonly textOf: (id: string) => string | undefined;
  /** Whether the caller may read the documents. It must not reject. */
  readonly isOpenTo: (request: DocumentsRequest) => Promise<boolean>;
}

/** The largest number of characters of a search or an ID. */
const maxLength = 300;

/**
 * Adds the route from which the explorer reads the trusted documents: a list for `search`, or the text of the document with
 * the ID `id`. A caller who may not read the schema may not read them either.
 */
export function mountDocuments(app: FastifyInstance, documents: ListedDocuments): void {
  app.get<{ Querystring: Readonly<Record<string, unknown>> }>(documentsPath, async (request, reply) => {
    reply.header('cache-control', 'no-store').header('cross-origin-resource-policy', 'same-origin');
    const { ip: address, method, raw } = request;
    if (!(await documents.isOpenTo({ rawHeaders: raw.rawHeaders, method, address }))) {
      return reply.code(403).send({ fault: 'Only callers who may read the schema may read the trusted documents.' });
    }
    const { id, search = '' } = request.query;
    if (typeof search !== 'string' || (id !== undefined && typeof id !== 'string')) {
      return reply.code(400).send({ fault: 'id, search: expected one value of each' });
    }
    if (search.length > maxLength || (id?.length ?? 0) > maxLength) {
      return reply.code(400).send({ fault: `id, search: expected at most ${maxLength} characters` });
    }
    if (id === undefined) return reply.send(documents.find(search));
    const text = documents.textOf(id);
    return text === undefined
      ? reply.code(404).send({ fault: 'No manifest of this server has this document any more.' })
      : reply.send({ text });
  });
}
