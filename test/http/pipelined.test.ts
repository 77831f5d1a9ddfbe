import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendOnce } from '../support/lane/switch.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const config = `let runs = 0;
export default {
  modules: [{
    name: 'pipelined',
    typeDefs: 'type Query { big: String! @public  slow: Int @public  runs: Int! @public }',
    resolvers: { Query: {
      big: () => String(++runs).padEnd(200_000),
      slow: () => new Promise((done) => setTimeout(done, 3_000)),
      runs: () => runs,
    } },
  }],
}`;

const body = '{"query":"{ big }"}';
const request = (end = '') => postOf(body, end);
const postOf = (body: string, end = '') =>
  `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${end}\r\n${body}`;

for (const lane of ['on', 'off']) {
  describe(`E-9 a client that sends many requests and reads no answer, with the lane ${lane}`, () => {
    let server: TestServer;
    const sockets: Socket[] = [];
    before(async () => {
      server = await startTestServer({ config, env: { CLAIMGATE_LANE: lane } });
      await runs();
      assert.equal((await post(body)).data.big?.trim(), '1');
    });
    after(async () => {
      for (const socket of sockets) socket.destroy();
      await server.dispose();
    });

    async function post(sent: string): Promise<{ data: { big?: string; runs?: number } }> {
      const headers = { 'content-type': 'application/json' };
      // The resolver counts its runs.
      const response = await sendOnce(() => fetch(`${server.own}/graphql`, { method: 'POST', headers, body: sent }));
      return (await response.json()) as { data: { big?: string; runs?: number } };
    }
    const runs = async () => (await post('{"query":"{ runs }"}')).data.runs ?? 0;
    function open(): Socket {
      const socket = connect(Number(new URL(server.own).port), '127.0.0.1').pause();
      socket.on('error', () => {});
      sockets.push(socket);
      return socket;
    }
    /** Waits until some requests and then, for a while, no request has run. Returns how many have run. */
    async function settled(least: number): Promise<number> {
      for (let count = await runs(); ; ) {
        await sleep(300);
        const now = await runs();
        if (now === count && now >= least) return now;
        count = now;
      }
    }

    it('runs few of them, and answers all of them in their order when the client reads', async () => {
      const earlier = await runs();
      const socket = open();
      for (let each = 0; each < 399; each += 1) socket.write(request());
      socket.write(request('connection: close\r\n'));
      const ran = (await settled(earlier + 9)) - earlier;
      // Besides the requests that run at once, some answers are in the buffers of the two sockets.
      assert.ok(ran < 100, `${ran} requests have run`);
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk)).resume();
      await once(socket, 'close');
      const answers = Array.from(
        Buffer.concat(chunks)
          .toString('latin1')
          .matchAll(/"big":"(\d+) /g),
        ([, id]) => Number(id),
      );
      assert.deepEqual(
        answers,
        Array.from({ length: 400 }, (_, index) => earlier + 1 + index),
      );
    });

    it('closes a connection on which more than a thousand wait', async () => {
      const socket = open().resume();
      // The connection can also be reset, and `once` would throw this error.
      const closed = new Promise((done) => socket.once('close', done));
      let answered = 0;
      socket.on('data', (chunk: Buffer) => (answered += chunk.toString('latin1').split('HTTP/1.1 200').length - 1));
      socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(20_000));
      await closed;
      assert.ok(answered < 20_000, `${answered} were answered`);
      assert.equal((await fetch(`${server.own}/health/live`)).status, 200);
    });

    for (const lines of ['host: a\r\nhost: b\r\n', '']) {
      it(`counts requests that are refused for their Host lines (${lines.split('\r\n').length - 1})`, async () => {
        const socket = open().resume();
        const closed = new Promise((done) => socket.once('close', done));
        let received = '';
        socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
        socket.write(postOf('{"query":"{ slow }"}') + `GET / HTTP/1.1\r\n${lines}\r\n`.repeat(2_000));
        await closed;
        // If the server kept the refusals, it would send them after the slow answer.
        assert.equal(received, '');
      });

      it(`runs no request after one that is refused for its Host lines (${lines.split('\r\n').length - 1})`, async () => {
        const earlier = await runs();
        const refused = `GET /health/live HTTP/1.1\r\n${lines}\r\n`;
        for (const [sent, statuses] of [
          [refused + request(), [400]],
          [request() + refused + request().repeat(20), [200, 400]],
        ] as const) {
          const socket = open().resume();
          const closed = new Promise((done) => socket.once('close', done));
          let received = '';
          socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
          socket.write(sent);
          await closed;
          assert.deepEqual(
            Array.from(received.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => Number(status)),
            statuses,
          );
        }
        assert.equal(await runs(), earlier + 1);
      });
    }
  });
}
