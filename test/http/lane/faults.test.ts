import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'graphql';
import { pino } from 'pino';
import type { KnownAnswer, KnownOperation } from '../../../src/api/operation/operation.ts';
import { crossOrigin } from '../../../src/http/headers/cross-origin.ts';
import { bodyReader } from '../../../src/http/lane/body.ts';
import { writeHead } from '../../../src/http/lane/heads.ts';
import { laneListener } from '../../../src/http/lane/lane.ts';
import { handedOver, LaneRequest } from '../../../src/http/lane/lane-request.ts';
import type { LaneParts } from '../../../src/http/lane/parts.ts';
import { createArrivals } from '../../../src/provider/request/arrival.ts';
import { until } from '../../support/process.ts';

const operation: KnownOperation = {
  kind: 'known',
  type: 'query',
  document: parse('{ a }'),
  operationName: undefined,
  checks: [],
};
const answer: KnownAnswer = {
  kind: 'answer',
  status: 200,
  headers: [['content-type', 'application/json; charset=utf-8']],
  body: '{"data":{"a":1}}\n',
  outcome: 'ok',
};

const closing: (() => void)[] = [];
after(() => {
  for (const close of closing) close();
});

/** Starts a server with the lane, whose parts behave as given. */
async function start(given: {
  readonly find?: () => KnownOperation;
  readonly run?: () => KnownAnswer | Promise<KnownAnswer>;
  readonly context?: LaneParts['context'];
  readonly next?: RequestListener;
  readonly around?: LaneParts['around'];
}) {
  const outcomes: string[] = [];
  const lines: object[] = [];
  const faults: string[] = [];
  let underWay = 0;
  let taken = 0;
  const parts: LaneParts = {
    known: {
      find: given.find ?? (() => operation),
      run: given.run ?? (() => answer),
      remember() {},
      entries: 0,
      bytes: 0,
    },
    context: given.context ?? (() => ({})),
    pages: crossOrigin('http://localhost', []),
    bodies: bodyReader(JSON.parse),
    writeHead(response, head) {
      if (head.headers.some(([, value]) => value === 'unwritable')) no();
      writeHead(response, head);
    },
    maxBodyBytes: 1_000,
    trustedProxies: [],
    drain: {
      isDraining: false,
      begun: () => void (underWay += 1),
      ended: () => void (underWay -= 1),
      closeToo() {},
      run: async () => {},
    },
    around: given.around,
    log: pino({ level: 'error' }, { write: (line) => void faults.push(line) }),
    access: (line) => void lines.push(line),
    onAnswer: undefined,
    count: (outcome) => void outcomes.push(outcome),
  };
  /** Answers with the body that it reads from the stream, as Fastify would read it. */
  const next: RequestListener = (request, response) => {
    taken += 1;
    void json(request).then((body) => response.end(JSON.stringify({ handedOver: body })));
  };
  const server = createServer({ IncomingMessage: LaneRequest }, laneListener(parts, given.next ?? next));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/graphql`;
  const ask = async () => {
    const body = JSON.stringify({ query: '{ a }' });
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return { status: response.status, text: await response.text() };
  };
  return { ask, port, outcomes, lines, faults, taken: () => taken, underWay: () => underWay };
}

const handed = { status: 200, text: '{"handedOver":{"query":"{ a }"}}' };
const failed = {
  status: 500,
  text: '{"errors":[{"message":"Internal server error","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}\n',
};
const no = () => {
  throw new Error('no');
};

describe('a fault in the lane leaves no request without an answer', () => {
  it('if nothing is wrong, the lane answers', async () => {
    const lane = await start({});
    assert.deepEqual(await lane.ask(), { status: 200, text: answer.body });
    assert.deepEqual(lane.outcomes, ['answered']);
    assert.equal(lane.underWay(), 0);
  });

  it('before anything has run, the request is handed over with its body', async () => {
    const lane = await start({ find: no });
    assert.deepEqual(await lane.ask(), handed);
    assert.deepEqual([lane.outcomes, lane.taken(), lane.underWay(), lane.lines], [['fault'], 1, 0, []]);
  });

  for (const [what, context] of [
    ['thrown', no],
    ['rejected', () => sleep(5).then(no)],
  ] as const) {
    it(`an error of the context that is ${what} is handed over with the body, one time`, async () => {
      let error: unknown;
      let made = 0;
      const lane = await start({
        context: () => {
          made += 1;
          return context();
        },
        next(request, response) {
          const found = handedOver(request)?.context;
          error = found && 'error' in found ? found.error : undefined;
          void json(request).then((body) => response.end(JSON.stringify({ handedOver: body })));
        },
      });
      assert.deepEqual(await lane.ask(), handed);
      assert.equal((error as Error).message, 'no');
      assert.deepEqual([lane.outcomes, made, lane.underWay()], [['caller'], 1, 0]);
    });
  }

  for (const [what, run] of Object.entries<() => KnownAnswer | Promise<KnownAnswer>>({
    'an operation that throws': no,
    'an operation that rejects': () => sleep(5).then(no),
    'a head that cannot be written': () => ({ ...answer, headers: [...answer.headers, ['retry-after', 'unwritable']] }),
  })) {
    it(`${what} is answered with 500, and nothing is handed over`, async () => {
      const lane = await start({ run });
      assert.deepEqual(await lane.ask(), failed);
      assert.deepEqual([lane.outcomes, lane.taken(), lane.underWay()], [['answered'], 0, 0]);
      assert.equal(lane.faults.length, 1);
      assert.equal(lane.lines.length, 1);
    });
  }

  it('if the listener after the lane throws, the connection is closed, and the process goes on', async () => {
    const lane = await start({ find: no, next: no });
    await assert.rejects(lane.ask());
    assert.equal(lane.underWay(), 0);
    assert.equal(lane.faults.length, 1);
  });

  it('a mutation runs in the context of its arrival, and is handed over with this arrival', async () => {
    const arrivals = createArrivals(() => 5_000);
    closing.push(arrivals.close);
    const seen: unknown[] = [];
    let arrived = 1_000;
    const around: LaneParts['around'] = { ...arrivals.around, arrival: () => (arrived += 1) };
    const mutation: KnownOperation = { ...operation, type: 'mutation' };
    const run = async () => {
      await sleep(1);
      seen.push(arrivals.arrivedAt());
      return answer;
    };
    await (await start({ around, find: () => mutation, run })).ask();
    const declining = await start({
      around,
      find: () => mutation,
      context: no,
      next(request, response) {
        seen.push(handedOver(request)?.arrival);
        response.end('{}');
      },
    });
    await declining.ask();
    assert.deepEqual(seen, [1_001, 1_002]);
  });

  it('a client that disconnects ends its request, although the operation never ends', async () => {
    const lane = await start({ run: () => new Promise(() => {}) });
    const socket = connect(lane.port, '127.0.0.1');
    const body = '{"query":"{ a }"}';
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => lane.underWay() === 1);
    socket.destroy();
    await until(() => lane.underWay() === 0);
    const { id, ...members } = (lane.lines[0] ?? {}) as { readonly id?: unknown };
    assert.deepEqual([lane.outcomes, lane.lines.length], [['aborted'], 1]);
    assert.deepEqual(members, { method: 'POST', route: '/graphql' });
    assert.match(String(id), /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  });

  it('an operation that ends after its client has disconnected writes nothing', async () => {
    let finish: (answer: KnownAnswer) => void = () => {};
    const lane = await start({ run: () => new Promise((resolve) => (finish = resolve)) });
    const socket = connect(lane.port, '127.0.0.1');
    const body = '{"query":"{ a }"}';
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => lane.underWay() === 1);
    socket.destroy();
    await until(() => lane.underWay() === 0);
    finish(answer);
    await sleep(10);
    assert.deepEqual([lane.outcomes, lane.faults], [['aborted'], []]);
  });
});
