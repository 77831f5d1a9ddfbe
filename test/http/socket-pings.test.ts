import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { it, type TestContext } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { writeEvents } from '../../src/http/graphql/events-writer.ts';
import { keepPinging } from '../../src/http/sockets/pings.ts';

/** Opens a socket with pings, and its client. */
async function connected(context: TestContext, autoPong: boolean): Promise<{ socket: WebSocket; client: WebSocket }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  context.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // The server listens on TCP.
  const client = new WebSocket(`ws://127.0.0.1:${port}`, { autoPong });
  context.after(() => client.terminate());
  const [[socket]] = (await Promise.all([once(server, 'connection'), once(client, 'open')])) as [[WebSocket], unknown];
  context.after(keepPinging(socket));
  return { socket, client };
}

it('E-4 a client that reads keeps its socket', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const { socket } = await connected(context, true);
  for (let count = 0; count < 5; count += 1) {
    const answered = once(socket, 'pong');
    context.mock.timers.tick(15_000);
    await answered;
  }
  assert.equal(socket.readyState, WebSocket.OPEN);
});

it('E-4 a client that does not read loses its socket within 30 seconds, also if it sends unsolicited pongs', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const { socket, client } = await connected(context, false);
  const closed = once(socket, 'close');
  context.mock.timers.tick(15_000);
  for (const guess of ['', 'x', '00000000']) {
    const heard = once(socket, 'pong');
    client.pong(guess);
    await heard;
  }
  context.mock.timers.tick(15_000);
  assert.deepEqual((await closed)[0], 1006);
});

it('E-4 a client that leaves its event stream unread for 30 seconds is disconnected, and its source ends', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let isEnded = false;
  const given = (async function* () {
    try {
      for (;;) yield { data: { text: 'x'.repeat(100_000) } };
    } finally {
      isEnded = true;
    }
  })();
  const body = new PassThrough(); // The client never reads.
  const { promise: hungUp, resolve } = Promise.withResolvers<void>();
  const errors = { format: () => [], result: (result: object) => result };
  const written = writeEvents(Promise.resolve(given), {
    body,
    errors,
    hangUp: () => {
      body.destroy();
      resolve();
    },
  });
  while (!body.writableNeedDrain) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  context.mock.timers.tick(30_000);
  await hungUp;
  await written;
  assert.ok(isEnded);
});
