import { Agent, type IncomingMessage, request } from 'node:http';

/** An HTTP answer as it arrived. */
export interface RawAnswer {
  readonly status: number;
  /** Name and value of each header, in lower case and sorted, without the time and the request ID. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** A request to the API endpoint. */
export interface LaneRequest {
  readonly method?: string;
  readonly path?: string;
  /** Name, value, name, value… Default: the media type of JSON. */
  readonly headers?: readonly string[];
  readonly body: string | Buffer;
}

/** Headers that differ from answer to answer. */
const ownOfAnswer = new Set(['date', 'x-request-id']);

/** Sends requests over one connection, one after another. */
export function laneClient(port: number): { send(request: LaneRequest): Promise<RawAnswer>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    send({ method = 'POST', path = '/graphql', headers = ['content-type', 'application/json'], body }) {
      const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
      const lines = ['host', '127.0.0.1', ...headers, 'content-length', String(Buffer.byteLength(body))];
      const outgoing = request({ host: '127.0.0.1', port, method, path, agent, headers: lines });
      outgoing.on('error', reject);
      outgoing.on('response', (response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        response.on('error', reject);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: headersOf(response),
            body: Buffer.concat(chunks).toString('latin1'),
          }),
        );
      });
      outgoing.end(body);
      return promise;
    },
    close: () => agent.destroy(),
  };
}

function headersOf({ rawHeaders }: IncomingMessage): readonly string[] {
  const found: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (!ownOfAnswer.has(name)) found.push(`${name}: ${rawHeaders[at + 1]}`);
  }
  return found.toSorted();
}
