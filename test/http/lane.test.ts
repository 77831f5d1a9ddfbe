import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendOnce } from '../support/lane/switch.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const config = `let calls = 0;
let sum = 0;
export default {
  modules: [{
    name: 'lane',
    typeDefs: \`
      type Query {
        hello: String! @public
        calls: Int! @public
        echo(text: String!): String! @public
        slow(ms: Int!): String! @public
        big(size: Int!): String! @public
        later(ms: Int!): String! @public
        secret: String! @auth(scope: "profile")
        broken: String! @public
      }
      type Mutation { touch: Boolean @public  add(n: Int!, ms: Int = 0): Int @public }
    \`,
    resolvers: {
      Query: {
        hello: () => 'hi',
        calls: () => ++calls,
        echo: (_, { text }) => text,
        big: (_, { size }) => 'x'.repeat(size),
        slow: (_, { ms }) => {
          console.log('a slow resolver runs');
          return new Promise((done) => setTimeout(() => done('done'), ms));
        },
        later: (_, { ms }) => new Promise((done) => setTimeout(() => done(String(++calls)), ms)),
        secret: () => 'secret',
        broken: () => { throw new Error('no') },
      },
      Mutation: {
        touch: () => true,
        add: async (_, { n, ms }) => {
          await new Promise((done) => setTimeout(done, ms));
          return (sum += n);
        },
      },
    },
  }],
}`;
const metricsToken = 'a metrics token of more than 32 characters';
/** These tests are about the lane, so they do not depend on how other tests use it. */
const env = { CLAIMGATE_METRICS_TOKEN: metricsToken, CLAIMGATE_LANE: 'on' };

let server: TestServer;
let port: number;

before(async () => {
  server = await startTestServer({
    config,
    env: {
      ...env,
      CLAIMGATE_MAX_BODY_BYTES: '4096',
      CLAIMGATE_ALLOWED_ORIGINS: 'https://app.example.com',
    },
  });
  port = Number(new URL(server.own).port);
});
after(() => server.dispose());

/** Returns how many requests had each outcome. */
async function outcomes(of = server): Promise<Record<string, number>> {
  const response = await fetch(`${of.own}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
  const lines = (await response.text()).matchAll(/^claimgate_lane_requests_total\{outcome="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, outcome = '', count]) => [outcome, Number(count)]));
}

/** Returns the outcomes of the requests that `send` makes. */
async function outcomesOf(send: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await outcomes();
  await send();
  const now = await outcomes();
  const added = Object.entries(now).map(([outcome, count]) => [outcome, count - (before[outcome] ?? 0)] as const);
  return Object.fromEntries(added.filter(([, count]) => count > 0));
}

/** Sends a query over the connections of Node's client, one time. */
async function ask(of: TestServer, query: string, headers: Record<string, string> = {}): Promise<Response> {
  return sendOnce(() =>
    fetch(`${of.own}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    }),
  );
}

interface Sent {
  readonly query?: string;
  readonly body?: string | Uint8Array;
  readonly method?: string;
  readonly target?: string;
  readonly headers?: Record<string, string>;
}

/** Sends one request on a connection of its own. The headers are sent as they are. */
async function send({ query = '{ hello }', method = 'POST', target = '/graphql', headers = {}, ...sent }: Sent) {
  const body = Buffer.from(sent.body ?? JSON.stringify({ query }));
  const all = { host: 'localhost', 'content-type': 'application/json', 'content-length': `${body.length}`, ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}\r\n`]));
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join('')}connection: close\r\n\r\n`;
  return answerTo([Buffer.concat([Buffer.from(head), body])]);
}

/** An answer without the lines that differ between two requests. */
interface Answer {
  readonly head: string;
  readonly body: string;
}

/** Writes the parts, each in a packet of its own, and reads until the server closes the connection. */
async function answerTo(parts: readonly (string | Uint8Array)[]): Promise<Answer> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  for (const part of parts) {
    socket.write(part);
    if (parts.length > 1) await sleep(30);
  }
  await closed;
  const [head = '', ...rest] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  return { head: head.replace(/^(date|x-request-id): .*$/gim, '$1'), body: rest.join('\r\n\r\n') };
}

describe('the lane answers known queries', () => {
  it('the first answer comes from Apollo Server, the next ones from the lane, and they are equal', async () => {
    const query = '{ hello again: hello }';
    const answers: Answer[] = [];
    const counted = await outcomesOf(async () => {
      for (let sent = 0; sent < 3; sent += 1) answers.push(await send({ query }));
    });
    assert.deepEqual(counted, { unknown: 1, answered: 2 });
    assert.equal(answers[0]?.body, '{"data":{"hello":"hi","again":"hi"}}\n');
    assert.deepEqual(answers[1], answers[0]);
    assert.deepEqual(answers[2], answers[0]);
  });

  for (const [what, headers] of Object.entries({
    'Apollo Client': { accept: 'application/graphql-response+json,application/json;q=0.9' },
    urql: {
      accept:
        'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
    },
    fetch: { accept: '*/*' },
    'an allowed origin': { origin: 'https://app.example.com' },
    'another origin': { origin: 'https://other.example.com' },
    'a charset': { 'content-type': 'application/json; charset=utf-8' },
  })) {
    it(`with the headers of ${what}, the answers are equal`, async () => {
      const query = `{ hello } # ${what}`;
      const answers: Answer[] = [];
      const counted = await outcomesOf(async () => {
        for (let sent = 0; sent < 2; sent += 1) answers.push(await send({ query, headers }));
      });
      assert.deepEqual(counted, { unknown: 1, answered: 1 });
      assert.match(answers[0]?.head ?? '', /^HTTP\/1\.1 200 OK/);
      assert.deepEqual(answers[1], answers[0]);
    });
  }

  it('a mutation runs one time for each request, and its root fields one after another', async () => {
    const query = 'mutation ($n: Int!) { a: add(n: $n, ms: 20) b: add(n: $n) }';
    const body = JSON.stringify({ query, variables: { n: 1 } });
    const answers: Answer[] = [];
    const counted = await outcomesOf(async () => {
      for (let sent = 0; sent < 3; sent += 1) answers.push(await send({ body }));
    });
    assert.deepEqual(counted, { unknown: 1, answered: 2 });
    assert.deepEqual(
      answers.map((answer) => JSON.parse(answer.body).data),
      [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
        { a: 5, b: 6 },
      ],
    );
    assert.equal(answers[1]?.head, answers[0]?.head);
    const wrong = JSON.stringify({ query, variables: { n: 'x' } });
    assert.deepEqual(await outcomesOf(() => send({ body: wrong })), { variables: 1 });
    const forms = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'];
    for (const type of forms) {
      const { head } = await send({ body, headers: { 'content-type': type } });
      assert.match(head, /^HTTP\/1\.1 415 /, 'a page of another site can send this type');
    }
    const { body: last } = await send({ body });
    assert.deepEqual(JSON.parse(last).data, { a: 7, b: 8 });
  });

  it('a body that arrives in several packets is answered', async () => {
    const body = JSON.stringify({ query: 'query ($t: String!) { echo(text: $t) }', variables: { t: 'Grüße 👋' } });
    const bytes = Buffer.from(body);
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${bytes.length}\r\nconnection: close\r\n\r\n`;
    const middle = bytes.indexOf('👋') + 2;
    const inParts = () => answerTo([head, bytes.subarray(0, 9), bytes.subarray(9, middle), bytes.subarray(middle)]);
    const answers: Answer[] = [];
    const counted = await outcomesOf(async () => answers.push(await inParts(), await inParts()));
    assert.deepEqual(counted, { unknown: 1, answered: 1 });
    assert.equal(answers[0]?.body, '{"data":{"echo":"Grüße 👋"}}\n');
    assert.deepEqual(answers[1], answers[0]);
  });

  it('pipelined requests are answered in their order, with the lane or by Fastify', async () => {
    const request = (query: string, end = '') => {
      const body = JSON.stringify({ query });
      return `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${end}\r\n${body}`;
    };
    const queries = ['{ slow(ms: 100) }', '{ hello }', '{ a: hello }', 'mutation { touch }', '{ slow(ms: 20) }'];
    const all = () => {
      const last = request('{ b: hello }', 'connection: close\r\n');
      return answerTo([queries.map((query) => request(query)).join('') + last]);
    };
    await all();
    const { head, body } = await all();
    const data = `${head}\r\n\r\n${body}`.matchAll(/\{"data":.*\}\n/g);
    assert.deepEqual(
      [...data].map(([text]) => text.trim()),
      [
        '{"data":{"slow":"done"}}',
        '{"data":{"hello":"hi"}}',
        '{"data":{"a":"hi"}}',
        '{"data":{"touch":true}}',
        '{"data":{"slow":"done"}}',
        '{"data":{"b":"hi"}}',
      ],
    );
  });

  it('on a connection that stays open, the answers are equal', async () => {
    const body = JSON.stringify({ query: '{ kept: hello }' });
    const request = (end: string) =>
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${end}\r\n${body}`;
    let answer = { head: '', body: '' };
    const counted = await outcomesOf(async () => {
      answer = await answerTo([request(''), request(''), request(''), request('connection: close\r\n')]);
    });
    assert.deepEqual(counted, { unknown: 1, answered: 3 });
    const text = `${answer.head}\r\n\r\n${answer.body}`.replaceAll(/^(date|x-request-id): .*$/gim, '$1');
    const [first, second, third, last] = text.split(/(?<=\n)(?=HTTP)/);
    assert.match(first ?? '', /\r\nConnection: keep-alive\r\nKeep-Alive: timeout=72\r\n\r\n/);
    assert.equal(second, first);
    assert.equal(third, first);
    assert.equal(last, first?.replace(/Connection: keep-alive\r\n.*\r\n/, 'Connection: close\r\n'));
  });

  it('a large answer arrives whole, although the client reads it slowly', async () => {
    const query = '{ big(size: 4000000) }';
    await send({ query });
    const counted = await outcomesOf(async () => {
      const body = JSON.stringify({ query });
      const socket = connect(port, '127.0.0.1');
      socket.pause();
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      );
      await sleep(200);
      let length = 0;
      socket.on('data', (chunk) => (length += chunk.length)).resume();
      await once(socket, 'close');
      assert.ok(length > 4_000_000, String(length));
    });
    assert.deepEqual(counted, { answered: 1 });
  });
});

describe('the lane hands over what it does not answer', () => {
  /** Each reason, with a request. Every request is sent two times, so that its document would be known. */
  const requests: readonly (Sent & { readonly reason: string; readonly status: number })[] = [
    { reason: 'method', status: 405, method: 'PUT' },
    { reason: 'target', status: 200, target: '/graphql?x=1' },
    { reason: 'type', status: 415, headers: { 'content-type': 'text/plain' } },
    { reason: 'type', status: 200, headers: { 'content-type': 'Application/JSON' } },
    { reason: 'type', status: 415, headers: { 'content-type': 'application/json; charset=latin1' } },
    { reason: 'type', status: 415, headers: { 'content-type': '' } },
    { reason: 'coding', status: 415, headers: { 'content-encoding': 'gzip' } },
    {
      reason: 'coding',
      status: 200,
      headers: { 'content-length': '', 'transfer-encoding': 'chunked' },
      body: '13\r\n{"query":"{ hello }"}\r\n0\r\n\r\n'.replace('13', '15'),
    },
    { reason: 'size', status: 413, body: JSON.stringify({ query: `{ hello } # ${'x'.repeat(5_000)}` }) },
    { reason: 'size', status: 400, body: '' },
    { reason: 'accept', status: 406, headers: { accept: 'text/html' } },
    { reason: 'accept', status: 200, headers: { accept: 'application/json , */*' } },
    { reason: 'connection', status: 200, headers: { upgrade: 'h2c', connection: 'upgrade' } },
    { reason: 'body', status: 400, body: '{"query":' },
    { reason: 'body', status: 400, body: Buffer.from([0x7b, 0xff, 0x7d]) },
    { reason: 'body', status: 400, body: '[{"query":"{ hello }"}]' },
    { reason: 'body', status: 400, body: '{"query":"{ hello }","__proto__":{}}' },
    { reason: 'body', status: 400, body: '{"query":"{ hello }","constructor":{"prototype":{}}}' },
    { reason: 'body', status: 400, body: '{"query":1}' },
    { reason: 'body', status: 400, body: '{"query":"{ hello }","variables":[]}' },
    { reason: 'body', status: 400, body: '{"query":"{ hello }","variables":""}' },
    { reason: 'body', status: 400, body: '{"query":"{ hello }","operationName":1}' },
    { reason: 'body', status: 400, body: '{"query":"{ hello }","extensions":"x"}' },
    { reason: 'body', status: 200, body: '{"query":"{ hello }","extensions":{"persistedQuery":{}}}' },
    { reason: 'operation', status: 200, body: '{"query":"{ hello }","operationName":"Other"}' },
    { reason: 'caller', status: 401, headers: { authorization: 'Bearer a.b.c' } },
    { reason: 'caller', status: 400, headers: { authorization: 'Basic eA==' } },
    {
      reason: 'variables',
      status: 200,
      body: '{"query":"query ($t: String!) { echo(text: $t) }","variables":{"t":1}}',
    },
    { reason: 'unknown', status: 200, query: 'mutation { nothing }' },
  ];

  before(async () => {
    await send({});
    await send({ body: '{"query":"query ($t: String!) { echo(text: $t) }","variables":{"t":"a"}}' });
  });

  for (const [index, { reason, status, ...sent }] of requests.entries()) {
    it(`${index + 1}. reason ${reason}, status ${status}`, async () => {
      const answers: Answer[] = [];
      const counted = await outcomesOf(async () => {
        for (let times = 0; times < 2; times += 1) answers.push(await send(sent));
      });
      assert.match(answers[0]?.head ?? '', new RegExp(`^HTTP/1\\.1 ${status} `), answers[0]?.head);
      assert.deepEqual(answers[1], answers[0]);
      assert.deepEqual(counted, { [reason]: 2 });
    });
  }

  it('what the lane takes after all has the answer of a usual request', async () => {
    const usual = await send({});
    for (const body of [
      '{"query":"{ hello }","operationName":""}',
      '{"query":"{ hello }","operationName":null,"variables":null,"extensions":null}',
      '{"query":"{ hello }","variables":{},"extensions":{"clientLibrary":{"name":"x"}},"other":1}',
      '{"query":"wrong","query":"{ hello }"}',
      ' \n{"query":"{ hello }"} ',
      '\uFEFF{"query":"{ hello }"}',
    ]) {
      let answer = usual;
      const counted = await outcomesOf(async () => (answer = await send({ body })));
      assert.deepEqual(counted, { answered: 1 }, body);
      assert.deepEqual(answer, usual, body);
    }
  });

  it('two Authorization headers are refused', async () => {
    const body = JSON.stringify({ query: '{ hello }' });
    const head = `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nauthorization: Bearer a\r\nAuthorization: Bearer b\r\nconnection: close\r\n\r\n`;
    const counted = await outcomesOf(async () => {
      const answer = await answerTo([head + body]);
      assert.match(answer.head, /^HTTP\/1\.1 400 /);
      assert.match(answer.body, /More than one Authorization header/);
    });
    assert.deepEqual(counted, { caller: 1 });
  });

  it('the first request with X-Forwarded-For is handed over, so that the log warns', async () => {
    const forwarded = () => send({ headers: { 'x-forwarded-for': '192.0.2.1' } });
    assert.deepEqual(await outcomesOf(forwarded), { proxy: 1 });
    assert.deepEqual(await outcomesOf(forwarded), { answered: 1 });
    const warnings = () => server.output().split('X-Forwarded-For is not believed').length - 1;
    await until(() => warnings() > 0);
    assert.equal(warnings(), 1);
  });
});

describe('a request in the lane ends one time', () => {
  const request = (query: string) => {
    const body = JSON.stringify({ query });
    return `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  };
  const lines = () => server.output().match(/"msg":"request aborted"/g)?.length ?? 0;

  for (const [when, part] of [
    ['before its body is complete', request('{ hello }').slice(0, -5)],
    ['while its resolver runs', request('{ slow(ms: 300) }')],
  ] as const) {
    it(`a client that disconnects ${when} is logged once, and the server goes on`, async () => {
      await send({ query: '{ slow(ms: 300) }' });
      const before = lines();
      const counted = await outcomesOf(async () => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        // The end of the connection arrives behind these bytes.
        await new Promise((written) => socket.write(part, written));
        socket.destroy();
        await until(() => lines() > before);
        // This one ends after the earlier one would have ended.
        assert.match((await send({ query: '{ slow(ms: 300) }' })).head, /^HTTP\/1\.1 200 /);
      });
      assert.deepEqual(counted, { aborted: 1, answered: 1 });
      assert.equal(lines(), before + 1);
    });
  }

  it('every answer has one line with its ID', async () => {
    const response = await ask(server, '{ hello }');
    await response.text();
    const id = response.headers.get('x-request-id') ?? 'none';
    await until(() => server.output().includes(id));
    const found = server
      .output()
      .split('\n')
      .filter((line) => line.includes(id));
    assert.equal(found.length, 1);
    const { level, time, ms, ...line } = JSON.parse(found[0] ?? '');
    assert.deepEqual(line, { reqId: id, method: 'POST', route: '/graphql', status: 200, msg: 'request' });
    assert.ok(level === 'info' && typeof time === 'string' && ms >= 0);
  });

  it('the line of a request has its ID, although the client sends many requests before it reads', async () => {
    const request = (query: string, end = '') => {
      const body = JSON.stringify({ query });
      return `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${end}\r\n${body}`;
    };
    const queries = ['{ hello }', 'mutation { touch }', '{ slow(ms: 5) }', '{ big(size: 200000) }'];
    for (const query of queries) await send({ query });
    const socket = connect(port, '127.0.0.1');
    socket.pause();
    // While the client does not read, the server does not read either. It then continues in a context of its own.
    for (let round = 0; round < 10; round += 1) {
      for (let each = 0; each < 3; each += 1) socket.write(queries.map((query) => request(query)).join(''));
      await sleep(10);
    }
    socket.write(request('{ hello }', 'connection: close\r\n'));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk)).resume();
    await once(socket, 'close');
    const answers = Buffer.concat(chunks)
      .toString('latin1')
      .matchAll(/^x-request-id: (.+)\r$/gm);
    const ids = Array.from(answers, ([, id = '']) => id);
    assert.equal(ids.length, 121);
    const logged = () =>
      Array.from(server.output().matchAll(/"reqId":"([^"]+)".*"msg":"request"/g), ([, id = '']) => id);
    await until(() => logged().includes(ids.at(-1) ?? ''));
    const counts = ids.map((id) => logged().filter((other) => other === id).length);
    assert.deepEqual(new Set(counts), new Set([1]));
  });

  it('the line of a fault has the ID of its request', async () => {
    await send({ query: '{ broken }' });
    const counted = await outcomesOf(() => send({ query: '{ broken }' }));
    assert.deepEqual(counted, { answered: 1 });
    const faults = () =>
      server
        .output()
        .split('\n')
        .filter((line) => line.includes('operation failed'));
    await until(() => faults().length >= 2);
    assert.equal(faults().length, 2);
    for (const line of faults()) assert.match(JSON.parse(line).reqId, /^[\da-f-]{36}$/);
  });

  it('a stopping server completes a request in the lane', async () => {
    const other = await startTestServer({ config, env });
    const slow = () => ask(other, '{ slow(ms: 600) }');
    try {
      await (await slow()).text();
      const answered = slow();
      await until(() => other.output().split('a slow resolver runs').length === 3);
      other.child.kill('SIGTERM');
      assert.equal(await (await answered).text(), '{"data":{"slow":"done"}}\n');
      assert.equal(await other.ended, 0);
      assert.equal(other.output().match(/"route":"\/graphql","status":200/g)?.length, 2);
    } finally {
      await other.dispose();
    }
  });

  it('the connection of a trusted proxy is kept for as long as without the lane', async () => {
    const other = await startTestServer({ config, env: { ...env, CLAIMGATE_TRUSTED_PROXIES: 'loopback' } });
    try {
      const heads: (string | null)[] = [];
      for (let sent = 0; sent < 3; sent += 1) {
        const response = await ask(other, '{ hello }', { 'x-forwarded-for': '192.0.2.1' });
        assert.equal(await response.text(), '{"data":{"hello":"hi"}}\n');
        const lines = [...response.headers].filter(([name]) => name !== 'date' && name !== 'x-request-id');
        heads.push(JSON.stringify(lines));
      }
      assert.match(heads[0] ?? '', /"keep-alive","timeout=620"/);
      assert.deepEqual(heads, [heads[0], heads[0], heads[0]]);
      assert.deepEqual(await outcomes(other), { unknown: 1, answered: 2 });
    } finally {
      await other.dispose();
    }
  });

  it('with CLAIMGATE_LANE=off, no request goes through the lane', async () => {
    const other = await startTestServer({ config, env: { ...env, CLAIMGATE_LANE: 'off' } });
    try {
      for (let sent = 0; sent < 3; sent += 1) {
        const response = await ask(other, '{ hello }');
        assert.equal(await response.text(), '{"data":{"hello":"hi"}}\n');
      }
      assert.deepEqual(await outcomes(other), { off: 3 });
    } finally {
      await other.dispose();
    }
  });
});
