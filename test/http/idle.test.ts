import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { after, describe, it } from 'node:test';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { sweepIdleConnections } from '../../src/http/connections/idle.ts';
import { idleTimeoutMs, keepOpen } from '../../src/http/connections/keep-alive.ts';
import { startLaneServer } from '../support/lane/server.ts';

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close().closeAllConnections();
});

const limitMs = idleTimeoutMs.ofCallers + 1_000;
const request = 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n';

/** A server, whose sweep runs when the test says so and at the time that the test gives. */
async function swept(listener: RequestListener) {
  let nowMs = 0;
  const runs = new Set<() => void>();
  const server = createServer({ keepAliveTimeout: idleTimeoutMs.ofCallers }, listener);
  servers.push(server);
  sweepIdleConnections(server, {
    nowMs: () => nowMs,
    every(run) {
      runs.add(run);
      return () => runs.delete(run);
    },
  });
  const accepted: Socket[] = [];
  server.on('connection', (socket: Socket) => accepted.push(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return {
    server,
    runs,
    /** Lets time pass, and then looks at the connections. */
    pass: (ms: number) => {
      nowMs += ms;
      for (const run of runs) run();
    },
    open: async () => {
      const client = connect(address.port, '127.0.0.1');
      const opened = accepted.length;
      await once(client, 'connect');
      while (accepted.length === opened) await once(server, 'connection');
      const socket = accepted[opened];
      assert.ok(socket);
      return {
        client,
        socket,
        /** Sends a text, and waits until it is answered. */
        ask: async (text = request) => {
          client.write(text);
          await once(client, 'data');
          // Node sets the timeout after it has written the answer.
          while (!socket.timeout) await new Promise(setImmediate);
        },
      };
    },
  };
}

const answer: RequestListener = (_request, response) => void response.end('answer');

describe('idle connections are closed by one sweep', () => {
  it('a connection is closed after its time, and not before', async () => {
    const { pass, open, runs } = await swept(answer);
    const { client, socket, ask } = await open();
    await ask();
    assert.equal(socket.timeout, limitMs);
    pass(500);
    pass(limitMs - 1);
    assert.equal(socket.destroyed, false);
    pass(1);
    assert.equal(socket.destroyed, true);
    await once(client.resume(), 'close');
    assert.equal(runs.size, 0, 'no timer runs without connections');
  });

  it('each request begins the time anew', async () => {
    const { pass, open } = await swept(answer);
    const { socket, ask } = await open();
    for (let sent = 0; sent < 3; sent += 1) {
      await ask();
      pass(1_000);
      pass(limitMs - 1);
      assert.equal(socket.destroyed, false);
    }
  });

  it('a running request is never closed, and the time begins after its answer', async () => {
    const running: ServerResponse[] = [];
    const { pass, open } = await swept((_request, response) => {
      if (running.push(response) === 1) response.end('answer');
    });
    const { client, socket, ask } = await open();
    await ask();
    pass(1_000);
    client.write(request);
    while (running.length < 2) await new Promise(setImmediate);
    for (let passed = 0; passed < 5; passed += 1) pass(limitMs);
    assert.equal(socket.destroyed, false);
    running[1]?.end('answer');
    await ask('');
    pass(1_000);
    pass(limitMs - 1);
    assert.equal(socket.destroyed, false);
    pass(1);
    assert.equal(socket.destroyed, true);
  });

  it('a part of the next request begins the time anew, and a client that sends no more is closed', async () => {
    const { pass, open } = await swept(answer);
    const { client, socket, ask } = await open();
    await ask();
    pass(1_000);
    pass(limitMs - 1);
    const { bytesRead } = socket;
    client.write('GET / HT');
    while (socket.bytesRead === bytesRead) await new Promise(setImmediate);
    pass(1);
    pass(limitMs - 1);
    assert.equal(socket.destroyed, false);
    pass(1);
    assert.equal(socket.destroyed, true);
  });

  it('a connection without a request is left to the timeouts of Node', async () => {
    const { pass, open } = await swept(answer);
    const { socket } = await open();
    pass(1_000);
    pass(10 * idleTimeoutMs.ofProxies);
    assert.equal(socket.destroyed, false);
  });

  it('a connection that became a WebSocket after a request is never closed', async () => {
    const { server, pass, open } = await swept(answer);
    const upgraded: Socket[] = [];
    server.on('upgrade', (_request, socket: Socket) => {
      upgraded.push(socket);
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    });
    const { client, socket, ask } = await open();
    await ask();
    client.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    await once(client, 'data');
    for (let passed = 0; passed < 5; passed += 1) pass(10 * limitMs);
    assert.deepEqual([upgraded.length, socket.timeout, socket.destroyed], [1, 0, false]);
    client.destroy();
  });

  it('a body that still arrives after an early answer begins the time anew', async () => {
    const { pass, open } = await swept(answer);
    const { client, socket, ask } = await open();
    await ask('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\n');
    pass(1_000);
    for (const part of 'abc') {
      pass(limitMs - 1);
      const { bytesRead } = socket;
      client.write(part);
      while (socket.bytesRead === bytesRead) await new Promise(setImmediate);
      pass(1);
      assert.equal(socket.destroyed, false);
    }
    pass(limitMs);
    assert.equal(socket.destroyed, true);
  });

  it('pipelined requests are one time of activity, which ends with the last answer', async () => {
    const running: ServerResponse[] = [];
    const { pass, open } = await swept((_request, response) => void running.push(response));
    const { client, socket } = await open();
    client.write(request.repeat(3));
    while (running.length < 3) await new Promise(setImmediate);
    for (const response of running.toReversed()) {
      for (let passed = 0; passed < 3; passed += 1) pass(limitMs);
      assert.equal(socket.destroyed, false);
      response.end('answer');
    }
    while (!socket.timeout) await new Promise(setImmediate);
    pass(1_000);
    pass(limitMs);
    assert.equal(socket.destroyed, true);
  });

  it('a connection of a proxy keeps its longer time', async () => {
    const { pass, open } = await swept((incoming, response) => {
      keepOpen(incoming.socket, response);
      response.end('answer');
    });
    const { socket, ask } = await open();
    await ask();
    assert.equal(socket.timeout, idleTimeoutMs.ofProxies + 1_000);
    pass(1_000);
    pass(idleTimeoutMs.ofProxies + 999);
    assert.equal(socket.destroyed, false);
    pass(1);
    assert.equal(socket.destroyed, true);
  });

  it('a server that listens to timeouts closes the connection itself, and is called one time', async () => {
    const { server, pass, open } = await swept(answer);
    let calls = 0;
    server.on('timeout', () => {
      calls += 1;
    });
    const { socket, ask } = await open();
    await ask();
    for (let passed = 0; passed < 4; passed += 1) pass(limitMs);
    assert.deepEqual([calls, socket.destroyed], [1, false]);
  });

  it('short timeouts, and those with a callback, are timers of Node', async () => {
    const { pass, open } = await swept(answer);
    const { socket } = await open();
    let calls = 0;
    const called = () => {
      calls += 1;
    };
    assert.equal(socket.setTimeout(idleTimeoutMs.ofCallers, called), socket);
    assert.deepEqual([socket.timeout, socket.listeners('timeout').includes(called)], [72_000, true]);
    socket.setTimeout(0, called);
    assert.equal(socket.listeners('timeout').includes(called), false);
    socket.removeAllListeners('timeout'); // Node's own listener would close the connection.
    socket.setTimeout(1, called);
    await once(socket, 'timeout');
    assert.equal(calls, 1);
    // A long timeout replaces the timer.
    socket.setTimeout(1, called);
    socket.setTimeout(idleTimeoutMs.ofCallers);
    await new Promise((resolve) => void setTimeout(resolve, 20));
    assert.equal(calls, 1);
    pass(1_000);
    pass(idleTimeoutMs.ofCallers);
    assert.equal(calls, 2);
    assert.throws(() => socket.setTimeout(Number.NaN), { code: 'ERR_OUT_OF_RANGE' });
  });

  it('many connections have one timer', async () => {
    const { runs, open } = await swept(answer);
    const opened = [await open(), await open(), await open()];
    assert.equal(runs.size, 1);
    for (const { client } of opened) client.destroy();
    while (runs.size > 0) await new Promise(setImmediate);
  });

  it('the server of the program sweeps its connections, with the lane on and off', async (t) => {
    const accepted: Socket[] = [];
    const onSocket = (message: unknown) => void accepted.push((message as { socket: Socket }).socket);
    subscribe('net.server.socket', onSocket);
    t.after(() => unsubscribe('net.server.socket', onSocket));
    const guarded = createGuardedSchema({
      modules: [{ name: 'one', typeDefs: 'type Query { one: String @public }', resolvers: {} }],
    });
    for (const lane of [true, false]) {
      const server = await startLaneServer({ guarded, lane });
      t.after(() => server.close());
      const client = connect(server.port, '127.0.0.1');
      const body = JSON.stringify({ query: '{ one }' });
      const head = `host: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
      for (let sent = 0; sent < 3; sent += 1) {
        client.write(`POST /graphql HTTP/1.1\r\n${head}\r\n\r\n${body}`);
        const [text] = (await once(client, 'data')) as [Buffer];
        assert.match(text.toString(), /^HTTP\/1\.1 200 [^]*\r\nKeep-Alive: timeout=72\r\n/);
        const socket = accepted.at(-1);
        while (!socket?.timeout) await new Promise(setImmediate);
        assert.deepEqual([socket.timeout, Object.hasOwn(socket, 'setTimeout')], [limitMs, true]);
      }
      client.destroy();
    }
    assert.equal(accepted.length, 2);
  });
});
