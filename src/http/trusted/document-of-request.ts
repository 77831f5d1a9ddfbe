import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ParseOptions } from 'graphql';
import type { TrustedDocuments } from '../../api/operation/operation.ts';
import { prefersGraphqlResponse } from '../../request/accept.ts';
import { asksForEvents } from '../graphql/answer-form.ts';
import { streamHeaders } from '../graphql/events-writer.ts';
import { graphqlVary } from '../headers/security-headers.ts';
import { wantsPage } from '../headers/cross-site.ts';
import { refuse } from '../refusal.ts';
import { IdRefusal, withDocumentText } from './document-id.ts';

/** The parameters that can hold the ID of a document, besides `extensions`. */
const idParameters = ['documentId', 'doc_id', 'id'];

/** The GET requests that name their document by its ID. */
const named = new WeakSet<FastifyRequest>();

/**
 * Adds the hook that sets `Vary`, and `Cache-Control` for the answer to a public query by its ID. A cache may store this
 * answer only if the request has no credential and the answer has no errors. Every other answer has `no-store`.
 */
export function setCacheHeaders(scope: FastifyInstance, documents: TrustedDocuments | undefined): void {
  scope.addHook('onSend', (request, reply, payload, done) => {
    reply.header('vary', graphqlVary);
    const isAnonymous = request.headers.authorization === undefined && request.headers['dpop'] === undefined;
    const isData = reply.statusCode === 200 && typeof payload === 'string' && payload.startsWith('{"data":');
    if (documents && isAnonymous && isData && named.has(request)) {
      const text = new URL(request.url, 'http://localhost').searchParams.get('query') ?? '';
      if (documents.isPublic(text)) reply.header('cache-control', publicAnswer(documents.maxAgeSeconds));
    }
    done();
  });
}

function publicAnswer(maxAgeSeconds: number): string {
  return maxAgeSeconds === 0 ? 'public, max-age=0, must-revalidate' : `public, max-age=${maxAgeSeconds}`;
}

/**
 * Puts the text of a trusted document into a request that names it by its ID. A GET of a person who wants a page is left
 * unchanged.
 *
 * @returns why the document cannot be found; null if it was found, or if the request has no ID
 */
export function findDocument(request: FastifyRequest, documents: TrustedDocuments | undefined): IdRefusal | null {
  if (request.method !== 'GET') {
    const body = withDocumentText(documents, request.body);
    if (body instanceof IdRefusal) return body;
    request.body = body;
  } else if (!wantsPage(request)) {
    const target = targetWithText(documents, request.url);
    if (target instanceof IdRefusal) return target;
    if (target !== request.url) named.add(request);
    request.raw.url = target;
  }
  return null;
}

/**
 * Answers a request whose document cannot be found. The status depends on `Accept`, as for a persisted query. A client
 * that reads only events gets the error in an event, because it would take another answer for a fault of the network, and
 * send the request again.
 *
 * @param options - the options for parsing the operation
 */
export function refuseDocument(reply: FastifyReply, refusal: IdRefusal, options: ParseOptions): FastifyReply {
  const { code, message } = refusal;
  if (code === 'BAD_REQUEST') return refuse(reply, code, message);
  if (asksForEvents(reply.request, options)) {
    const event = `event: next\ndata: ${JSON.stringify({ errors: [refusal.toError()] })}\n\n`;
    return reply.code(200).headers(streamHeaders).send(`${event}event: complete\ndata:\n\n`);
  }
  const isJson = !prefersGraphqlResponse(reply.request.headers.accept);
  return refuse(reply, code, message, isJson ? 'asJson' : undefined);
}

/**
 * Puts the text of a trusted document into the target of a GET that names it by its ID. An empty parameter counts as
 * absent. Returns any other target unchanged. Extensions that are not JSON are refused later.
 */
function targetWithText(documents: TrustedDocuments | undefined, target: string): string | IdRefusal {
  if (documents === undefined) return target;
  const url = new URL(target, 'http://localhost');
  const { searchParams } = url;
  const extensions = parsed(searchParams.get('extensions'));
  const ids = idParameters.map((name) => [name, searchParams.get(name) || undefined] as const);
  const request = { ...Object.fromEntries(ids), query: searchParams.get('query') ?? undefined, extensions };
  const found = withDocumentText(documents, request);
  if (found instanceof IdRefusal) return found;
  if (found === request) return target;
  const twice = ['query', 'extensions', ...idParameters].find((name) => searchParams.getAll(name).length > 1);
  if (twice !== undefined) return new IdRefusal('BAD_REQUEST', `${twice}: expected this parameter one time`);
  const { query, extensions: others } = found as { readonly query: string; readonly extensions?: unknown };
  for (const name of idParameters) searchParams.delete(name);
  searchParams.set('query', query);
  if (others !== undefined) searchParams.set('extensions', JSON.stringify(others));
  return url.pathname + url.search;
}

function parsed(text: string | null): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
