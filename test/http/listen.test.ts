import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { constants } from 'node:os';
import { describe, it } from 'node:test';
import { fastify } from 'fastify';
import { WebSocket } from 'ws';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { listenOn } from '../../src/http/connections/listen.ts';
import { sendRaw, write } from '../support/lane/raw.ts';
import { type LaneServer, startLaneServer } from '../support/lane/server.ts';

const body = JSON.stringify({ query: '{ slow }' });
const lines = ['host: localhost', 'content-type: application/json'];
/** The second address is as local as the first. Not every machine has `::1`. */
const addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.2'];

/** A server whose queries wait until the test ends them. */
async function started() {
  const waiting: (() => void)[] = [];
  const slow = () => new Promise<number>((resolve) => waiting.push(() => resolve(1)));
  const guarded = createGuardedSchema({
    modules: [{ name: 'slow', typeDefs: 'type Query { slow: Int @public }', resolvers: { Query: { slow } } }],
  });
  const server = await startLaneServer({ guarded, lane: true, addresses });
  return { server, waiting };
}

const outcomes = async (server: LaneServer) => (await server.readCounters()).lane;

describe('a server that listens on localhost', () => {
  it('bounds pipelined requests and has the lane on each of its addresses', async () => {
    const { server, waiting } = await started();
    for (const host of new Set(addresses)) {
      const client = connect(server.port, host);
      let answered = 0;
      client.on('data', (chunk: Buffer) => {
        answered += chunk.toString('latin1').split('HTTP/1.1 200').length - 1;
      });
      client.write(Buffer.concat(Array.from({ length: 60 }, () => write(body, { lines }))));
      let most = 0;
      while (answered < 60) {
        // All requests that may run at the same time have begun when no more begin in some turns of the event loop.
        for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
        most = Math.max(most, waiting.length);
        for (const end of waiting.splice(0)) end();
      }
      assert.ok(most > 1 && most <= 9, `${most} requests ran at once at ${host}`);
      client.destroy();
      await once(client, 'close');
    }
    const { answered = 0, unknown } = await outcomes(server);
    assert.ok(answered > 1, `${answered} requests were answered in the lane`);
    assert.equal(unknown, 1);
    await server.close();
  });

  it('answers malformed requests and WebSockets alike on each of its addresses', async () => {
    const { server } = await started();
    const answers: string[] = [];
    for (const host of new Set(addresses)) {
      const client = connect(server.port, host);
      client.end('nonsense\r\n\r\n');
      const chunks: string[] = [];
      client.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
      await once(client, 'close');
      answers.push(chunks.join(''));
      const socket = new WebSocket(`ws://${host}:${server.port}/graphql`, 'graphql-transport-ws');
      await once(socket, 'open');
      socket.terminate();
    }
    assert.match(answers[0] ?? '', /^HTTP\/1\.1 400 [^]*"code":"BAD_REQUEST"/);
    assert.equal(answers[1], answers[0]);
    await server.close();
  });

  it('completes the requests of each address, and releases each address, when it ends', async () => {
    const { server, waiting } = await started();
    const clients = [...new Set(addresses)].map((host) => connect(server.port, host));
    const answers = clients.map(async (client) => {
      client.write(write(body, { lines }));
      const [chunk] = (await once(client, 'data')) as [Buffer];
      return chunk.toString();
    });
    while (waiting.length < clients.length) await new Promise(setImmediate);
    const closed = server.close();
    for (const host of addresses) {
      const late = connect(server.port, host);
      await assert.rejects(once(late, 'connect'), { code: 'ECONNREFUSED' });
    }
    for (const end of waiting) end();
    for (const answer of await Promise.all(answers)) assert.match(answer, /^HTTP\/1\.1 200 /);
    await closed;
  });

  it('serves the first address if another one cannot be used', async () => {
    const guarded = createGuardedSchema({
      modules: [{ name: 'one', typeDefs: 'type Query { one: Int @public }', resolvers: { Query: { one: () => 1 } } }],
    });
    // The address belongs to no machine (RFC 5737).
    const server = await startLaneServer({ guarded, lane: true, addresses: ['127.0.0.1', '192.0.2.1'] });
    const answer = await sendRaw(server.port, { parts: [write(JSON.stringify({ query: '{ one }' }))] });
    assert.match(answer, /^HTTP\/1\.1 200 /);
    await server.close();
  });

  it('continues if the operating system cannot accept a connection', async () => {
    const lines: string[] = [];
    const app = fastify({ logger: { level: 'warn', stream: { write: (line: string) => void lines.push(line) } } });
    app.get('/', async () => 'answer');
    const { url, others } = await listenOn(app, { host: 'localhost', port: 0 }, async () => addresses);
    assert.equal(others.length, 1);
    for (const server of [app.server, ...others]) {
      // Node calls this function of the socket with the error of `accept`.
      const { _handle: socket } = server as unknown as { _handle: { onconnection(code: number): void } };
      socket.onconnection(-constants.errno.ENOBUFS);
    }
    assert.equal(lines.filter((line) => line.includes('accept ENOBUFS')).length, 2);
    assert.equal(await (await fetch(url)).text(), 'answer');
    for (const other of others) other.close();
    await app.close();
  });
});
