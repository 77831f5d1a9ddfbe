import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocket, WebSocketServer } from 'ws';
import { startSubscription, type SubscriptionState } from '../../src/explorer/client/run/stream/subscription.ts';

const schema = buildSchema('type Query { a: Int } type Subscription { ticks: Int }');

/** A server that counts, and that keeps what its clients send as tokens. */
async function startServer() {
  const tokens: unknown[] = [];
  const sockets: WebSocket[] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString());
      if (message.type === 'ping' && message.payload) tokens.push(`ping ${message.payload.authorization}`);
    });
  });
  const disposable = useServer(
    {
      schema,
      onConnect: ({ connectionParams }) => {
        tokens.push(connectionParams?.authorization ?? null);
        return true;
      },
      roots: {
        subscription: {
          async *ticks() {
            for (let ticks = 1; ; ticks += 1) {
              yield { ticks };
              await new Promise((resolve) => setTimeout(resolve, 20));
            }
          },
        },
      },
    },
    server,
  );
  await once(server, 'listening');
  after(async () => {
    for (const socket of sockets) socket.terminate();
    await disposable.dispose();
  });
  return { tokens, sockets, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function begin({ query = 'subscription { ticks }', kind = 'signed-in' } = {}) {
  const server = await startServer();
  const states: SubscriptionState[] = [];
  const events: unknown[] = [];
  const listeners = new Set<() => void>();
  const callers = [{ id: 'a', kind, expiresAt: null }];
  let token = 1;
  const waits: number[] = [];
  const changed = new EventTarget();
  const stop = startSubscription({
    url: server.url,
    callerId: 'a',
    operation: { kind: 'subscription', query },
    webSocket: WebSocket,
    callers: {
      list: () => callers,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      authorization: async () => `Bearer ${token}`,
      renew: async () => {
        token += 1;
      },
    },
    now: Date.now,
    wait: (act, delayMs) => {
      waits.push(delayMs);
      const timer = setTimeout(act, Math.min(delayMs, 50));
      return () => clearTimeout(timer);
    },
    onState: (state) => {
      states.push(state);
      changed.dispatchEvent(new Event('change'));
    },
    onEvent: (event) => {
      events.push(event);
      changed.dispatchEvent(new Event('change'));
    },
  });
  after(stop);
  async function when(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await once(changed, 'change');
  }
  return {
    ...server,
    states,
    events,
    listeners,
    waits,
    stop,
    when,
    renew: () => {
      token += 1;
      for (const listener of listeners) listener();
    },
    remove: () => {
      callers.length = 0;
      for (const listener of listeners) listener();
    },
    isLive: (times: number) => () => states.filter((state) => state.kind === 'live').length >= times,
    ended: () => states.at(-1)?.kind === 'ended',
  };
}

describe('a subscription over WebSocket', { timeout: 30_000 }, () => {
  it('sends the token in connection_init, and a renewed one in a ping, and its events go on', async () => {
    const run = await begin();
    await run.when(() => run.events.length >= 2);
    run.renew();
    const before = run.events.length;
    await run.when(() => run.events.length >= before + 3 && run.tokens.length === 2);
    assert.deepEqual(run.tokens, ['Bearer 1', 'ping Bearer 2']);
    assert.equal(run.sockets.length, 1);
    run.stop();
    assert.deepEqual(run.states.at(-1), { kind: 'ended', reason: 'You stopped the subscription.' });
    assert.equal(run.listeners.size, 0);
  });

  it('connects again with a new token after 4401, and says why', async () => {
    const run = await begin();
    await run.when(() => run.events.length > 0);
    run.sockets[0]?.close(4401, 'Unauthorized');
    await run.when(run.isLive(2));
    assert.deepEqual(run.tokens, ['Bearer 1', 'Bearer 2']);
    assert.ok(run.states.some((state) => state.kind === 'connecting' && /expired.*4401/.test(String(state.reason))));
  });

  it('ends after 4401 for a pasted token, which cannot be renewed', async () => {
    const run = await begin({ kind: 'pasted' });
    await run.when(() => run.events.length > 0);
    run.sockets[0]?.close(4401, 'Unauthorized');
    await run.when(run.ended);
    assert.match(JSON.stringify(run.states.at(-1)), /Sign in again/);
  });

  it('ends at once if its caller is removed, although the server would still accept the token', async () => {
    const run = await begin({ kind: 'pasted' });
    await run.when(() => run.events.length > 0);
    run.remove();
    assert.deepEqual(run.states.at(-1), { kind: 'ended', reason: 'The caller was removed.' });
    const before = run.events.length;
    const [socket] = run.sockets;
    if (socket && socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
    assert.equal(run.events.length, before);
    assert.equal(run.listeners.size, 0);
  });

  it('waits longer before each further connection, and ends in words', async () => {
    const run = await begin();
    await run.when(() => run.events.length > 0);
    run.sockets[0]?.close(1001, 'Going Away');
    await run.when(run.isLive(2));
    assert.ok(
      run.states.some((state) => state.kind === 'waiting' && /stopping/.test(state.reason) && state.attempt === 1),
    );
    run.sockets[1]?.close(4403, 'Forbidden');
    await run.when(run.ended);
    assert.match(JSON.stringify(run.states.at(-1)), /another person.*4403/);
  });

  it('ends a refused subscription with its errors, which are no event', async () => {
    const run = await begin({ query: 'subscription { nothing }' });
    await run.when(run.ended);
    assert.deepEqual(run.events, []);
    assert.match(JSON.stringify(run.states.at(-1)), /refused.*Cannot query field/);
  });
});
