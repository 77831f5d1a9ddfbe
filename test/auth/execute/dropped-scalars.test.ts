import assert from 'node:assert/strict';
import { it } from 'node:test';
import { GraphQLScalarType, parse } from 'graphql';
import { createExecutor } from '../../../src/auth/execute/executor.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { assertSame, byExecutor, byGraphql } from '../../support/both-executors.ts';
import { principalFor } from '../../support/callers.ts';
import { failOnUnhandled } from '../../properties/auth/unhandled-rejections.ts';

/** A scalar whose `serialize` rejects for 7, and throws for 8. */
const Any = new GraphQLScalarType({
  name: 'Any',
  serialize(value) {
    if (value === 8) throw new Error('at once');
    return value === 7 ? Promise.reject(new Error('late')) : value;
  },
});

it('E-2 an item whose `serialize` rejects does not end the process if a later item fails at once', async () => {
  const lists: readonly (() => unknown)[] = [
    () => [7, 8],
    () => [7, Promise.resolve(1), 8],
    () => [Promise.resolve(7), 7, null],
    // oxlint-disable-next-line unicorn/no-thenable -- a resolver may return one.
    () => [7, { then: (_yes: unknown, no: (reason: unknown) => unknown) => no(new Error('like a promise')) }],
    () => new Set([7, 8]),
    async () => [7, 8],
  ];
  let list: () => unknown = () => [];
  const { schema } = createGuardedSchema({
    modules: [
      {
        name: 'main',
        typeDefs:
          'scalar Any type Query { strict: [Any!]! @public  loose: [Any!] @public  ruled: [Any!] @auth(scope: "s") }',
        resolvers: { Any, Query: { strict: () => list(), loose: () => list(), ruled: () => list() } },
      },
    ],
  });
  const executeQuery = createExecutor(schema);
  const principal = principalFor({ scopes: ['s'] });
  await failOnUnhandled(async (assertHandled) => {
    for (const made of lists) {
      for (const field of ['strict', 'loose', 'ruled']) {
        list = made;
        const request = { document: parse(`{ ${field} }`), contextValue: () => ({ principal }) };
        const found = await byExecutor(executeQuery, request);
        await assertHandled();
        assert.ok(found);
        assertSame(found, await byGraphql(schema, request), true);
        await assertHandled();
      }
    }
  });
});
