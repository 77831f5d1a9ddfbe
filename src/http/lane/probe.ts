import { createServer } from 'node:http';
import { Duplex } from 'node:stream';
import { plainHeaders } from '../../api/operation/operation.ts';
import { withDeadline } from '../../protocol/deadline.ts';
import { idleTimeoutMs } from '../connections/keep-alive.ts';
import { type WriteHead, writeHead, writeHeadAsText } from './heads.ts';
import { LaneRequest } from './lane-request.ts';

/** What the lane may use in this version of Node. The lane depends on behaviour that Node does not document. */
export interface NodeFindings {
  /** Whether the parser gives each body to `push` of the request. If not, the lane is off. */
  readonly takesBodies: boolean;
  /** Writes the heads of answers. It is `writeHeadAsText` only if Node then sends the bytes of `writeHead`. */
  readonly writeHead: WriteHead;
}

/** How long the probe may take. It needs no network. */
const timeoutMs = 1_000;

const body = '{"a":"ä"}';
const request = `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** Answers two requests in memory, one with each function. */
export async function probeNode(): Promise<NodeFindings> {
  const [withNode, asText] = await Promise.all(
    [writeHead, writeHeadAsText].map((write) => withDeadline(answerTo(write), timeoutMs, () => null)),
  );
  return {
    takesBodies: typeof withNode === 'string',
    writeHead: typeof withNode === 'string' && withNode === asText ? writeHeadAsText : writeHead,
  };
}

/** Returns the bytes of an answer, without its date, if the body of its request was taken. Otherwise it waits. */
function answerTo(write: WriteHead): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer({ IncomingMessage: LaneRequest, keepAliveTimeout: idleTimeoutMs.ofCallers });
    const socket = new InMemorySocket((text) => {
      resolve(text.replace(/^Date: .*$/m, 'Date'));
      socket.destroy();
    });
    socket.on('error', reject);
    server.on('request', (message, response) => {
      let taken = '';
      message.takeBody({
        take: (chunk) => (taken += chunk.toString()),
        abort: () => {},
        end() {
          message.endBody();
          write(response, {
            status: 200,
            headers: plainHeaders['application/json'],
            id: 'id',
            cors: [],
            length: Buffer.byteLength(taken),
            at: Date.now(),
            isProxied: false,
          });
          response.end(taken);
        },
      });
    });
    server.emit('connection', socket);
    socket.push(request);
  });
}

/** A connection without a network. It calls back with the first text that the server writes. */
class InMemorySocket extends Duplex {
  readonly #onText: (text: string) => void;

  constructor(onText: (text: string) => void) {
    super({ decodeStrings: true });
    this.#onText = onText;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#onText(chunk.toString());
    done();
  }
}
