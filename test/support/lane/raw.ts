import { connect } from 'node:net';

/**
 * How long the server may be silent before the client hangs up, in milliseconds, if it does not close itself. The first
 * answer may take longer on a busy machine.
 */
const silentMs = { before: 2_000, after: 150 };
/**
 * For how many turns of the event loop the server must be silent too. If the process did not run for a while, its timers
 * end before the server in this process has read what has arrived.
 */
const silentTurns = 50;
/** A part at which the client waits for an answer before it sends more. */
export const answered = Symbol('answered');

/** Bytes that a client sends, with turns of the event loop between the parts. */
export interface RawRequest {
  /** What a server does with a part must not depend on how long it takes for the part before, except at `answered`. */
  readonly parts: readonly (string | Buffer | typeof answered)[];
  /** Whether the client closes its side after the last part. */
  readonly closes?: boolean;
}

/** Sends bytes on a new connection. @returns everything that the server answers, without times and request IDs */
export async function sendRaw(port: number, { parts, closes = false }: RawRequest): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let answer = '';
  let timer: NodeJS.Timeout | undefined;
  const { promise, resolve } = Promise.withResolvers<void>();
  let sawAnswer = (): void => {};
  const endIfSilent = async (): Promise<void> => {
    const { length } = answer;
    for (let turn = 0; turn < silentTurns; turn += 1) await new Promise(setImmediate);
    if (answer.length === length) socket.destroy();
  };
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void endIfSilent(), answer === '' ? silentMs.before : silentMs.after);
  };
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
    sawAnswer();
    wait();
  });
  socket.on('error', () => resolve());
  socket.on('end', () => socket.destroy());
  socket.on('close', () => resolve());
  for (const part of parts) {
    if (socket.destroyed) break;
    if (part === answered) {
      if (answer === '') await Promise.race([promise, new Promise<void>((seen) => (sawAnswer = seen))]);
      continue;
    }
    socket.write(part);
    await new Promise((sent) => setTimeout(sent, parts.length > 1 ? 10 : 0));
  }
  if (closes) socket.end();
  wait();
  await promise;
  clearTimeout(timer);
  return answer.replaceAll(/^(date|x-request-id): .*$/gim, '$1: its own');
}

/** The lines and the body of a request. */
export interface Written {
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  /** Further lines. They follow the lines of `lines`. */
  readonly more?: readonly string[];
  /** Default: the host, the media type of JSON, and the end of the connection after the answer. */
  readonly lines?: readonly string[];
  readonly body?: string | Buffer;
  /** Default: the length of the body. `null`: no line. */
  readonly length?: string | null;
}

/** Writes a request. The client asks for the end of the connection, so that the test need not wait. */
export function write(body: string | Buffer, changes: Written = {}): Buffer {
  const { method = 'POST', target = '/graphql', version = '1.1', more = [], lines = usual } = changes;
  const length = changes.length === undefined ? String(Buffer.byteLength(body)) : changes.length;
  const all = [
    `${method} ${target} HTTP/${version}`,
    ...lines,
    ...more,
    ...(length === null ? [] : [`content-length: ${length}`]),
  ];
  return Buffer.concat([Buffer.from(`${all.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}

export const host = 'host: 127.0.0.1';
export const json = 'content-type: application/json';
export const close = 'connection: close';
const usual = [host, json, close];
