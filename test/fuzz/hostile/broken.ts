import { connect } from 'node:net';
import type { Random } from '../random.ts';
import type { Attack } from './attack.ts';
import { due } from './due.ts';

/** Known documents. The mutation notes that it has begun, and that it has finished. */
const mutation = 'mutation ($run: String!) { begin(run: $run) finish(run: $run) }';
const query = 'query ($run: JSON) { hello search(json: $run) }';

/** The part of the answer that says that all of an operation has run. */
const wholeRun = { [mutation]: '"begin":true,"finish":true', [query]: '"hello":"hello","search":"found"' } as const;

/** How a request states the length of its body. The last four are faults, so no operation runs. */
type Framing = 'length' | 'chunked' | 'neither' | 'both' | 'short' | 'long';

const faults = ['neither', 'both', 'short', 'long'] as const;
const types = ['application/json', 'application/json; charset=utf-8'];

/** No two runs have the same name, so that the server finds a mutation that runs twice. */
let runs = 0;

interface Written {
  readonly text: string;
  readonly document: keyof typeof wholeRun;
}

/** Writes a request of a known document. @param isWhole - whether the server may run it. The name of its run says so */
function write(http: string, random: Random, framing: Framing, isWhole: boolean, isLast: boolean): Written {
  runs += 1;
  const document = random.below(4) > 0 ? mutation : query;
  const run = `${isWhole ? 'run' : 'never'} ${runs}`;
  const body = JSON.stringify({ query: document, variables: { run } });
  const wrong = { short: -1 - random.below(body.length - 1), long: 1 + random.below(100) };
  const length = body.length + (framing === 'short' || framing === 'long' ? wrong[framing] : 0);
  const isChunked = framing === 'chunked' || framing === 'both';
  const head = [
    `POST ${new URL(http).pathname} HTTP/1.1`,
    'host: x',
    `content-type: ${random.pick(types)}`,
    ...(framing === 'chunked' || framing === 'neither' ? [] : [`content-length: ${length}`]),
    ...(isChunked ? ['transfer-encoding: chunked'] : []),
    ...(isLast ? ['connection: close'] : []),
  ].join('\r\n');
  return { text: `${head}\r\n\r\n${isChunked ? chunksOf(body, random) : body}`, document };
}

function chunksOf(body: string, random: Random): string {
  let text = '';
  const most = random.pick([1, 5, 500]);
  for (let at = 0; at < body.length; ) {
    const part = body.slice(at, at + 1 + random.below(most));
    text += `${part.length.toString(16)}\r\n${part}\r\n`;
    at += part.length;
  }
  return `${text}0\r\n\r\n`;
}

type Ending = 'answered' | 'cut off' | 'faulty' | 'disconnected';

/**
 * Sends known queries and mutations over one connection, one or several at once, whole and in parts.
 *
 * - `answered`: all of them are complete, so each is answered.
 * - `cut off`: the last one ends at any of its bytes.
 * - `faulty`: the last one does not state its length, or states a wrong one.
 * - `disconnected`: the client disconnects after the last byte, and reads no answer.
 *
 * The resolvers of the mutation end the process if one runs twice, or if one runs whose request is not complete.
 */
const broken: Attack = async ({ http }, random) => {
  const ending = random.pick<Ending>(['answered', 'answered', 'cut off', 'cut off', 'faulty', 'disconnected']);
  const framing = (): Framing => random.pick(['length', 'length', 'chunked']);
  const count = random.below(3) > 0 ? 1 : 1 + random.below(12);
  const whole = Array.from({ length: ending === 'cut off' || ending === 'faulty' ? count - 1 : count }, (_, at) =>
    write(http, random, framing(), true, ending === 'answered' && at === count - 1),
  );
  let text = whole.map((request) => request.text).join('');
  if (ending === 'cut off') {
    const last = write(http, random, framing(), false, false).text;
    text += last.slice(0, random.below(last.length));
  }
  if (ending === 'faulty') text += write(http, random, random.pick(faults), false, true).text;
  const answer = await send(http, text, ending, random);
  if (ending === 'answered') {
    for (const document of [mutation, query] as const) {
      const sent = whole.filter((request) => request.document === document).length;
      const answered = answer.split(wholeRun[document]).length - 1;
      if (sent !== answered)
        throw new Error(`${sent} of ${document} were sent, and ${answered} answered: ${answer.slice(0, 1_000)}`);
    }
  }
  return `broken: ${ending}`;
};

/** Writes the text in parts of one size. @returns what the server has answered before the connection was closed */
async function send(http: string, text: string, ending: Ending, random: Random): Promise<string> {
  const { port, hostname } = new URL(http);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true, noDelay: true });
  const { promise, resolve } = Promise.withResolvers<void>();
  let answer = '';
  socket.on('error', () => resolve()).on('close', () => resolve());
  socket.on('end', () => socket.end());
  socket.on('data', (part: Buffer) => {
    answer += part.toString('latin1');
  });
  if (ending === 'disconnected' && random.below(2) === 0) socket.pause();
  const size = random.pick([text.length, text.length, 1, 7, 100]);
  for (let at = 0; at < text.length && !socket.destroyed; at += size) {
    socket.write(text.slice(at, at + size), 'latin1');
    if (random.below(size === 1 ? 40 : 3) === 0) await new Promise(setImmediate);
  }
  if (ending === 'disconnected') {
    if (random.below(2) === 0) socket.destroySoon();
    else socket.resetAndDestroy();
  }
  if (ending === 'cut off' && random.below(2) === 0) socket.destroySoon();
  if (ending === 'cut off' || ending === 'faulty') socket.end(); // The server would wait for the rest.
  await due(promise, () => `a connection that was ${ending}: ${text.slice(0, 1_000)}`);
  return answer;
}

/** Waits until each mutation that has begun has finished. @throws Hang if one does not */
export async function assertFinished(http: string): Promise<void> {
  const body = JSON.stringify({ query: '{ unfinished }' });
  const waiting = async (): Promise<void> => {
    for (;;) {
      const answer = await fetch(http, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const text = await answer.text();
      if (text.includes('"unfinished":0')) return;
      if (!text.includes('"unfinished":')) throw new Error(`the count of unfinished mutations: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  await due(waiting(), () => 'the end of a mutation that has begun');
}

export const brokenAttacks: readonly (readonly [weight: number, attack: Attack])[] = [[8, broken]];
