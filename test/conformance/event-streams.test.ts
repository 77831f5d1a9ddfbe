import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { query } from '../support/client.ts';
import { hostileConfig } from '../support/hostile-module.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { openSocket } from '../support/socket.ts';

interface Result {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** What a client receives of an operation: its results, and whether it received the end of the stream. */
interface Run {
  readonly results: readonly Result[];
  readonly isComplete: boolean;
}

describe('E-12 faults of streams', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ fromSources: true, config: hostileConfig() });
  });
  after(() => server.dispose());

  const post = (body: unknown, signal?: AbortSignal): Promise<Response> =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });

  /** Reads an event stream to its end, by the rules of server-sent events. */
  async function overEvents(document: string): Promise<Run> {
    const response = await post({ query: document });
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const events = (await response.text()).split('\n\n').filter((event) => event.startsWith('event: '));
    const results = events
      .filter((event) => event.startsWith('event: next\ndata: '))
      .map((event) => JSON.parse(event.slice('event: next\ndata: '.length)) as Result);
    assert.ok(events.length - results.length <= 1, events.join('\n\n'));
    return { results, isComplete: events.at(-1) === 'event: complete\ndata:' };
  }

  async function overSocket(document: string): Promise<Run> {
    const socket = await openSocket(server.url);
    socket.subscribe('1', document);
    const [end] = await socket.wait(({ type }) => type === 'complete' || type === 'error');
    const results = socket.messages.filter(({ type }) => type === 'next').map(({ payload }) => payload as Result);
    // After a failed operation, the socket still runs other operations.
    socket.subscribe('2', '{ hello }');
    await socket.wait(({ type, id }) => type === 'complete' && id === '2');
    socket.socket.close();
    const refused = end?.type === 'error' ? [{ errors: end.payload }] : [];
    return { results: [...results, ...refused], isComplete: true };
  }

  const faults = (): readonly string[] =>
    server
      .output()
      .split('\n')
      .filter((line) => /"level":"(error|fatal)"/.test(line));

  let expected = 0;
  /** Asserts that the server logged exactly this many new lines at error level. */
  async function areLogged(count: number): Promise<void> {
    expected += count;
    await until(() => faults().length >= expected);
    assert.equal(faults().length, expected, faults().join('\n'));
  }

  const event = { data: { source: 1 } };
  const rows: readonly (readonly [kind: string, events: number, code: string | null])[] = [
    ['throws', 0, 'INTERNAL_SERVER_ERROR'],
    ['rejects', 0, 'INTERNAL_SERVER_ERROR'],
    ['rejectsWithCode', 0, 'SOLD_OUT'],
    ['throwsNull', 0, 'INTERNAL_SERVER_ERROR'],
    ['noIterable', 0, 'INTERNAL_SERVER_ERROR'],
    ['badIterator', 0, 'INTERNAL_SERVER_ERROR'],
    ['generatorThrows', 1, 'INTERNAL_SERVER_ERROR'],
    ['generatorThrowsCode', 1, 'SOLD_OUT'],
    ['nextThrows', 1, 'INTERNAL_SERVER_ERROR'],
    ['nextGivesText', 1, 'INTERNAL_SERVER_ERROR'],
    ['doneThrows', 1, 'INTERNAL_SERVER_ERROR'],
    ['nextRejectsNothing', 1, 'INTERNAL_SERVER_ERROR'],
    ['noEvents', 0, null],
    ['oneEvent', 1, null],
  ];
  for (const [transport, run] of [
    ['server-sent events', overEvents],
    ['WebSocket', overSocket],
  ] as const) {
    for (const [kind, events, code] of rows) {
      const what =
        code === null ? `it ends after ${events} events` : `its last result is ${code}, logged once if unknown`;
      it(`E-12 over ${transport}, for a source that is "${kind}", ${what}`, async () => {
        const { results, isComplete } = await run(`subscription { source(kind: "${kind}") }`);
        assert.ok(isComplete);
        assert.deepEqual(
          results.slice(0, events),
          Array.from({ length: events }, () => event),
        );
        const last = results.slice(events);
        assert.deepEqual(
          last.map(({ errors }) => errors?.map(({ extensions }) => extensions.code)),
          code === null ? [] : [[code]],
        );
        assert.doesNotMatch(JSON.stringify(results), /secret/);
        await areLogged(code === 'INTERNAL_SERVER_ERROR' ? 1 : 0);
      });
    }

    for (const [name, document, code] of [
      ['a refused operation', 'subscription { mine }', 'UNAUTHENTICATED'],
      ['a limit exceeded', `{ ${Array.from({ length: 60 }, (_, n) => `a${n}: hello`).join(' ')} }`, 'LIMIT_EXCEEDED'],
      ['a document that is not GraphQL', '{', 'GRAPHQL_PARSE_FAILED'],
      ['a document that is not valid', '{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
      ['a variable that is wrong', 'query ($n: Int!) { big(kib: $n) }', 'BAD_USER_INPUT'],
      ['a result that is not JSON', '{ odd }', 'INTERNAL_SERVER_ERROR'],
    ] as const) {
      it(`E-12 over ${transport}, ${name} is one result with ${code}, and the end`, async () => {
        const { results, isComplete } = await run(document);
        assert.ok(isComplete);
        assert.equal(results.length, 1);
        assert.equal(results[0]?.errors?.[0]?.extensions.code, code, JSON.stringify(results));
        await areLogged(code === 'INTERNAL_SERVER_ERROR' ? 1 : 0);
      });
    }
  }

  for (const kind of ['neverSettles', 'returnThrows', 'returnRejects']) {
    it(`E-12 a client that leaves a source that is "${kind}" does not harm the server`, async () => {
      const controller = new AbortController();
      const response = await post({ query: `subscription { source(kind: "${kind}") }` }, controller.signal);
      assert.ok(response.body);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      while (!text.includes('event: next')) text += (await reader.read()).value ?? '';
      controller.abort();
      await reader.closed.catch(() => {});
      const socket = await openSocket(server.url);
      socket.subscribe('1', `subscription { source(kind: "${kind}") }`);
      await socket.wait(({ type }) => type === 'next');
      socket.send({ id: '1', type: 'complete' });
      socket.subscribe('2', '{ hello }');
      await socket.wait(({ type, id }) => type === 'complete' && id === '2');
      socket.socket.close();
      assert.equal((await query(server.url, '{ hello }')).status, 200);
    });
  }

  for (const [name, body] of Object.entries<unknown>({
    'a body that is a list': [],
    'a body that is null': null,
    'no query': {},
    'variables that are a list': { query: '{ hello }', variables: [] },
    'extensions that are text': { query: '{ hello }', extensions: 'x' },
  })) {
    it(`E-12 ${name} is answered 400 with a code`, async () => {
      const response = await post(body);
      assert.equal(response.status, 400);
      const { errors } = (await response.json()) as Result;
      assert.equal(errors?.[0]?.extensions.code, 'BAD_REQUEST');
    });
  }

  it('an event stream tells proxies to pass each event on, without buffering or compression', async () => {
    const response = await post({ query: '{ hello }' });
    await response.text();
    assert.equal(response.headers.get('x-accel-buffering'), 'no');
    assert.equal(response.headers.get('cache-control'), 'no-store, no-transform');
  });

  it('E-12 variables of a GET are read as JSON; other text is answered 400 with a code', async () => {
    const get = (search: Record<string, string>) =>
      fetch(`${server.url}/graphql?${new URLSearchParams(search).toString()}`, {
        headers: { accept: 'text/event-stream' },
      });
    const refused = await get({ query: '{ hello }', variables: '{' });
    assert.equal(refused.status, 400);
    assert.equal(((await refused.json()) as Result).errors?.[0]?.extensions.code, 'BAD_REQUEST');
    const answer = await get({ query: 'query ($n: Int!) { big(kib: $n) }', variables: '{"n":0}' });
    assert.match(await answer.text(), /event: next\ndata: {"data":{"big":""}}\n\nevent: complete/);
  });

  it('E-4 events for a client that never reads its stream are bounded, and the source ends when the client disconnects', async () => {
    const memory = async (): Promise<number> => (await query(server.url, '{ memory }')).body.data.memory;
    const running = async (): Promise<number> => (await query(server.url, '{ running }')).body.data.running;
    const before = [await memory(), await running()] as const;
    const streams = Array.from({ length: 10 }, () => {
      const sent = request(`${server.own}/graphql`, {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
      });
      sent.on('error', () => {});
      sent.end(JSON.stringify({ query: 'subscription { big(kib: 256) }' }));
      return sent;
    });
    // The client does not read the responses.
    await Promise.all(streams.map((sent) => once(sent, 'response')));
    await until(async () => (await running()) === before[1] + 10);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const grown = (await memory()) - before[0];
    assert.ok(grown < 16 * 1_048_576, `${grown} bytes`);
    for (const sent of streams) sent.destroy();
    await until(async () => (await running()) === before[1]);
    await areLogged(0);
  });
});
