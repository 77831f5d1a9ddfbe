import { createHash } from 'node:crypto';
import { OperationTypeNode } from 'graphql';
import { isRecord } from '../../../../protocol/record.ts';
import type { Persona } from '../../callers/persona.ts';
import type { Reply, Transport } from '../endpoint.ts';
import { boundedText, limits, readAnswer, readEvents, silent } from './body.ts';
import { joined } from './incremental.ts';
import type { Asked } from './asked.ts';

/** Where requests go, and with which token. */
export interface Destination {
  readonly url: URL;
  readonly tokens: ReadonlyMap<Persona, string>;
  readonly fetch: typeof fetch;
}

const json = 'application/graphql-response+json, application/json;q=0.9';
const parts = `multipart/mixed;deferSpec=20220824, ${json}`;

/** A transport of a running server. A probe is sent by it too. */
export interface ServerTransport extends Omit<Transport, 'send'> {
  readonly send: (asked: Asked) => Promise<Reply | null>;
}

/** Makes the transports over HTTP. The first is POST. */
export function requestTransports({ url, tokens, fetch: send }: Destination): readonly ServerTransport[] {
  async function request(persona: Persona, init: RequestInit, accept: string, at: URL = url): Promise<Response> {
    const token = tokens.get(persona);
    return send(at, {
      redirect: 'manual',
      signal: AbortSignal.timeout(limits.timeMs),
      ...init,
      headers: {
        accept,
        ...(init.method === 'POST' && { 'content-type': 'application/json' }),
        // Apollo Server answers no GET without a header that a form cannot send.
        'apollo-require-preflight': 'true',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    });
  }
  const bodyOf = ({ text, operationName, variables }: Asked) => ({ query: text, operationName, variables });
  const posted = (asked: Asked, body: unknown, accept = json) =>
    request(asked.persona, { method: 'POST', body: JSON.stringify(body) }, accept);

  async function post(asked: Asked): Promise<Reply> {
    const accept = /@(?:defer|stream)\b/.test(asked.text) ? parts : json;
    return readAnswer(await posted(asked, bodyOf(asked), accept));
  }

  async function get(asked: Asked): Promise<Reply | null> {
    if (asked.operation !== OperationTypeNode.QUERY) return null;
    const at = new URL(url);
    at.searchParams.set('query', asked.text);
    if (asked.operationName !== undefined) at.searchParams.set('operationName', asked.operationName);
    if (Object.keys(asked.variables).length > 0) at.searchParams.set('variables', JSON.stringify(asked.variables));
    if (at.href.length > limits.url) return null;
    return readAnswer(await request(asked.persona, { method: 'GET' }, json, at));
  }

  async function events(asked: Asked): Promise<Reply> {
    const isSubscription = asked.operation === OperationTypeNode.SUBSCRIPTION;
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), isSubscription ? limits.eventMs : limits.timeMs);
    const answer = joined();
    try {
      const init = { method: 'POST', body: JSON.stringify(bodyOf(asked)), signal: controller.signal };
      const response = await request(asked.persona, init, 'text/event-stream');
      if (!/^text\/event-stream/i.test(response.headers.get('content-type') ?? '')) return await readAnswer(response);
      await readEvents(response, (data) => {
        answer.add(data);
        return isSubscription;
      });
    } catch (error) {
      if (!controller.signal.aborted) throw error;
      return silent('no event came in time');
    } finally {
      clearTimeout(timer);
      controller.abort();
    }
    return answer.reply() ?? silent('the stream ended without an event');
  }

  async function batch(asked: Asked): Promise<Reply> {
    const response = await posted(asked, [{ query: '{ __typename }' }, bodyOf(asked)]);
    const all: unknown = JSON.parse(await boundedText(response));
    const answer = joined();
    if (Array.isArray(all)) answer.add(all[1]);
    return answer.reply() ?? silent('answered a batch without a list of GraphQL answers');
  }

  async function byHash(asked: Asked): Promise<Reply> {
    const { query, ...others } = bodyOf(asked);
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const hashed = { ...others, extensions: { persistedQuery: { version: 1, sha256Hash } } };
    const response = await posted(asked, hashed);
    const reply = await readAnswer(response);
    if (!reply.errors.some((message) => /PersistedQueryNotFound/.test(message))) return reply;
    await posted(asked, { ...hashed, query }).then((registered) => registered.body?.cancel());
    return readAnswer(await posted(asked, hashed));
  }
  return [
    { name: 'over HTTP', send: post },
    { name: 'by GET', send: get },
    { name: 'as server-sent events', send: events },
    { name: 'in a batch', send: batch },
    { name: 'by its hash', send: byHash },
  ];
}

/** Whether a reply shows that the server takes operations by this transport. */
export function isServed(reply: Reply | null): boolean {
  return isRecord(reply?.data) && typeof reply.data['__typename'] === 'string';
}
