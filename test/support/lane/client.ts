import { connect, type Socket } from 'node:net';
import { createAnswerReader, type ReadAnswer } from './read-answer.ts';

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
const ownOfAnswer = /^(?:date|x-request-id):/;

/**
 * Sends requests over one connection, one after another. It writes bytes to a socket, because the client of Node.js
 * takes more time than the servers that are compared.
 */
export function laneClient(port: number): { send(request: LaneRequest): Promise<RawAnswer>; close(): void } {
  let socket: Socket | null = null;
  let pending: PromiseWithResolvers<RawAnswer> | null = null;
  let reader = createAnswerReader('POST');

  function answered({ status, headers, body, isLast }: ReadAnswer): void {
    const settled = pending;
    pending = null;
    if (isLast) forget();
    settled?.resolve({ status, headers: headers.filter((line) => !ownOfAnswer.test(line)).toSorted(), body });
  }

  function forget(): void {
    const before = socket;
    socket = null;
    before?.destroy();
  }

  function open(): Socket {
    const made = connect({ host: '127.0.0.1', port, noDelay: true });
    made.setEncoding('latin1');
    made.on('data', (text: string) => {
      const answer = made === socket ? reader.read(text) : null;
      if (answer !== null) answered(answer);
    });
    const ended = (error?: Error): void => {
      if (made !== socket) return;
      const answer = error ? null : reader.end();
      if (answer !== null) return answered(answer);
      forget();
      pending?.reject(error ?? new Error('the server closed the connection before its answer'));
    };
    return made.on('error', ended).on('close', () => ended());
  }

  return {
    send({ method = 'POST', path = '/graphql', headers = ['content-type', 'application/json'], body }) {
      pending = Promise.withResolvers<RawAnswer>();
      reader = createAnswerReader(method);
      const lines = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1'];
      for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`);
      lines.push(`content-length: ${Buffer.byteLength(body)}`, 'connection: keep-alive');
      socket ??= open();
      socket.cork();
      socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
      socket.write(body);
      socket.uncork();
      return pending.promise;
    },
    close: forget,
  };
}
