import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { query, signInFor } from '../support/client.ts';
import { hostileConfig } from '../support/hostile-module.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { openSocket, type RawSocket, type RawSocketOptions } from '../support/socket.ts';

const metricsToken = 'a metrics token of thirty-two characters';
const mebibyte = 1_048_576;
const ping = JSON.stringify({ type: 'ping' });

describe('E-4 sockets under attack', () => {
  let server: TestServer;
  let beside: RawSocket;
  let silent: RawSocket;
  const opened: RawSocket[] = [];
  let addresses = 0;

  before(async () => {
    server = await startTestServer({
      fromSources: true,
      config: hostileConfig('streams: { address: 5, caller: 3 },'),
      env: { CLAIMGATE_TRUSTED_PROXIES: '127.0.0.1', CLAIMGATE_METRICS_TOKEN: metricsToken },
    });
    beside = await open();
    silent = await open({ init: null });
  });
  after(async () => {
    for (const { socket } of opened) socket.terminate();
    await server.dispose();
  });

  /** Opens a socket from its own address. `options` can set another address. */
  async function open(options: RawSocketOptions = {}): Promise<RawSocket> {
    addresses += 1;
    const socket = await openSocket(server.url, { from: `203.0.113.${addresses}`, ...options });
    opened.push(socket);
    return socket;
  }

  const ask = async (document: string) => (await query(server.url, document)).body.data;
  const running = async (): Promise<number> => (await ask('{ running }')).running;
  const memory = async (): Promise<number> => (await ask('{ memory }')).memory;

  /** Asserts that another client is served, over HTTP and on a socket that was already open. */
  async function isServed(): Promise<void> {
    assert.deepEqual(await ask('{ hello }'), { hello: 'hello' });
    await answers(beside, 'beside');
  }

  /** Asserts that the socket still runs operations. */
  async function answers(socket: RawSocket, name: string): Promise<void> {
    const id = `${name} ${socket.messages.length}`;
    socket.subscribe(id, '{ hello }');
    const [next] = await socket.wait((message) => message.id === id);
    assert.deepEqual(next?.payload, { data: { hello: 'hello' } });
    await socket.wait((message) => message.id === id && message.type === 'complete');
  }

  /** Whether an address can open one more socket. */
  async function opens(from: string): Promise<boolean> {
    try {
      const { socket } = await open({ from });
      socket.close();
      return true;
    } catch {
      return false;
    }
  }

  /** Returns by how much memory grew through the work: the largest of three measurements. */
  async function growth(work: () => Promise<void>): Promise<number> {
    const from = await memory();
    await work();
    let most = 0;
    for (let look = 0; look < 3; look += 1) {
      most = Math.max(most, (await memory()) - from);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return most;
  }

  it('E-4 replies to pings from a client that never reads are bounded', async () => {
    const socket = await rawConnection(server);
    socket.pause();
    const grown = await growth(async () => {
      // More replies than fit into the buffers of the operating system.
      const pings = Buffer.concat(Array.from({ length: 1_000 }, () => frame(0x81, Buffer.from(ping))));
      for (let count = 0; count < 800; count += 1) socket.write(pings);
      await isServed();
    });
    assert.ok(grown < 8 * mebibyte, `${grown} bytes`);
    socket.destroy();
  });

  it('E-4 pings of the WebSocket protocol from a client that never reads are bounded', async () => {
    const { socket } = await open();
    const grown = await growth(async () => {
      socket.pause();
      for (let count = 0; count < 60_000; count += 1) socket.ping('x'.repeat(100));
      await isServed();
    });
    assert.ok(grown < 8 * mebibyte, `${grown} bytes`);
    socket.terminate();
  });

  it('E-4 a client that reads gets a pong for each of 2,000 pings that come at once', async () => {
    const socket = await open();
    for (let count = 0; count < 2_000; count += 1) socket.send(ping);
    await socket.wait(({ type }) => type === 'pong', 2_000);
    await answers(socket, 'after pings');
  });

  it('E-4 results for a client that never reads are bounded', async () => {
    const socket = await open();
    const grown = await growth(async () => {
      socket.socket.pause();
      for (let count = 0; count < 200; count += 1) socket.subscribe(`${count}`, '{ big(kib: 1024) }');
      await isServed();
    });
    assert.ok(grown < 12 * mebibyte, `${grown} bytes`);
    socket.socket.terminate();
  });

  it('E-4 events for a client that never reads are bounded, and their sources end with the socket', async () => {
    const before = await running();
    const socket = await open();
    const grown = await growth(async () => {
      socket.socket.pause();
      for (let count = 0; count < 10; count += 1) socket.subscribe(`${count}`, 'subscription { big(kib: 256) }');
      await isServed();
    });
    assert.ok(grown < 12 * mebibyte, `${grown} bytes`);
    socket.socket.terminate();
    await until(async () => (await running()) === before);
  });

  it('E-4 the payload of connection_init is not kept while the socket is open', async () => {
    const note = 'x'.repeat(250_000);
    const sockets: RawSocket[] = []; // `open` has only a few addresses.
    const grown = await growth(async () => {
      for (let count = 0; count < 100; count += 1) {
        const init = { note: `${count} ${note}` };
        sockets.push(await openSocket(server.url, { from: `198.51.100.${count}`, init }));
      }
      await isServed();
    });
    assert.ok(grown < 12 * mebibyte, `${grown} bytes`);
    for (const { socket } of sockets) socket.terminate();
  });

  it('E-4 unfinished messages of a client are bounded, for any fragmentation', async () => {
    // Each 64 KiB that arrive contain one byte of the message. If the server stored that byte as a slice, it would keep
    // the whole 64 KiB in memory.
    const filler = Buffer.concat(Array.from({ length: 500 }, () => frame(0x8a, Buffer.alloc(125))));
    const grown = await growth(async () => {
      const socket = await rawConnection(server);
      socket.write(frame(0x01, Buffer.from('x')));
      for (let count = 0; count < 400 && !socket.destroyed; count += 1) {
        socket.write(Buffer.concat([frame(0x00, Buffer.from('x')), filler]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await isServed();
    });
    assert.ok(grown < 12 * mebibyte, `${grown} bytes`);
  });

  for (const [kind, document] of [
    ['query', '{ slow }'],
    ['subscription', 'subscription { waiting }'],
  ] as const) {
    it(`E-4 a ${kind} counts on its socket until it has ended, also after complete was sent`, async () => {
      const before = await running();
      const socket = await open();
      for (let id = 0; id < 100; id += 1) socket.subscribe(`${id}`, document);
      await until(async () => (await running()) === before + 100);
      for (let id = 0; id < 100; id += 1) socket.send({ id: `${id}`, type: 'complete' });
      for (let id = 100; id < 400; id += 1) {
        socket.subscribe(`${id}`, document);
        socket.send({ id: `${id}`, type: 'complete' });
      }
      const refused = await socket.wait(({ type }) => type === 'error', 300);
      for (const { payload } of refused) {
        assert.equal(payload[0].extensions.code, 'LIMIT_EXCEEDED');
        assert.equal(payload[0].extensions.limit, 'operations');
      }
      assert.equal((await running()) - before, 100);
      await isServed();
      await ask('{ open }');
      await until(async () => (await running()) === before);
      await answers(socket, 'after the end');
    });
  }

  it('E-4 a closed socket counts for its address until its operations have ended', async () => {
    const before = await running();
    const from = '198.51.100.1';
    for (let count = 0; count < 5; count += 1) {
      const socket = await open({ from });
      for (let id = 0; id < 10; id += 1) socket.subscribe(`${id}`, '{ slow }');
      await until(async () => (await running()) === before + 10 * (count + 1));
      socket.socket.close();
      await socket.closed;
    }
    await assert.rejects(open({ from }), /429/);
    await isServed();
    await ask('{ open }');
    await until(async () => (await running()) === before);
    await until(() => opens(from));
  });

  it('E-4 an id is not used again before its operation has ended, and no source outlives the socket', async () => {
    const before = await running();
    const socket = await open();
    socket.subscribe('1', '{ slow }');
    await until(async () => (await running()) === before + 1);
    socket.send({ id: '1', type: 'complete' });
    socket.subscribe('1', 'subscription { big(kib: 1) }');
    const [refused] = await socket.wait(({ type }) => type === 'error');
    assert.equal(refused?.payload[0].extensions.code, 'CONFLICT');
    await ask('{ open }');
    await until(async () => (await running()) === before);
    socket.subscribe('1', 'subscription { big(kib: 1) }');
    await socket.wait(({ type }) => type === 'next', 3);
    socket.socket.close();
    await until(async () => (await running()) === before);
  });

  for (const authorization of [5, null, ['Bearer x'], { a: 'Bearer x' }, true]) {
    it(`E-4 a ping with ${JSON.stringify(authorization)} for authorization closes with 4400`, async () => {
      const socket = await open();
      socket.send({ type: 'ping', payload: { Authorization: authorization } });
      assert.equal(await socket.closed, 4400);
    });
  }

  it('E-4 renewals are verified one after another, and none after a refused one', async () => {
    const socket = await open();
    const from = await verifications();
    const header = Buffer.from('{"alg":"ES256","typ":"at+jwt","kid":"x"}').toString('base64url');
    for (let count = 0; count < 500; count += 1) {
      const payload = Buffer.from(JSON.stringify({ iss: server.url, count })).toString('base64url');
      socket.send({ type: 'ping', payload: { authorization: `Bearer ${header}.${payload}.${'A'.repeat(86)}` } });
    }
    assert.equal(await socket.closed, 4401);
    assert.ok((await verifications()) - from <= 1);
  });

  async function verifications(): Promise<number> {
    const response = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
    const lines = (await response.text()).matchAll(/^claimgate_verifications_total\{.*\} (\d+)$/gm);
    return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  const range = 'query ($range: Range) { range(range: $range) }';
  for (const [name, payload] of Object.entries<Record<string, unknown>>({
    'variables that are a list': { query: range, variables: [1] },
    'variables that are text': { query: range, variables: 'x' },
    'variables that are a number': { query: range, variables: 5 },
    'extensions that are a list': { query: range, extensions: [] },
    'an operation name that is a number': { query: range, operationName: 5 },
    'a query that is null': { query: null },
    'an integer that is too large': { query: range, variables: { range: { from: 1e300 } } },
    'a list in the place of an object': { query: range, variables: { range: [[{ from: 1 }]] } },
    'an unknown member': { query: range, variables: { range: { nothing: 1 } } },
    'text in the place of an integer': { query: range, variables: { range: { from: 'secret of the caller' } } },
    'a result that is not JSON': { query: '{ odd }' },
    'a document that is nothing': { query: '' },
  })) {
    it(`E-4 ${name} is an error of the operation, and the socket stays open`, async () => {
      const socket = await open();
      socket.send({ id: 'bad', type: 'subscribe', payload });
      const [answer] = await socket.wait(({ id }) => id === 'bad');
      const errors = answer?.type === 'error' ? answer.payload : answer?.payload.errors;
      assert.equal(typeof errors[0].extensions.code, 'string', JSON.stringify(answer));
      assert.doesNotMatch(JSON.stringify(answer), /secret/);
      await answers(socket, 'after');
    });
  }

  it('E-4 __proto__ in variables, ids and payloads is a name like any other', async () => {
    const socket = await open();
    const variables = '{"__proto__":{"from":7},"range":{"from":1,"__proto__":{"to":2}}}';
    socket.send(
      `{"id":"__proto__","type":"subscribe","payload":{"query":${JSON.stringify(range)},"variables":${variables}}}`,
    );
    const [answer] = await socket.wait(({ id }) => id === '__proto__');
    assert.ok(answer?.payload.errors ?? answer?.payload.data, JSON.stringify(answer));
    await answers(socket, 'after');
  });

  it('E-4 variables 8,000 deep are an error of the operation, and the socket stays open', async () => {
    const socket = await open();
    const depth = 8_000;
    const deep = `${'{"within":'.repeat(depth)}{}${'}'.repeat(depth)}`;
    socket.send(
      `{"id":"deep","type":"subscribe","payload":{"query":${JSON.stringify(range)},"variables":{"range":${deep}}}}`,
    );
    const [answer] = await socket.wait(({ id }) => id === 'deep');
    assert.ok(answer);
    await answers(socket, 'after');
  });

  for (const [name, code, messages] of [
    ['a message that is not JSON', 4400, ['{']],
    ['a message that is null', 4400, ['null']],
    ['a message of no type', 4400, ['{}']],
    ['a message of an unknown type', 4400, ['{"type":"start"}']],
    ['an operation without an id', 4400, ['{"type":"subscribe","payload":{"query":"{ hello }"}}']],
    ['an id that is a number', 4400, ['{"id":1,"type":"subscribe","payload":{"query":"{ hello }"}}']],
    ['a message in a binary frame', 4400, [Buffer.from('{"type":"ping"}')]],
    ['connection_init twice', 4429, ['{"type":"connection_init"}']],
    ['an id twice', 4409, Array(2).fill('{"id":"é","type":"subscribe","payload":{"query":"{ slow }"}}')],
    ['a message over the limit', 1009, [`{"type":"ping","payload":{"padding":"${'x'.repeat(300_000)}"}}`]],
  ] as const) {
    it(`E-4 ${name} closes the socket with ${code}`, async () => {
      const socket = await open();
      for (const message of messages) socket.socket.send(message);
      assert.equal(await socket.closed, code);
      await isServed();
    });
  }

  it('E-4 two connection_init close the socket with 4429, and none within ten seconds with 4408', async () => {
    const socket = await open({ init: null });
    socket.send({ type: 'connection_init' });
    socket.send({ type: 'connection_init' });
    assert.equal(await socket.closed, 4429);
    assert.equal(await silent.closed, 4408);
  });

  it('E-4 a message of more than 64 fragments closes the socket', async () => {
    const socket = await open();
    for (let count = 0; count < 100; count += 1) socket.socket.send('x', { fin: false });
    assert.equal(await socket.closed, 1008);
  });

  it('E-4 without the subprotocol the socket is closed with 4406, and messages are never compressed', async () => {
    const other = await open({ protocol: undefined, init: null });
    other.send('{"type":"connection_init"}');
    assert.equal(await other.closed, 4406);
    const { socket } = await open({ perMessageDeflate: true });
    assert.equal(socket.extensions, '');
  });

  it('E-4 no socket is opened at another path, and no path is logged', async () => {
    for (const path of ['/', '/health/live', '/nowhere', '/oauth/token']) {
      const client = new WebSocket(`${server.own.replace('http:', 'ws:')}${path}?the=secret of the caller`);
      const [error] = (await once(client, 'error')) as [Error];
      assert.match(error.message, /400/, path);
    }
    await isServed();
  });

  it('E-4 a client that disconnects while it is acknowledged leaves nothing behind', async () => {
    const from = '198.51.100.2';
    for (let count = 0; count < 30; count += 1) {
      let socket: RawSocket['socket'] | undefined;
      await until(async () => {
        socket = await open({ from, init: null }).then(
          (opened) => opened.socket,
          () => undefined,
        );
        return socket !== undefined;
      });
      assert.ok(socket);
      socket.send('{"type":"connection_init"}');
      socket.send('{"id":"1","type":"subscribe","payload":{"query":"subscription { big(kib: 1) }"}}');
      socket.terminate();
      await once(socket, 'close');
    }
    await ask('{ open }');
    await until(() => opens(from));
    await isServed();
  });

  it('caps: a sixth connection of one address is answered 429 with Retry-After, socket or stream, until one is closed', async () => {
    const from = '2001:db8:1:2::1';
    const sockets = [];
    for (let count = 0; count < 3; count += 1) sockets.push(await open({ from }));
    sockets.push(await open({ from: '2001:db8:1:2::ffff', init: null }));
    const stream = await events('subscription { waiting }', { 'x-forwarded-for': from });
    assert.equal(stream.status, 200);
    const refused = await events('{ hello }', { 'x-forwarded-for': '2001:db8:1:2:3::4' });
    assert.equal(refused.status, 429);
    assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
    const { errors } = (await refused.json()) as { errors: { extensions: { code: string } }[] };
    assert.equal(errors[0]?.extensions.code, 'TOO_MANY_CONNECTIONS');
    await assert.rejects(open({ from }), /429/);
    await answers(await open({ from: '2001:db8:1:3::1' }), 'another network');
    assert.equal((await query(server.url, '{ hello }', { headers: { 'x-forwarded-for': from } })).status, 200);
    sockets[0]?.socket.close();
    await sockets[0]?.closed;
    await until(() => opens(from));
    await stream.body?.cancel();
    await ask('{ open }');
  });

  it('caps: a fourth connection of one caller is closed with 1013, or answered 429, from any address', async () => {
    const { accessToken } = await signInFor(server.url, { scope: 'openid profile' });
    const authorization = `Bearer ${accessToken}`;
    const sockets = [];
    for (let count = 0; count < 3; count += 1) sockets.push(await open({ init: { authorization } }));
    const fourth = await open({ init: null });
    fourth.send({ type: 'connection_init', payload: { authorization } });
    assert.equal(await fourth.closed, 1013);
    const refused = await events('{ hello }', { authorization, 'x-forwarded-for': '198.51.100.9' });
    assert.equal(refused.status, 429);
    await refused.body?.cancel();
    assert.equal((await query(server.url, '{ mine }', { token: accessToken })).status, 200);
    sockets[0]?.socket.close();
    await sockets[0]?.closed;
    await until(async () => {
      const response = await events('{ mine }', { authorization, 'x-forwarded-for': '198.51.100.9' });
      await response.text();
      return response.status === 200;
    });
  });

  it('E-4 an event stream whose client has hung up counts until its operation has ended', async () => {
    const before = await running();
    const from = { 'x-forwarded-for': '198.51.100.3' };
    for (let count = 0; count < 5; count += 1) {
      const response = await events(count % 2 === 0 ? '{ slow }' : 'subscription { waiting }', from);
      await until(async () => (await running()) === before + count + 1);
      await response.body?.cancel();
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    const refused = await events('{ hello }', from);
    assert.equal(refused.status, 429);
    await refused.body?.cancel();
    await ask('{ open }');
    await until(async () => {
      const response = await events('{ hello }', from);
      await response.text();
      return response.status === 200;
    });
  });

  async function events(document: string, headers: Record<string, string>): Promise<Response> {
    return fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: document }),
    });
  }

  it('E-4 none of this was logged as a fault of the server, except the result that is not JSON', () => {
    const faults = server
      .output()
      .split('\n')
      .filter((line) => /"level":"(error|fatal)"/.test(line));
    assert.ok(
      faults.every((line) => line.includes('BigInt')),
      faults.join('\n'),
    );
    assert.equal(faults.length, 1);
    assert.doesNotMatch(server.output(), /secret.of.the.caller|secret%20of/);
  });
});

/**
 * Makes a client's frame with a mask of zeros (RFC 6455 §5.2).
 * @param payload - at most 125 bytes
 */
function frame(first: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** Opens an upgraded connection, and discards everything that it receives. */
async function rawConnection({ url }: TestServer) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write(
    'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\nX-Forwarded-For: 198.51.100.77\r\n\r\n',
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1.1 101/);
  socket.resume();
  return socket;
}
