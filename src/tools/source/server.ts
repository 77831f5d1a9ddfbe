import {
  buildClientSchema,
  getIntrospectionQuery,
  type GraphQLSchema,
  type IntrospectionQuery,
  validateSchema,
} from 'graphql';
import { isRecord } from '../../protocol/record.ts';
import { isSecureUrl } from '../../protocol/url.ts';
import { shown } from '../../protocol/shown.ts';
import { ToolFault } from '../report/fault.ts';
import { withinLimits } from './exhaustion.ts';
import { rootFieldsWithoutRule, type RuleSource } from './rule-source.ts';
import { type Ask, readServerRules } from './server-rules.ts';

/** How a running server is asked. */
export interface ServerOptions {
  /** An access token. It is sent only over https, or to this device. */
  readonly token?: string | undefined;
  readonly fetch?: typeof fetch;
  /** The time limit of all requests together, in milliseconds. Default 30,000. */
  readonly timeLimitMs?: number;
  /** The largest answer, in bytes. Default 64 MiB. */
  readonly maxBytes?: number;
}

/** Whether a text is the URL of a server. */
export function isServerUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/**
 * Makes the source of a running server of Claimgate: its schema by introspection, and its rules by `schemaRules`.
 *
 * @throws {ToolFault} if the server does not answer in the time limit, refuses, or has no `schemaRules`
 */
export async function sourceOfServer(url: string, options: ServerOptions = {}): Promise<RuleSource> {
  const ask = asking(url, options);
  const name = shown(url);
  const query = getIntrospectionQuery({ descriptions: false, inputValueDeprecation: true });
  const schema = clientSchema(url, await ask(query));
  const rules = await readServerRules(url, schema, ask);
  const publicFields = withinLimits(name, () => rootFieldsWithoutRule(schema, rules));
  // The query of a URL can have a secret, and reports are published.
  return { name, schema, rules, publicFields, startFaults: [] };
}

function clientSchema(url: string, data: Readonly<Record<string, unknown>>): GraphQLSchema {
  try {
    const schema = buildClientSchema(data as unknown as IntrospectionQuery);
    const [fault] = validateSchema(schema);
    if (fault) throw fault;
    return schema;
  } catch (error) {
    const reason =
      error instanceof RangeError ? 'it is nested too deep' : error instanceof Error ? shown(error.message) : 'a fault';
    throw new ToolFault(
      { file: shown(url), line: null },
      `expected a valid schema as the answer to an introspection query; ${reason}`,
    );
  }
}

/** Makes the function that sends operations to a server. It follows no redirect, because the token is for this URL. */
function asking(url: string, options: ServerOptions): Ask {
  const { token, fetch: send = fetch, timeLimitMs = 30_000, maxBytes = 64 * 1_048_576 } = options;
  const place = { file: shown(url), line: null };
  const target = URL.canParse(url) ? new URL(url) : null;
  if (!target) throw new ToolFault(place, 'expected a URL, such as https://api.example.com/graphql');
  if (target.username !== '' || target.password !== '') {
    throw new ToolFault(place, 'expected a URL without a user name and a password');
  }
  if (token !== undefined && !isSecureUrl(target)) {
    throw new ToolFault(place, 'expected https, because a token is sent');
  }
  const signal = AbortSignal.timeout(timeLimitMs);
  return async (query, variables) => {
    let text: string | null;
    let status: number;
    try {
      const response = await send(target, {
        method: 'POST',
        redirect: 'manual',
        signal,
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json;q=0.9',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query, ...(variables && { variables }) }),
      });
      status = response.status;
      text = await boundedText(response, maxBytes);
    } catch (error) {
      throw new ToolFault(place, reasonOf(error, timeLimitMs));
    }
    if (text === null) throw new ToolFault(place, `answered more than ${maxBytes} bytes; give its SDL file`);
    return dataOf(place, status, text);
  };
}

async function boundedText({ body }: Response, maxBytes: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(error: unknown, timeLimitMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `gave no answer in ${timeLimitMs} ms`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `expected a GraphQL server that answers; the connection failed${code}`;
}

function dataOf(
  place: { readonly file: string; readonly line: null },
  status: number,
  text: string,
): Readonly<Record<string, unknown>> {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new ToolFault(place, `answered ${status} without JSON; expected the URL of a GraphQL endpoint`);
  }
  const data = isRecord(answer) ? answer['data'] : null;
  const errors: readonly unknown[] = isRecord(answer) && Array.isArray(answer['errors']) ? answer['errors'] : [];
  if (isRecord(data) && errors.length === 0) return data;
  const [first] = errors;
  const message = isRecord(first) && typeof first['message'] === 'string' ? `: ${shown(first['message'])}` : '';
  const hint = status === 401 || status === 403 ? '; name a variable that has an access token: --token-from NAME' : '';
  throw new ToolFault(place, `refused to show its schema (${status})${message}${hint}`);
}
