import { connect } from 'node:net';
import type { Random } from '../random.ts';
import { type Attack, anyAddress, anyCredential } from './attack.ts';
import { due } from './due.ts';
import { bodyOf, hostileVariables } from './documents.ts';
import { hotDocuments } from './hot.ts';
import { submit } from './http.ts';

/** Documents that are sent again and again. The server answers them without parsing them again. */
const documents = [
  '{ hello }',
  '{ hello me }',
  'mutation { wipe }',
  'mutation ($filter: Filter, $mode: Mode) { set(filter: $filter, mode: $mode) { id name } }',
  '{ thing { id name secret } }',
  'query ($mode: Mode) { things(mode: $mode) { id name ... on Book { checked mine } } }',
  'query ($filter: Filter) { a: search(filter: $filter) b: search(filter: $filter) }',
  'query ($filter: Filter, $kinds: [Kind!], $json: JSON) { search(filters: [], kinds: $kinds, json: $json) thing(filter: $filter) { id } }',
  'query ($flag: Boolean = true) { hello @include(if: $flag) any { __typename ... on Safe { marker } } }',
  ...hotDocuments,
];

const types = ['application/json', 'application/json; charset=utf-8', 'application/json;charset=UTF-8'];
const accepts = [
  '*/*',
  'application/json',
  'application/graphql-response+json, application/json;q=0.9',
  'text/html',
  'a/b;q=2',
];

/** Sends a known document with hostile variables and credentials. */
const known: Attack = async ({ http }, random) => {
  const query = random.pick(documents);
  const headers = {
    'content-type': random.pick(types),
    'x-forwarded-for': anyAddress(random),
    ...(random.below(2) === 0 && { accept: random.pick(accepts) }),
    ...(random.below(4) === 0 && { authorization: anyCredential(random) }),
  };
  const operationName = random.below(10) > 0 ? undefined : random.pick(['', 'X', '__proto__', null, 5]);
  const variables = query.includes('$') ? hostileVariables(random) : '{}';
  return `known ${await submit(http, { headers, body: bodyOf({ query, variables, operationName }) })}`;
};

/** Sends a document that no other request has, one or more times. */
const distinct: Attack = async ({ http }, random) => {
  const body = bodyOf({ query: `{ a${random.below(2 ** 31)}: hello }`, variables: '{}', operationName: undefined });
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': anyAddress(random) };
  let status = 0;
  for (let time = random.below(3); time >= 0; time -= 1) status = await submit(http, { headers, body });
  return `distinct ${status}`;
};

/** Sends a known document in a body whose bytes are damaged, with the right length. */
const damaged: Attack = async ({ http }, random) => {
  const query = random.pick(documents);
  const variables = query.includes('$') ? hostileVariables(random) : '{}';
  const body = Buffer.from(bodyOf({ query, variables, operationName: undefined }));
  const damage: readonly (() => Buffer)[] = [
    () => body.subarray(0, random.below(body.length)),
    () => Buffer.concat([Buffer.from('\uFEFF'), body]),
    () => Buffer.concat([body, random.bytes(1 + random.below(20))]),
    () => Buffer.concat([body, body]),
    () => Buffer.from(body.toString('latin1').replace('{', '{"query":"{ hello }",'), 'latin1'),
    () => Buffer.from(body.toString('latin1').replace('{', '{"__proto__":{"query":"{ me }"},'), 'latin1'),
    () => Buffer.from(body.toString(), 'utf16le'),
    () => {
      for (let count = 1 + random.below(3); count > 0; count -= 1) body[random.below(body.length)] = random.below(256);
      return body;
    },
  ];
  const headers = { 'content-type': random.pick(types), 'x-forwarded-for': anyAddress(random) };
  return `damaged ${await submit(http, { headers, body: random.pick(damage)() })}`;
};

/** Writes the bytes of a request in parts, reads the answer or not, and disconnects. */
async function sendParts(http: string, parts: readonly (string | Buffer)[], random: Random): Promise<void> {
  const { port, hostname } = new URL(http);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on('error', () => resolve()).on('close', () => resolve());
  if (random.below(4) > 0) socket.resume();
  const timer = setTimeout(() => socket.destroy(), 20 + random.below(300));
  for (const part of parts) {
    if (socket.destroyed) break;
    socket.write(part);
    if (random.below(3) === 0) await new Promise(setImmediate);
  }
  // A client that has closed its side can still read the answer.
  if (random.below(2) === 0) socket.end();
  await due(promise, () => 'a connection that was half closed');
  clearTimeout(timer);
}

/** Sends a known document in chunks. Some chunks are wrong, and some requests end early. */
const chunked: Attack = async ({ http }, random) => {
  const body = Buffer.from(bodyOf({ query: random.pick(documents), variables: '{}', operationName: undefined }));
  const chunks: string[] = [];
  for (let at = 0; at < body.length; ) {
    const size = 1 + random.below(random.pick([3, 50, 500]));
    const stated = random.below(30) === 0 ? random.pick(['zz', '-1', 'ffffffffffffffff', '0']) : undefined;
    const part = body.subarray(at, at + size);
    chunks.push(
      `${stated ?? part.length.toString(16)}${random.below(10) === 0 ? ';a=b' : ''}\r\n${part.toString()}\r\n`,
    );
    at += size;
  }
  const head = [
    `POST ${new URL(http).pathname} HTTP/1.1`,
    'host: x',
    `content-type: ${random.pick(types)}`,
    'transfer-encoding: chunked',
    ...(random.below(8) === 0 ? [`content-length: ${body.length}`] : []),
  ].join('\r\n');
  const end = random.pick(['0\r\n\r\n', '0\r\n\r\n', '0\r\ntrailer: x\r\n\r\n', '']);
  await sendParts(http, [`${head}\r\n\r\n`, ...chunks, end], random);
  return 'chunked';
};

/** Sends a known document in few parts, and closes its own side before or after the end of the body. */
const halfClosed: Attack = async ({ http }, random) => {
  const body = bodyOf({ query: random.pick(documents), variables: '{}', operationName: undefined });
  const length = body.length + random.pick([0, 0, 0, 1, -1]);
  const head = `POST ${new URL(http).pathname} HTTP/1.1\r\nhost: x\r\ncontent-type: ${random.pick(types)}\r\ncontent-length: ${length}`;
  const at = random.below(body.length);
  await sendParts(http, [`${head}\r\n\r\n`, body.slice(0, at), body.slice(at)], random);
  return 'half closed';
};

/** Sends known documents as bytes: pipelined, in small parts, with a wrong length, and cut off. */
const bytes: Attack = async ({ http }, random) => {
  const { port, hostname, pathname } = new URL(http);
  const body = bodyOf({ query: random.pick(documents), variables: '{}', operationName: undefined });
  const length = body.length + random.pick([0, 0, 0, 1, 50, -1, -5]);
  const request = [
    `POST ${pathname} HTTP/1.1`,
    'host: x',
    `content-type: ${random.pick(types)}`,
    `content-length: ${length}`,
    ...(random.below(4) === 0 ? ['content-length: 3'] : []),
    ...(random.below(6) === 0 ? ['authorization: Bearer a', 'authorization: Bearer b'] : []),
    ...(random.below(6) === 0 ? ['connection: close'] : []),
    '',
    body,
  ].join('\r\n');
  const text = request.repeat(1 + random.below(random.below(10) === 0 ? 200 : 4));
  const socket = connect(Number(port), hostname);
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on('error', () => resolve()).on('close', () => resolve());
  if (random.below(3) > 0) socket.resume();
  const size = random.pick([text.length, 7, 100, 1_000]);
  const end = random.below(3) === 0 ? random.below(text.length) : text.length;
  const timer = setTimeout(() => socket.destroy(), 20 + random.below(300));
  for (let at = 0; at < end && !socket.destroyed; at += size) {
    socket.write(text.slice(at, Math.min(end, at + size)));
    if (size < text.length && random.below(20) === 0) await new Promise(setImmediate);
  }
  if (random.below(3) === 0) socket.end();
  await due(promise, () => 'a connection that was cut off');
  clearTimeout(timer);
  return 'bytes';
};

export const laneAttacks: readonly (readonly [weight: number, attack: Attack])[] = [
  [8, known],
  [4, distinct],
  [4, bytes],
  [4, damaged],
  [3, chunked],
  [3, halfClosed],
];
