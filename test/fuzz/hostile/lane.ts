import { connect } from 'node:net';
import { type Attack, anyAddress, anyCredential, due } from './attack.ts';
import { bodyOf, hostileVariables } from './documents.ts';
import { submit } from './http.ts';

/** Documents that are sent again and again. The server answers them without parsing them again. */
const documents = [
  '{ hello }',
  '{ hello me }',
  '{ thing { id name secret } }',
  'query ($mode: Mode) { things(mode: $mode) { id name ... on Book { checked mine } } }',
  'query ($filter: Filter) { a: search(filter: $filter) b: search(filter: $filter) }',
  'query ($filter: Filter, $kinds: [Kind!], $json: JSON) { search(filters: [], kinds: $kinds, json: $json) thing(filter: $filter) { id } }',
  'query ($flag: Boolean = true) { hello @include(if: $flag) any { __typename ... on Safe { marker } } }',
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
];
