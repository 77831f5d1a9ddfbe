import { connect, type Socket } from 'node:net';

/** A request that was written out in advance, with the status that its answer must have. */
export interface PreparedRequest {
  readonly bytes: Buffer;
  readonly status: number;
}

/** What one connection of the load does with its answers. */
export interface Answered {
  /** Called for each complete answer. @param latencyMs - the time from the writing of the request to its last byte */
  readonly answered: (latencyMs: number, isExpected: boolean) => void;
  /** Called if the connection breaks, or if an answer cannot be read. The connection does not continue. */
  readonly broken: (error: Error) => void;
}

/** The size of the buffer into which all answers of a connection are read. */
const bufferBytes = 256 * 1024;

/** Writes a request out: one keep-alive request of HTTP/1.1, as it is sent to every contender. */
export function prepareRequest(url: URL, body: string, header: string | undefined, status = 200): PreparedRequest {
  const lines = [
    `POST ${url.pathname} HTTP/1.1`,
    `host: ${url.host}`,
    'connection: keep-alive',
    'accept: */*',
    'content-type: application/json',
    ...(header === undefined ? [] : [`authorization: ${header}`]),
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return { bytes: Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`), status };
}

/**
 * Opens a connection that sends one request after the other: the next one when the answer has arrived. It does as
 * little as possible for each answer, so that the server is what limits the rate: it reads the status and the length,
 * and not the body.
 *
 * @param next - returns the next request. Null: the connection ends
 * @returns a promise that settles when the connection has ended
 */
export async function keepAsking(
  url: URL,
  next: () => PreparedRequest | null,
  { answered, broken }: Answered,
): Promise<void> {
  await new Promise<void>((resolve) => {
    let request: PreparedRequest | null = null;
    let sentAt = 0;
    let reading = newAnswer();
    let ended = false;
    const end = (error?: Error): void => {
      if (ended) return;
      ended = true;
      if (error) broken(error);
      socket.destroy();
      resolve();
    };
    const send = (): void => {
      request = next();
      if (request === null) return end();
      sentAt = performance.now();
      socket.write(request.bytes);
    };
    const socket: Socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(bufferBytes),
        callback(length, buffer) {
          try {
            if (!readAnswer(reading, buffer as Buffer, length)) return true;
          } catch (error) {
            end(error instanceof Error ? error : new Error(String(error)));
            return true;
          }
          answered(performance.now() - sentAt, reading.status === request?.status);
          reading = newAnswer();
          send();
          return true;
        },
      },
    });
    socket.once('connect', send);
    socket.once('error', end);
    socket.once('close', () => end(new Error('the server closed the connection')));
  });
}

/** An answer whose bytes are arriving. */
interface ArrivingAnswer {
  /** The part of the head that has arrived. */
  head: string;
  status: number;
  /** How many bytes of the body are missing. Negative: the head is not complete, or the body has no stated length. */
  missing: number;
  isChunked: boolean;
  /** The last bytes of a body in chunks. */
  tail: string;
}

function newAnswer(): ArrivingAnswer {
  return { head: '', status: 0, missing: -1, isChunked: false, tail: '' };
}

/** Reads a part of an answer. @returns whether the answer is complete. @throws if the answer states no length */
function readAnswer(answer: ArrivingAnswer, buffer: Buffer, length: number): boolean {
  let from = 0;
  if (answer.status === 0) {
    const before = answer.head.length;
    answer.head += buffer.toString('latin1', 0, Math.min(length, 4_096));
    const headEnd = answer.head.indexOf('\r\n\r\n');
    if (headEnd < 0) return false;
    from = headEnd + 4 - before;
    answer.status = Number(answer.head.slice(9, 12));
    const head = answer.head.slice(0, headEnd);
    const stated = /\r\ncontent-length: *(\d+)/i.exec(head);
    answer.isChunked = !stated && /\r\ntransfer-encoding: *chunked/i.test(head);
    if (stated) answer.missing = Number(stated[1]);
    else if (!answer.isChunked) throw new Error(`an answer without a length: ${head}`);
  }
  if (answer.isChunked) {
    answer.tail = (answer.tail + buffer.toString('latin1', Math.max(from, length - 7), length)).slice(-7);
    return answer.tail.endsWith('0\r\n\r\n');
  }
  answer.missing -= length - from;
  return answer.missing === 0;
}
