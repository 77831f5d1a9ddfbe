import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Operation } from '../../src/explorer/client/run/answers/answer.ts';
import { closeMeaning } from '../../src/explorer/client/run/stream/closes.ts';
import { addEvent, noEvents } from '../../src/explorer/client/run/stream/event-list.ts';
import { selectOperation } from '../../src/explorer/client/run/send/operation-kind.ts';
import { createSender } from '../../src/explorer/client/run/send/request.ts';

const query: Operation = { kind: 'query', query: '{ a }' };
const mutation: Operation = { kind: 'mutation', query: 'mutation { a }' };
const invalid = () =>
  Response.json({ errors: [{ message: 'Expired.', extensions: { code: 'INVALID_TOKEN' } }] }, { status: 401 });

function setUp(
  answers: readonly (() => Response | Promise<Response>)[],
  kind: 'anonymous' | 'signed-in' | 'pasted' = 'signed-in',
) {
  const requests: Request[] = [];
  let token = 1;
  let renewals = 0;
  const send = createSender({
    endpoint: 'http://server.test/graphql',
    callers: {
      list: () => [{ id: 'a', label: 'Ada', kind }],
      authorization: async () => (kind === 'anonymous' ? null : `Bearer ${token}`),
      renew: async () => {
        token += 1;
        renewals += 1;
        if (renewals > 1) throw new Error('renewed twice');
      },
    },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      requests.push(request);
      const answer = answers[requests.length - 1];
      if (!answer) throw new Error('an unexpected request');
      return answer();
    },
    now: () => Date.UTC(2026, 0, 1),
    maxBytes: 1_000,
  });
  return {
    requests,
    send: (operation: Operation, signal = new AbortController().signal, id = 'a') => send(operation, id, signal),
  };
}

describe('an operation sent as one caller', () => {
  it('carries the header of the caller, no cookie, and not the kind', async () => {
    const { send, requests } = setUp([() => Response.json({ data: { a: 1 } }, { headers: { 'x-request-id': 'r1' } })]);
    const answer = await send(query);
    assert.equal(requests[0]?.headers.get('authorization'), 'Bearer 1');
    assert.equal(requests[0]?.credentials, 'omit');
    assert.deepEqual(await requests[0]?.json(), { query: '{ a }' });
    assert.deepEqual(
      [answer.result, answer.failure, answer.requestId, answer.label],
      [{ data: { a: 1 } }, null, 'r1', 'Ada'],
    );
  });

  it('carries no header for the caller without a token', async () => {
    const { send, requests } = setUp([() => Response.json({ data: {} })], 'anonymous');
    await send(query);
    assert.equal(requests[0]?.headers.has('authorization'), false);
  });

  it('is repeated once with a new token if it is a query and the token was refused', async () => {
    const { send, requests } = setUp([invalid, () => Response.json({ data: { a: 1 } })]);
    const answer = await send(query);
    assert.equal(answer.wasRepeated, true);
    assert.equal(answer.status, 200);
    assert.deepEqual(
      requests.map(({ headers }) => headers.get('authorization')),
      ['Bearer 1', 'Bearer 2'],
    );
    const twice = setUp([invalid, invalid]);
    assert.equal((await twice.send(query)).status, 401);
    assert.equal(twice.requests.length, 2);
  });

  it('is never repeated if it is a mutation, or if the token was pasted', async () => {
    const first = setUp([invalid]);
    assert.equal((await first.send(mutation)).status, 401);
    const second = setUp([invalid], 'pasted');
    assert.equal((await second.send(query)).status, 401);
    assert.deepEqual([first.requests.length, second.requests.length], [1, 1]);
  });

  it('reports each fault in words', async () => {
    const text =
      (status: number, body: string, headers = {}) =>
      () =>
        new Response(body, { status, headers });
    const cases: readonly (readonly [() => Response | Promise<Response>, RegExp])[] = [
      [() => Promise.reject(new TypeError('Failed to fetch')), /did not answer\. .*server runs/],
      [text(503, 'gone', { 'retry-after': '5' }), /HTTP 503\. .* Try again in 5 s\./],
      [
        text(503, '{}', { 'retry-after': new Date(Date.UTC(2026, 0, 1, 0, 0, 30)).toUTCString() }),
        /Try again in 30 s\./,
      ],
      [text(503, '', { 'retry-after': 'soon' }), /HTTP 503\. .* Try again\./],
      [text(413, ''), /HTTP 413\. .*too large.*CLAIMGATE_MAX_BODY_BYTES/],
      [text(400, '<h1>no</h1>'), /HTTP 400\. /],
      [text(200, '[]'), /HTTP 200\. The answer is not a GraphQL answer\./],
      [text(502, ''), /HTTP 502\. /],
      [text(599, ''), /HTTP 599\. The server cannot answer\./],
      [text(200, 'x'.repeat(2_000)), /more than/],
    ];
    for (const [answer, expected] of cases) {
      const { failure, result } = await setUp([answer]).send(query);
      assert.match(`${failure?.message} ${failure?.advice}`, expected);
      assert.equal(result, undefined);
    }
  });

  it('has the errors of a GraphQL answer with any status', async () => {
    const answer = await setUp([() => Response.json({ errors: [{ message: 'No.' }] }, { status: 400 })]).send(query);
    assert.deepEqual([answer.failure, answer.result], [null, { errors: [{ message: 'No.' }] }]);
  });

  it('says after a stop whether the operation may have run', async () => {
    const stop = new AbortController();
    const answer = () => {
      stop.abort();
      return Promise.reject(new DOMException('', 'AbortError'));
    };
    const { failure } = await setUp([answer]).send(mutation, stop.signal);
    assert.match(String(failure?.advice), /may have run/);
  });

  it('reports a removed caller without a request', async () => {
    const { send, requests } = setUp([]);
    const { failure } = await send(query, undefined, 'gone');
    assert.match(String(failure?.message), /was removed/);
    assert.equal(requests.length, 0);
  });
});

describe('the operation of a document', () => {
  it('is the named one, or the only one, and its kind is known', () => {
    const two = 'query A { a } mutation B { b }';
    assert.deepEqual(selectOperation(two, 'B'), { kind: 'mutation', operationName: 'B' });
    assert.deepEqual(selectOperation('subscription C { c }', 'Old'), { kind: 'subscription', operationName: 'C' });
    assert.deepEqual(selectOperation('{ c }', 'Old'), { kind: 'query' });
    assert.deepEqual(selectOperation(two, null), { kind: 'mutation', isUnread: true });
    assert.deepEqual(selectOperation(two, 'Old'), { kind: 'mutation', isUnread: true, operationName: 'Old' });
    assert.deepEqual(selectOperation('query A {', 'A'), { kind: 'mutation', isUnread: true, operationName: 'A' });
  });
});

describe('a subscription', () => {
  it('keeps the newest events within the bounds and counts all', () => {
    let list = noEvents;
    for (let n = 1; n <= 500; n += 1) list = addEvent(list, { n }, n);
    assert.deepEqual([list.events.length, list.received, list.events[0]?.number], [200, 500, 500]);
    for (let n = 1; n <= 5; n += 1) list = addEvent(list, 'x'.repeat(50), n, { maxEvents: 10, maxCharacters: 120 });
    assert.deepEqual([list.events.length, list.received], [2, 505]);
    assert.equal(addEvent(noEvents, 'x'.repeat(50), 1, { maxEvents: 10, maxCharacters: 1 }).events.length, 1);
  });

  it('keeps an event alone that is nested too deeply to be measured', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    const list = addEvent(addEvent(noEvents, { n: 1 }, 1), deep, 2);
    assert.deepEqual([list.events.length, list.received], [1, 2]);
    assert.equal(addEvent(list, { n: 3 }, 3).events.length, 1);
  });

  it('has words for each close of the server', () => {
    assert.match(closeMeaning(4401, 'Unauthorized').text, /expired.*“Unauthorized”.*4401/);
    assert.deepEqual(
      [4400, 4401, 4403, 1001, 1013, 1006, 3999].map((code) => closeMeaning(code, '').reconnect),
      ['never', 'renew', 'never', 'later', 'later', 'later', 'later'],
    );
  });
});
