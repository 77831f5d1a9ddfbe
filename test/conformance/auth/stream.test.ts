import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { createClient as createEventClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { graphqlPath } from '../../../src/http/graphql/graphql.ts';
import { type AuthCase, nameOf } from './case.ts';
import { authCases } from './cases.ts';
import { mountTable } from './mount.ts';
import { makeWorld } from './world.ts';

const { guarded, runs } = makeWorld();
let app: FastifyInstance;
let address = '';
before(async () => {
  app = await mountTable(guarded);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  address = new URL(graphqlPath, url).href.replace('http://', '');
});
after(() => app.close());

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions: Record<string, unknown> }[] | undefined;
}

/** Returns the first result of an operation. A refusal before execution has errors only. */
const transports: Readonly<Record<string, (authCase: AuthCase) => Promise<Answer>>> = {
  async WebSocket({ document: query, operationName, variables, caller }) {
    const client = createSocketClient({
      url: `ws://${address}`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: JSON.stringify(caller) },
    });
    try {
      const results = client.iterate({ query, operationName, variables: { ...variables } });
      for await (const result of results) return result as Answer;
      return {};
    } catch (errors) {
      if (!Array.isArray(errors)) throw errors;
      return { errors };
    } finally {
      await client.dispose();
    }
  },
  async 'server-sent events'({ document: query, operationName, variables, caller }) {
    const client = createEventClient({
      url: `http://${address}`,
      retryAttempts: 0,
      headers: { authorization: JSON.stringify(caller) },
    });
    try {
      const results = client.iterate({
        query,
        ...(operationName !== undefined && { operationName }),
        variables: { ...variables },
      });
      for await (const result of results) return result;
      return {};
    } finally {
      client.dispose();
    }
  },
};

const coordinatesOf = ({ errors = [] }: Answer) =>
  errors.map(({ extensions }) => extensions['coordinate'] ?? extensions['code']);

// Every third case and every subscription. All transports use the same rules, so a sample of the transports is enough.
const sample = authCases.filter(({ document }, index) => index % 3 === 0 || document.startsWith('subscription'));
for (const authCase of sample) {
  const { outcome } = authCase;
  for (const [name, ask] of Object.entries(transports)) {
    it(`${nameOf(authCase)}, over ${name}`, async () => {
      runs.length = 0;
      const answer = await ask(authCase);
      if (outcome.is === 'answered') {
        assert.deepEqual(answer.data, outcome.data);
        assert.deepEqual(coordinatesOf(answer), outcome.denied);
        for (const coordinate of outcome.unrun ?? outcome.denied) assert.ok(!runs.includes(coordinate), coordinate);
        return;
      }
      assert.deepEqual(runs, []);
      if (outcome.is === 'stopped') {
        assert.ok(Object.values(answer.data ?? {}).every((value) => value === null));
        return;
      }
      assert.equal(answer.data, undefined);
      assert.equal(answer.errors?.[0]?.extensions['code'], outcome.code);
    });
  }
}
