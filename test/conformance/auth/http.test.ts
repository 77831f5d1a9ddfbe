import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { graphqlPath } from '../../../src/http/graphql/graphql.ts';
import { type AuthCase, nameOf, statusOf } from './case.ts';
import { authCases } from './cases.ts';
import { mountTable } from './mount.ts';
import { makeWorld } from './world.ts';

const { guarded, runs } = makeWorld();
let app: FastifyInstance;
before(async () => {
  app = await mountTable(guarded);
});
after(() => app.close());

interface Answer {
  readonly status: number;
  readonly authenticate: string | undefined;
  readonly body: { readonly data?: unknown; readonly errors?: readonly { extensions: Record<string, unknown> }[] };
}

async function ask(authCase: AuthCase, method: 'POST' | 'GET'): Promise<Answer> {
  const { document: query, operationName, variables, caller } = authCase;
  const headers = { authorization: JSON.stringify(caller), 'x-apollo-operation-name': 'table' };
  const search = new URLSearchParams({
    query,
    ...(operationName !== undefined && { operationName }),
    ...(variables && { variables: JSON.stringify(variables) }),
  });
  const response =
    method === 'GET'
      ? await app.inject({ method, url: `${graphqlPath}?${search.toString()}`, headers })
      : await app.inject({ method, url: graphqlPath, headers, payload: { query, operationName, variables } });
  return {
    status: response.statusCode,
    authenticate: response.headers['www-authenticate']?.toString(),
    body: response.json(),
  };
}

function coordinatesOf({ errors = [] }: Answer['body']): readonly unknown[] {
  return errors.map(({ extensions }) => extensions['coordinate'] ?? extensions['code']);
}

for (const authCase of authCases) {
  const { outcome, document } = authCase;
  if (document.startsWith('subscription')) continue; // stream.test.ts covers streams.
  const methods = document.startsWith('mutation') ? (['POST'] as const) : (['POST', 'GET'] as const);
  for (const method of methods) {
    it(`${nameOf(authCase)}, over HTTP ${method}`, async () => {
      runs.length = 0;
      const { status, authenticate, body } = await ask(authCase, method);
      if (outcome.is === 'answered') {
        assert.deepEqual(body.data, outcome.data);
        assert.deepEqual(coordinatesOf(body), outcome.denied);
        assert.equal(status, 200);
        for (const coordinate of outcome.unrun ?? outcome.denied) assert.ok(!runs.includes(coordinate), coordinate);
        return;
      }
      assert.deepEqual(runs, []);
      if (outcome.is === 'refused') {
        assert.equal(status, statusOf[outcome.code], JSON.stringify(body));
        assert.equal(body.data, undefined);
        const [error] = body.errors ?? [];
        assert.equal(error?.extensions['code'], outcome.code);
        const denials = (error?.extensions['denials'] ?? [error?.extensions]) as { coordinate: string }[];
        assert.deepEqual(denials.map(({ coordinate }) => coordinate).toSorted(), outcome.denied.toSorted());
        assert.match(authenticate ?? '', /^Bearer realm="table", resource_metadata="/);
      } else {
        assert.ok(Object.values(body.data ?? {}).every((value) => value === null));
        for (const coordinate of outcome.denied) assert.ok(coordinatesOf(body).includes(coordinate), coordinate);
      }
    });
  }
}
