import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { isRecord } from '../protocol/record.ts';

/** A POST that this server sends to itself. */
export interface InProcessRequest {
  /** The path of a route, without a query. */
  readonly path: string;
  /** The names are in lower case. No header may forward an address: `address` is the only one. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The network address of the caller that causes the request. */
  readonly address: string;
}

/** The complete answer to such a request. */
export interface InProcessAnswer {
  readonly status: number;
  /** Returns a header of the answer. Undefined: it has no such header. @param name - in lower case */
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

/**
 * Makes a function that passes a POST to this server's routes without a socket. All hooks run for it, and it is logged,
 * counted and traced, as a request from the network is.
 *
 * The request and the answer are the classes of Node. They do only what the handlers need, because Fastify's `inject`
 * takes more time than the routing and the hooks together. A request is not stopped when its caller has stopped
 * waiting: the handler would continue anyway.
 *
 * @param app - returns the server, which must be ready. Called only for requests, because the server is made later
 * @returns a function that rejects if the handler destroys the answer
 */
export function inProcessPost(app: () => FastifyInstance): (request: InProcessRequest) => Promise<InProcessAnswer> {
  return ({ path, headers, body, address }) =>
    new Promise((resolve, reject) => {
      const bytes = Buffer.from(body);
      const request = new IncomingMessage(withoutConnection(address));
      request.method = 'POST';
      request.url = path;
      request.httpVersion = '1.1';
      request.httpVersionMajor = 1;
      request.httpVersionMinor = 1;
      request.headers = { ...headers, 'content-length': String(bytes.length) };
      request.complete = true;
      request.push(bytes);
      request.push(null);
      app().routing(request, new InProcessResponse(request, resolve, reject));
    });
}

/** Returns what handlers read of the socket of a request. It is not a `Socket`, so hooks recognize the request. */
function withoutConnection(remoteAddress: string): Socket {
  const read: Partial<Socket> & { readonly encrypted: boolean } = { remoteAddress, encrypted: false, destroyed: true };
  return read as Socket;
}

/** An answer that stays in memory. The head is not written as text, unless a handler calls `writeHead`. */
class InProcessResponse extends ServerResponse {
  readonly #chunks: Buffer[] = [];
  readonly #resolve: (answer: InProcessAnswer) => void;
  readonly #reject: (error: Error) => void;

  constructor(request: IncomingMessage, resolve: (answer: InProcessAnswer) => void, reject: (error: Error) => void) {
    super(request);
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Sets the headers too. Node would write some of them without setting them. */
  override writeHead(status: number, ...rest: unknown[]): this {
    const headers = rest.at(-1);
    for (const [name, value] of Object.entries(isRecord(headers) ? headers : {})) {
      this.setHeader(name, value as number | string | readonly string[]);
    }
    return super.writeHead(status);
  }

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    this.#chunks.push(bytesOf(chunk));
    callbackOf(rest)?.();
    return true;
  }

  override end(...args: unknown[]): this {
    if (this.writableEnded) return this;
    const [chunk] = args;
    const hasChunk = typeof chunk === 'string' || chunk instanceof Uint8Array;
    if (hasChunk && (typeof chunk !== 'string' || this.#chunks.length > 0)) this.#chunks.push(bytesOf(chunk));
    const body = this.#chunks.length > 0 || typeof chunk !== 'string' ? Buffer.concat(this.#chunks).toString() : chunk;
    this.finished = true;
    process.nextTick(() => {
      this.emit('finish');
      callbackOf(args)?.();
      this.emit('close');
      this.#resolve({ status: this.statusCode, header: (name) => this.getHeader(name)?.toString(), body });
    });
    return this;
  }

  override destroy(error?: Error): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    if (this.writableEnded) return this;
    process.nextTick(() => {
      this.emit('close');
      this.#reject(error ?? new Error('the answer was destroyed before its end'));
    });
    return this;
  }
}

function bytesOf(chunk: unknown): Buffer {
  return chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.from(String(chunk));
}

/** Finds the callback among the arguments of `write` and `end`. Each of these methods has several overloads. */
function callbackOf(args: readonly unknown[]): (() => void) | undefined {
  const last = args.findLast((argument) => typeof argument === 'function');
  return last as (() => void) | undefined;
}
