import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { WebSocket } from 'ws';
import { graphqlPath } from '../../../src/http/graphql/graphql.ts';
import { dose } from '../../support/dose.ts';
import { mountTable } from './mount.ts';
import { makeWorld, type World } from './world.ts';

/**
 * Two aliases that use one variable, after a public field. A decision about the variable could be cached at the first
 * alias.
 */
const documents = {
  query: 'query ($f: Filter) { hello a: search(filter: $f) b: search(filter: $f) }',
  mutation: 'mutation ($f: Filter) { touch { id } a: put(filter: $f) b: put(filter: $f) }',
} as const;
type Operation = keyof typeof documents;

/** Writes the variables as JSON text, because `JSON.stringify` recurses. */
function variables(depth: number): string {
  return `{"f":${'{"and":['.repeat(depth)}{"secret":"x"}${']}'.repeat(depth)}}`;
}
const body = (operation: Operation, depth: number): string =>
  `{"query":${JSON.stringify(documents[operation])},"variables":${variables(depth)}}`;

/** A caller without a scope. */
const authorization = JSON.stringify({ scopes: [] });

// With the default limit, one check refuses every depth before the stack matters. Few turns are enough to show it.
for (const [name, options, turns] of [
  ['with the default limit', {}, 12],
  ['with a limit beyond the capacity of a stack', { inputDepth: 1_000_000 }, dose('conformance/auth/depth.test.ts')],
] as const) {
  describe(`E-1 a guarded input of any depth never reaches a resolver, ${name}`, () => {
    let world: World;
    let app: FastifyInstance;
    let url: URL;
    let socket: WebSocket;
    before(async () => {
      world = makeWorld(options);
      app = await mountTable(world.guarded);
      url = new URL(graphqlPath, await app.listen({ host: '127.0.0.1', port: 0 }));
      socket = new WebSocket(url.href.replace('http', 'ws'), 'graphql-transport-ws');
      await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
      await once(socket, 'message');
    });
    after(async () => {
      socket.terminate();
      await app.close();
    });

    const post = (accept: string) => async (operation: Operation, depth: number) => {
      const headers = { authorization, accept, 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body: body(operation, depth) });
      return response.text();
    };
    const transports: Readonly<
      Record<string, { readonly most: number; readonly ask: (operation: Operation, depth: number) => Promise<string> }>
    > = {
      'HTTP POST': { most: 18_000, ask: post('application/json') },
      'HTTP GET': {
        most: 1_000, // Node accepts at most 16 KiB of request headers.
        ask: async (_operation, depth) => {
          const search = new URLSearchParams({ query: documents.query, variables: variables(depth) });
          const headers = { authorization, 'apollo-require-preflight': 'yes' };
          return (await app.inject({ method: 'GET', url: `${graphqlPath}?${search.toString()}`, headers })).body;
        },
      },
      'server-sent events': { most: 18_000, ask: post('text/event-stream') },
      WebSocket: {
        most: 18_000,
        ask: async (operation, depth) => {
          const { promise, resolve, reject } = Promise.withResolvers<string>();
          const id = `${operation}${depth}`;
          const hear = (data: Buffer): void => {
            const message = JSON.parse(data.toString('utf8'));
            if (message.id === id && message.type !== 'complete') resolve(JSON.stringify(message.payload));
          };
          socket.on('message', hear).once('close', reject);
          socket.send(`{"id":"${id}","type":"subscribe","payload":${body(operation, depth)}}`);
          const answer = await promise;
          socket.off('message', hear).off('close', reject);
          return answer;
        },
      },
    };

    it('E-1 a mutation whose guarded inputs are not of their types runs nothing, over HTTP POST and both streams', async () => {
      world.runs.length = 0;
      const text = JSON.stringify({ query: documents.mutation, variables: { f: { secret: { x: 1 } } } });
      const headers = { authorization, 'content-type': 'application/json' };
      const accept = 'application/graphql-response+json';
      const answer = await fetch(url, { method: 'POST', headers: { ...headers, accept }, body: text });
      assert.equal(answer.status, 400);
      assert.match(await answer.text(), /"code":"BAD_USER_INPUT"/);
      const events = await fetch(url, {
        method: 'POST',
        headers: { ...headers, accept: 'text/event-stream' },
        body: text,
      });
      assert.match(await events.text(), /"code":"BAD_USER_INPUT"/);
      const message = once(socket, 'message');
      socket.send(`{"id":"wrong","type":"subscribe","payload":${text}}`);
      const [data] = (await message) as [Buffer];
      assert.match(data.toString('utf8'), /"code":"BAD_USER_INPUT"/);
      assert.deepEqual(world.runs, []);
    });

    for (const [transport, { most, ask }] of Object.entries(transports)) {
      it(`E-1 over ${transport}, ${turns} times at varying depths`, async () => {
        world.runs.length = 0;
        for (let turn = 0; turn < turns; turn += 1) {
          const operation = turn % 4 === 3 ? 'mutation' : 'query';
          const answer = await ask(operation, 100 + ((turn * 7_919) % (most - 100)));
          assert.match(answer, /"message":/);
          if (Object.keys(options).length === 0) assert.match(answer, /"limit":"inputDepth"/);
        }
        assert.deepEqual(
          world.runs.filter((run) => run !== 'Query.hello'),
          [],
        );
      });
    }
  });
}
