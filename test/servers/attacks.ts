import assert from 'node:assert/strict';
import { once } from 'node:events';
import { it } from 'node:test';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Caller } from '../support/callers.ts';
import { type Answer, ask, bodyOf } from './ask.ts';

/** The addresses that a server prints: its GraphQL endpoints, and the control that lists the resolvers that ran. */
export type Urls = Readonly<
  Record<'control' | 'world' | 'deep' | 'viewer' | 'hazards' | 'callers' | 'nonced' | 'keys' | 'hanging', string>
>;

/** A server that serves the tables. */
export interface Attacked {
  readonly name: string;
  /** How many depths of an input are sent to each endpoint. */
  readonly turns: number;
  readonly urls: () => Urls;
  /** Returns the coordinates of the resolvers that ran since the last call. */
  readonly runs: () => Promise<readonly string[]>;
  /** Makes the header of a token. Default: a token without a scope. */
  readonly authorization: (caller?: Caller) => readonly string[];
  /** The refusal of an input that is too deep. */
  readonly refusals: RegExp;
  /** Whether the process has ended. */
  readonly hasEnded: () => boolean;
}

const documents = {
  query: 'query ($f: Filter) { hello a: search(filter: $f) b: search(filter: $f) }',
  mutation: 'mutation ($f: Filter) { touch { id } a: put(filter: $f) b: put(filter: $f) }',
} as const;

/** The body as text, because `JSON.stringify` recurses. */
function deepBody(operation: keyof typeof documents, depth: number): string {
  const variables = `{"f":${'{"and":['.repeat(depth)}{"secret":"x"}${']}'.repeat(depth)}}`;
  return `{"query":${JSON.stringify(documents[operation])},"variables":${variables}}`;
}

/** The cases of section E whose subject is the engine, on a server with the installed kit. */
export function attackTests({ name, turns, urls, runs, authorization, refusals, hasEnded }: Attacked): void {
  for (const [endpoint, limit] of [
    ['world', 'with the default limit'],
    ['deep', 'with a limit that is beyond what a stack can hold'],
  ] as const) {
    it(`E-1 a guarded input, however deep, never reaches a resolver, ${limit}, on ${name}`, async () => {
      await runs();
      for (let turn = 0; turn < turns; turn += 1) {
        const operation = turn % 4 === 3 ? 'mutation' : 'query';
        const text = deepBody(operation, 100 + ((turn * 7_919) % 17_900));
        const answer = await ask(urls()[endpoint], { text, headers: authorization() });
        assert.match(answer.text, /"message":/);
        if (endpoint === 'world') assert.match(answer.text, refusals);
      }
      const ran = (await runs()).filter((run) => run !== 'Query.hello');
      assert.deepEqual(ran, []);
    });
  }

  it(`E-1 a mutation whose guarded inputs are not of their types runs nothing, on ${name}`, async () => {
    await runs();
    const variables = { f: { secret: { x: 1 } } };
    const answer = await ask(urls().world, { query: documents.mutation, variables, headers: authorization() });
    assert.ok((bodyOf(answer).errors ?? []).length > 0, answer.text);
    assert.deepEqual(await runs(), []);
  });

  it(`E-10 550 uses of one variable of 60,000 enum values are denied in bounded time, on ${name}`, async () => {
    await runs();
    const answer = await ask(urls().world, { ...manyUses(), headers: authorization() });
    assert.equal(answer.status, 403, answer.text.slice(0, 300));
    assert.deepEqual(await runs(), []);
  });

  it(`E-2, E-3 denials beside items that fail later, and callbacks that fail, never end the process, on ${name}`, async () => {
    const queries = [
      '{ rows { id secret late } }',
      '{ mixed { id secret } hello }',
      '{ a: rows { late secret } b: mixed { secret late } hello }',
    ];
    const answers = await Promise.all(queries.map((query) => ask(urls().hazards, { query })));
    for (const answer of answers) assert.ok((bodyOf(answer).errors ?? []).length > 0, answer.text);
    // The items that were pending settle within 20 ms.
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(hasEnded(), false);
    assert.deepEqual(bodyOf(await ask(urls().hazards, { query: '{ hello }' })).data, { hello: 'hello' });
  });
}

/** The case of a variable with many values that is used many times. */
function manyUses(): { readonly query: string; readonly variables: unknown } {
  const fields = Array.from({ length: 550 }, (_, index) => `a${index}: search(sizes: $s)`);
  const sizes = Array.from({ length: 60_000 }, (_, index) => (index === 59_999 ? 'HUGE' : 'SMALL'));
  return { query: `query ($s: [Size!]) { ${fields.join(' ')} }`, variables: { s: sizes } };
}

/** What differs in Mercurius: batches and subscriptions. */
export function mercuriusTests({ name, urls, runs, authorization, hasEnded }: Attacked): void {
  it(`B-13 each operation of a batch is decided, on ${name}`, async () => {
    await runs();
    const query = 'query Open { hello } query Guarded { user } mutation Change { wipe }';
    const names = ['Open', 'Guarded', 'Change'];
    const text = JSON.stringify(names.map((operationName) => ({ query, operationName })));
    const answer = await ask(urls().world, { text, headers: authorization() });
    assert.equal(answer.status, 200);
    const parts = JSON.parse(answer.text) as ReturnType<typeof bodyOf>[];
    assert.deepEqual(
      parts.map(({ data, errors }) => [data, errors?.[0]?.extensions?.['code'], errors?.[0]?.extensions?.['http']]),
      [
        [{ hello: 'hello' }, undefined, undefined],
        [null, 'FORBIDDEN', undefined],
        [null, 'FORBIDDEN', undefined],
      ],
    );
    assert.deepEqual(await runs(), ['Query.hello']);
  });

  it(`B-13 a document that is executed by several names is decided by each of them, on ${name}`, async () => {
    const query = 'query Open { hello } query Guarded { user }';
    const send = async (operationName: string): Promise<Answer> =>
      ask(urls().world, { query, operationName, headers: authorization() });
    for (let turn = 0; turn < 4; turn += 1) {
      assert.deepEqual(bodyOf(await send('Open')).data, { hello: 'hello' });
      assert.equal((await send('Guarded')).status, 403);
    }
  });

  it(`B-13 a denied subscription does not begin, over WebSocket, on ${name}`, async () => {
    await runs();
    const client = createClient({
      url: urls().world.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const first = async (query: string): Promise<unknown> => {
      for await (const result of client.iterate({ query })) return result;
      return null;
    };
    const refused = await first('subscription { alarms }').then(JSON.stringify, JSON.stringify);
    assert.match(refused, /UNAUTHENTICATED/);
    assert.deepEqual(await runs(), []);
    assert.match(JSON.stringify(await first('subscription { ticks { id } }')), /"ticks":\{"id":"o"\}/);
    await client.dispose();
  });

  it(`A-2 a socket with a bad token is closed, and the process goes on, on ${name}`, async () => {
    const options = { headers: { authorization: 'Bearer a.b.c' } };
    const socket = new WebSocket(urls().world.replace('http', 'ws'), 'graphql-transport-ws', options);
    const closed = once(socket, 'close');
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    socket.send('{"id":"1","type":"subscribe","payload":{"query":"subscription { ticks { id } }"}}');
    assert.deepEqual((await closed)[0], 1011);
    assert.equal(hasEnded(), false);
    assert.equal((await ask(urls().world, { query: '{ hello }' })).status, 200);
  });
}
