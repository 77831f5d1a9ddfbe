import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestServer, type TestServer } from '../support/server.ts';

const config = `let calls = 0;
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
      type Mutation { touch: Boolean @public }
    \`,
    resolvers: {
      Query: {
        hello: () => 'hi',
        calls: () => ++calls,
        echo: (_, { text }) => text,
        big: (_, { size }) => 'x'.repeat(size),
        slow: (_, { ms }) => new Promise((done) => setTimeout(() => done('done'), ms)),
        later: (_, { ms }) => new Promise((done) => setTimeout(() => done(String(++calls)), ms)),
        secret: () => 'secret',
        broken: () => { throw new Error('no') },
      },
      Mutation: { touch: () => true },
    },
  }],
}`;
const metricsToken = 'a metrics token of more than 32 characters';

let server: TestServer;
let port: number;

before(async () => {
  server = await startTestServer({
    config,
    env: {
      CLAIMGATE_METRICS_TOKEN: metricsToken,
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

  it('pipelined requests are answered in their order, whichever way they go', async () => {
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
