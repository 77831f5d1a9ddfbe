import { WebSocket } from 'ws';
import type { Random } from '../random.ts';
import { type Attack, anyAddress, anyCredential } from './attack.ts';
import { due } from './due.ts';
import { bodyOf, hostileOperation } from './documents.ts';

type Message = string | Buffer;

const oddPayloads = (random: Random): readonly unknown[] => [
  undefined,
  null,
  5,
  [],
  { authorization: anyCredential(random) },
  { authorization: 5 },
  { authorization: { toString: 'x' } },
  { Authorization: anyCredential(random), authorization: anyCredential(random) },
  { __proto__: null, headers: { Authorization: 'Bearer x' } },
];

/** Makes a message of graphql-transport-ws, of any type and shape. */
function anyMessage(random: Random, depth: number): Message {
  const id = String(random.below(5));
  const payload = random.pick(oddPayloads(random));
  const subscribe = (): string => {
    const asked = bodyOf(hostileOperation(random, ['query', 'mutation', 'subscription'], depth));
    return `{"id":"${id}","type":"subscribe","payload":${asked}}`;
  };
  const messages: readonly (() => Message)[] = [
    subscribe,
    subscribe,
    subscribe,
    subscribe,
    () => JSON.stringify({ type: 'ping', payload }),
    () => JSON.stringify({ type: 'ping' }),
    () => JSON.stringify({ type: 'pong', payload }),
    () => JSON.stringify({ id, type: 'complete' }),
    () => JSON.stringify({ id, type: 'complete' }),
    () =>
      JSON.stringify({
        id: random.pick([1, null, '', 'x'.repeat(5_000)]),
        type: 'subscribe',
        payload: { query: '{ hello }' },
      }),
    () =>
      JSON.stringify({
        id,
        type: 'subscribe',
        payload: random.pick([null, 5, {}, { query: 5 }, { query: '{ hello }', variables: [] }]),
      }),
    () => (random.below(5) === 0 ? JSON.stringify({ type: 'connection_init', payload }) : subscribe()),
    () => (random.below(8) === 0 ? '{' : subscribe()),
    () => (random.below(8) === 0 ? random.bytes(200) : subscribe()),
    () => (random.below(8) === 0 ? '['.repeat(20_000) : subscribe()),
    () => (random.below(20) === 0 ? 'x'.repeat(400_000) : subscribe()),
  ];
  return random.pick(messages)();
}

/** Ends a socket. A paused socket would never emit `close`, so it is resumed. */
function cut(client: WebSocket): void {
  if (client.isPaused) client.resume();
  client.terminate();
}

/** Opens a socket, uses it, often never reads from it, and cuts it off. */
const socket: Attack = async ({ streams, depth }, random) => {
  const protocol = random.below(10) === 0 ? [] : ['graphql-transport-ws'];
  const client = new WebSocket(streams.replace('http', 'ws'), protocol, {
    headers: { 'x-forwarded-for': anyAddress(random) },
    perMessageDeflate: random.below(4) === 0,
  });
  const opened = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<string>();
  client.on('error', () => opened.resolve('refused'));
  client.on('open', () => opened.resolve('open'));
  client.on('close', (code) => {
    opened.resolve('refused');
    closed.resolve(String(code));
  });
  try {
    if ((await due(opened.promise, () => 'the upgrade to a socket')) !== 'open') return 'socket refused';
    if (random.below(12) > 0) {
      const payload = random.below(3) > 0 ? undefined : random.pick(oddPayloads(random));
      client.send(JSON.stringify({ type: 'connection_init', payload }));
    }
    if (random.below(4) === 0) client.pause();
    const messages = 1 + random.below(random.below(10) === 0 ? 1_000 : 30);
    for (let sent = 0; sent < messages && client.readyState === WebSocket.OPEN; sent += 1) {
      client.send(anyMessage(random, depth), () => {});
      if (random.below(10) === 0) client.ping();
      if (random.below(6) === 0) await new Promise((resolve) => setTimeout(resolve, random.below(20)));
    }
    const timer = setTimeout(() => cut(client), random.below(400));
    const code = await due(closed.promise, () => 'a socket that was cut off');
    clearTimeout(timer);
    return `socket closed ${code}`;
  } finally {
    cut(client);
  }
};

export const socketAttacks: readonly (readonly [weight: number, attack: Attack])[] = [[5, socket]];
