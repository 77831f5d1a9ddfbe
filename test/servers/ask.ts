import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** One request to a GraphQL server. */
export interface Question {
  readonly method?: 'POST' | 'GET';
  readonly query?: string;
  readonly operationName?: string | undefined;
  readonly variables?: unknown;
  /** The complete body. Default: made of the parameters above. */
  readonly text?: string;
  /** The header lines: name, value, name, value. */
  readonly headers?: readonly string[];
  /** The request has a connection of its own. Node ends a connection whose headers are too long. */
  readonly isAlone?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** No answer may take longer. A server that forgets a request answers never. */
const patienceMs = 30_000;
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** Sends a request with its header lines as they are. Two headers of one name stay two. */
export async function ask(
  url: string,
  { method = 'POST', headers = [], isAlone = false, ...question }: Question,
): Promise<Answer> {
  const { query = '', operationName, variables } = question;
  const body = question.text ?? JSON.stringify({ query, operationName, variables });
  const search = new URLSearchParams({
    query,
    ...(operationName !== undefined && { operationName }),
    ...(variables !== undefined && { variables: JSON.stringify(variables) }),
  });
  const target = new URL(method === 'GET' ? `${url}?${search.toString()}` : url);
  const sent = method === 'GET' ? '' : body;
  const lines = [
    'Host',
    target.host,
    'Accept',
    'application/json',
    'Apollo-Require-Preflight',
    'yes',
    ...(method === 'GET' ? [] : ['Content-Type', 'application/json', 'Content-Length', `${Buffer.byteLength(sent)}`]),
    ...headers,
  ];
  return new Promise((resolve, reject) => {
    const sending = request(
      target,
      { method, agent: isAlone ? false : agent, headers: lines, timeout: patienceMs },
      (response) => {
        text(response).then(
          (read) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: read }),
          reject,
        );
      },
    );
    sending.on('timeout', () => sending.destroy(new Error(`no answer in ${patienceMs} ms`)));
    sending.on('error', reject).end(sent);
  });
}

/** Closes the connections that `ask` keeps. */
export function closeConnections(): void {
  agent.destroy();
}

/** The header of an access token. */
export function bearer(token: string): readonly string[] {
  return ['Authorization', `Bearer ${token}`];
}

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

export function bodyOf({ text }: Answer): Body {
  return JSON.parse(text) as Body;
}
