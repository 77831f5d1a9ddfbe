import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import { createExecutor } from '../../../src/auth/execute/executor.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { assertSame, byExecutor, byGraphql } from '../../support/both-executors.ts';
import { principalFor } from '../../support/callers.ts';

const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

/** How a resolver gives a value. */
const ways: Readonly<Record<string, (value: unknown) => unknown>> = {
  itself: (value) => value,
  'from a function': (value) => () => value,
  thrown: (value) => () => {
    throw value;
  },
  'in a rejected promise': (value) => () => Promise.reject(value),
  'in a list': (value) => [1, value],
  // oxlint-disable-next-line unicorn/no-thenable -- a resolver may return one.
  'to the callback of a value like a promise': (value) => ({ then: (yes: (found: unknown) => unknown) => yes(value) }),
};

describe('E-1 a revoked proxy fails where it fails in graphql-js', () => {
  let made: () => unknown = () => null;
  const { schema } = createGuardedSchema({
    modules: [
      {
        name: 'main',
        typeDefs: `
          type Query { item: Item @public }
          type Item { other: Int  text: String  strict: String!  texts: [String]  item: Item  node: Node }
          interface Node { id: ID }
          type One implements Node { id: ID }
        `,
        resolvers: {
          Query: {
            item: () =>
              new Proxy(
                { other: 1 },
                { get: (_target, name) => (name === 'other' ? 1 : name === 'then' ? undefined : made()) },
              ),
          },
        },
      },
    ],
  });
  const executeQuery = createExecutor(schema);
  for (const [name, way] of Object.entries(ways)) {
    for (const field of ['text', 'strict', 'texts', 'item { other }', 'node { id }']) {
      it(`${name}: ${field}`, async () => {
        made = () => way(revoked());
        const principal = principalFor({ scopes: [] });
        const document = parse(`{ item { other ${field} } }`);
        const request = { document, contextValue: () => ({ principal }) };
        const results = await Promise.allSettled([byExecutor(executeQuery, request), byGraphql(schema, request)]);
        const [found, wanted] = results;
        assert.ok(wanted.status === 'fulfilled' && found.status === 'fulfilled' && found.value);
        assertSame(found.value, wanted.value);
      });
    }
  }
});
