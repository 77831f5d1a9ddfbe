import type { GraphQLSchema } from 'graphql';
import { isRecord } from '../../../protocol/record.ts';
import { shown } from '../../../protocol/shown.ts';
import { isSecureUrl } from '../../../protocol/url.ts';
import { ToolFault } from '../../report/fault.ts';
import type { Persona } from '../callers/persona.ts';
import type { Endpoint, Reply, Request } from './endpoint.ts';

/** A running GraphQL server. */
export interface RunningServer {
  readonly url: string;
  /** The schema of its rules. */
  readonly schema: GraphQLSchema;
  /** The token of each persona. A persona without one is sent without a token. */
  readonly tokens: ReadonlyMap<Persona, string>;
  readonly runsMutations: boolean;
  readonly fetch?: typeof fetch;
}

/** The limits of one request. */
const timeLimitMs = 10_000;
const maxBytes = 16 * 1_048_576;

/**
 * Makes the endpoint of a running server. One request is under way at a time. It follows no redirect, because a token is
 * for this URL.
 *
 * @throws {ToolFault} if the URL is not usable, or a token would be sent over http to another device
 */
export function runningServer({ url, schema, tokens, runsMutations, fetch: send = fetch }: RunningServer): Endpoint {
  const place = { file: shown(url), line: null };
  const target = URL.canParse(url) ? new URL(url) : null;
  if (!target || !/^https?:$/.test(target.protocol)) {
    throw new ToolFault(place, 'expected a URL, such as https://api.example.com/graphql');
  }
  if (tokens.size > 0 && !isSecureUrl(target)) throw new ToolFault(place, 'expected https, because tokens are sent');
  let hasAnswered = false;

  async function ask({ text, operationName, variables, persona }: Request): Promise<Reply> {
    const token = tokens.get(persona);
    try {
      const response = await send(target ?? url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(timeLimitMs),
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json;q=0.9',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query: text, operationName, variables }),
      });
      const answer: unknown = JSON.parse(await boundedText(response));
      if (!isRecord(answer)) return silent(`answered ${response.status} without a GraphQL answer`);
      hasAnswered = true;
      const errors: readonly unknown[] = Array.isArray(answer['errors']) ? answer['errors'] : [];
      const messages = errors.map((one) => (isRecord(one) ? shown(String(one['message'])) : 'an error'));
      return { data: answer['data'] ?? null, errors: messages, ran: null };
    } catch (error) {
      if (!hasAnswered) throw new ToolFault(place, 'expected a GraphQL server that answers; the request failed');
      return silent(error instanceof Error ? shown(error.message) : 'the request failed');
    }
  }
  return { schema, perWay: 2, transports: [{ name: 'over HTTP', send: ask }], knowsAnswers: false, runsMutations };
}

function silent(message: string): Reply {
  return { data: null, errors: [message], ran: null };
}

async function boundedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) throw new Error(`answered more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
