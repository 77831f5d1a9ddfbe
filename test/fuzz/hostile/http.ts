import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Random } from '../random.ts';
import { type Attack, anyAddress, anyCredential } from './attack.ts';
import { due } from './due.ts';
import { bodyOf, hostileOperation } from './documents.ts';
import type { Target } from './targets.ts';

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** Sends a request and reads its answer to the end. @returns the status */
async function send(url: string, { method = 'POST', headers = {}, body = '' }: Sent): Promise<number> {
  const answer = Promise.withResolvers<number>();
  const outgoing = request(url, { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } });
  outgoing.on('error', () => answer.resolve(0));
  outgoing.on('response', (response: IncomingMessage) => {
    response.on('error', () => answer.resolve(0));
    response.on('end', () => answer.resolve(response.statusCode ?? 0));
    response.resume();
  });
  outgoing.end(body);
  try {
    return await due(answer.promise, () => `${method} ${url} ${String(body)}`.slice(0, 2_000));
  } finally {
    outgoing.destroy();
  }
}

function headersFor(random: Random): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-forwarded-for': anyAddress(random),
    ...(random.below(6) === 0 && { authorization: anyCredential(random) }),
    ...(random.below(20) === 0 && { dpop: anyCredential(random) }),
    ...(random.below(10) === 0 && {
      accept: random.pick(['*/*', 'text/html', 'application/graphql-response+json', ',,;']),
    }),
  };
}

/** Sends an operation over POST or GET. */
const operation: Attack = async ({ http, depth }, random) => {
  const asked = hostileOperation(random, ['query', 'query', 'mutation'], depth);
  const headers = headersFor(random);
  if (random.below(5) > 0) return `POST ${await send(http, { headers, body: bodyOf(asked) })}`;
  const query = new URLSearchParams({ query: asked.query, variables: asked.variables });
  if (query.toString().length > 12_000) return 'GET left out';
  return `GET ${await send(`${http}?${query.toString()}`, { method: 'GET', headers: { ...headers, 'apollo-require-preflight': 'x' } })}`;
};

/** Sends a body that is not an operation. */
const body: Attack = async ({ http }, random) => {
  const deep = random.below(50_000);
  const bodies: readonly (() => string | Buffer)[] = [
    () => '',
    () => '{',
    () => '[]',
    () => 'null',
    () => '"x"',
    () => '['.repeat(deep) + ']'.repeat(deep),
    () => `{"query":"{hello}","variables":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}`,
    () => JSON.stringify(Array.from({ length: 100 }, () => ({ query: '{ hello }' }))),
    () => JSON.stringify({ query: { toString: 'x' }, extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }),
    () => JSON.stringify({ query: '{ hello }', extensions: 'x', operationName: ['x'] }),
    () => `{"query":"{ hello }","__proto__":{"x":1},"query":"{ me }"}`,
    () => random.bytes(random.below(2_000)),
    () => 'x'.repeat(400_000),
  ];
  const headers = { ...headersFor(random), ...encodings(random) };
  const content = random.pick(bodies)();
  const zipped = headers['content-encoding'] === 'gzip' && random.below(2) === 0;
  return `body ${await send(http, { headers, body: zipped ? gzipSync(Buffer.alloc(5_000_000)) : content })}`;
};

function encodings(random: Random): Record<string, string> {
  return {
    ...(random.below(6) === 0 && { 'content-encoding': random.pick(['gzip', 'br', 'x', 'identity']) }),
    ...(random.below(4) === 0 && {
      'content-type': random.pick([
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/json; charset=x',
        'multipart/form-data; boundary=x',
        '/',
      ]),
    }),
  };
}

const rawRequests: readonly ((random: Random) => string)[] = [
  () => 'GET',
  () => '\r\n\r\n',
  () => `GET /graphql?query=${'x'.repeat(60_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
  () => 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\ncontent-type: application/json\r\n\r\n{"query"',
  () =>
    'POST /graphql HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\ncontent-type: application/json\r\n\r\nZZ\r\n',
  () =>
    'POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer a\r\nauthorization: Bearer b\r\ncontent-length: 2\r\n\r\n{}',
  () => `GET /graphql HTTP/1.1\r\nhost: x\r\n${'x-a: b\r\n'.repeat(3_000)}\r\n`,
  () => 'GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\n\r\n',
  () => 'GET //../..%2f%00 HTTP/1.1\r\nhost: x\r\n\r\n',
  () =>
    'POST /graphql HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: 19\r\n\r\n',
  (random) => random.bytes(500).toString('latin1'),
  () => 'GET /graphql?query={hello} HTTP/1.1\r\nhost: x\r\napollo-require-preflight: x\r\n\r\n'.repeat(50),
];

/** Sends bytes on a connection, and then cuts the connection. */
const raw: Attack = async ({ http }, random) => {
  const { port, hostname } = new URL(http);
  const socket = connect(Number(port), hostname);
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on('error', () => resolve()).on('close', () => resolve());
  socket.write(random.pick(rawRequests)(random), 'latin1');
  if (random.below(2) === 0) socket.resume();
  if (random.below(3) === 0) socket.end();
  const timer = setTimeout(() => socket.destroy(), 5 + random.below(300));
  await promise;
  clearTimeout(timer);
  return 'raw';
};

/** Sends an operation, and disconnects before the answer. */
const aborted: Attack = async ({ http, depth }, random) => {
  const text = bodyOf(hostileOperation(random, ['query', 'mutation'], depth));
  const outgoing = request(http, { method: 'POST', headers: headersFor(random) });
  const { promise, resolve } = Promise.withResolvers<void>();
  outgoing.on('error', () => resolve()).on('close', () => resolve());
  outgoing.on('response', (response: IncomingMessage) => response.destroy());
  outgoing.end(text);
  const timer = setTimeout(() => outgoing.destroy(), random.below(30));
  await due(promise, () => 'a request that was cut off');
  clearTimeout(timer);
  return 'aborted';
};

/** Opens server-sent events, reads them for a while or not at all, and disconnects. */
const stream: Attack = async ({ streams, depth }, random) => {
  const text = bodyOf(hostileOperation(random, ['subscription', 'subscription', 'query', 'mutation'], depth));
  const headers = { ...headersFor(random), accept: 'text/event-stream' };
  const outgoing = request(streams, { method: 'POST', headers });
  const begun = Promise.withResolvers<string>();
  outgoing.on('error', () => begun.resolve('broken'));
  const ended = Promise.withResolvers<void>();
  outgoing.on('close', () => ended.resolve());
  outgoing.on('response', (response: IncomingMessage) => {
    begun.resolve(String(response.statusCode));
    response.on('error', () => {});
    if (random.below(4) > 0) response.resume();
  });
  outgoing.end(text);
  const status = await due(begun.promise, () => `server-sent events for ${text.slice(0, 2_000)}`);
  const timer = setTimeout(() => outgoing.destroy(), random.below(400));
  await ended.promise;
  clearTimeout(timer);
  return `events ${status}`;
};

/** Sends the query of an honest client. Throws if it is not answered correctly. */
export async function honest({ http }: Target): Promise<void> {
  const answer = fetch(http, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ hello }' }),
  }).then(async (response) => ({ status: response.status, text: await response.text() }));
  const { status, text } = await due(answer, () => '{ hello } of an honest client');
  if (status !== 200 || !text.includes('"hello":"hello"'))
    throw new Error(`an honest client got ${status} ${text.slice(0, 500)}`);
}

export const httpAttacks: readonly (readonly [weight: number, attack: Attack])[] = [
  [12, operation],
  [3, body],
  [3, raw],
  [2, aborted],
  [4, stream],
];

/**
 * Sends a form to the authorization server, or requests a page.
 * @returns the status
 */
export const submit = send;
