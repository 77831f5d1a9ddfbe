import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';
import { until } from './process.ts';

/** A message of the protocol. */
export interface SocketMessage {
  readonly id?: string;
  readonly type: string;
  readonly payload?: any;
}

/** A WebSocket without a GraphQL library. */
export interface RawSocket {
  readonly socket: WebSocket;
  /** The received messages. */
  readonly messages: SocketMessage[];
  /** The close code of the socket. */
  readonly closed: Promise<number>;
  send(message: unknown): void;
  /** Starts an operation. */
  subscribe(id: string, query: string, more?: Record<string, unknown>): void;
  /** Waits until `count` messages match. Messages that have already arrived count too. */
  wait(matches: (message: SocketMessage) => boolean, count?: number): Promise<readonly SocketMessage[]>;
}

export interface RawSocketOptions extends ClientOptions {
  /** The caller's address that a trusted proxy sends. */
  readonly from?: string;
  /** The payload of `connection_init`; `null`: no `connection_init` is sent. Default: an empty payload. */
  readonly init?: Record<string, unknown> | null;
  readonly protocol?: string | undefined;
}

/** Opens a socket. If it sends `connection_init`, waits for the acknowledgement. */
export async function openSocket(url: string, options: RawSocketOptions = {}): Promise<RawSocket> {
  const { from, init = {}, ...rest } = options;
  const address = `${url.replace('http:', 'ws:').replace('localhost', '127.0.0.1')}/graphql`;
  const headers = { ...rest.headers, ...(from !== undefined && { 'x-forwarded-for': from }) };
  const protocol = 'protocol' in options ? options.protocol : 'graphql-transport-ws';
  const socket = new WebSocket(address, protocol === undefined ? [] : [protocol], { ...rest, headers });
  const messages: SocketMessage[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString())));
  socket.on('error', () => {});
  const { promise: closed, resolve: close } = Promise.withResolvers<number>();
  socket.once('close', close);
  await once(socket, 'open');
  const raw: RawSocket = {
    socket,
    messages,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    subscribe: (id, query, more = {}) => raw.send({ id, type: 'subscribe', payload: { query, ...more } }),
    async wait(matches, count = 1) {
      await until(async () => messages.filter(matches).length >= count, 15_000);
      return messages.filter(matches);
    },
  };
  if (init !== null) {
    raw.send({ type: 'connection_init', payload: init });
    await raw.wait(({ type }) => type === 'connection_ack');
  }
  return raw;
}
