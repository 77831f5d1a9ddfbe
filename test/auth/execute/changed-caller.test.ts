import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import { createExecutor } from '../../../src/auth/execute/executor.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { assertSame, byExecutor, byGraphql } from '../../support/both-executors.ts';
import { principalFor } from '../../support/callers.ts';

interface Context {
  principal: ReturnType<typeof principalFor>;
}

/** Signs the caller out. */
const leave = (context: Context): void => {
  context.principal = principalFor(null);
};
const doc = (name: string) => ({ name, leave: (_args: unknown, context: Context) => (leave(context), name) });

/** The rule of the type holds for the caller before its policy is asked. So the value is decided after the resolver. */
const { schema } = createGuardedSchema({
  policies: { yes: (requests) => requests.map(() => true) },
  modules: [
    {
      name: 'main',
      typeDefs: `
        type Query { one: Doc @public  late: Doc @public  all: [Doc] @public  lateAll: [Doc] @public  kept: [Doc] @public }
        type Doc @auth(anyOf: [{ scope: "read" }, { scope: "ask", policy: ["yes"] }]) { name: String  leave: String }`,
      resolvers: {
        Query: {
          one: (_source: unknown, _args: unknown, context: Context) => (leave(context), doc('a')),
          late: async (_source: unknown, _args: unknown, context: Context) => {
            await Promise.resolve();
            leave(context);
            return doc('a');
          },
          all: (_source: unknown, _args: unknown, context: Context) => (leave(context), [doc('a'), null, doc('b')]),
          lateAll: async (_source: unknown, _args: unknown, context: Context) => (leave(context), [doc('a'), doc('b')]),
          kept: () => [doc('a'), doc('b'), null],
        },
      },
    },
  ],
});

describe('a resolver that signs the caller out while the executor runs its query', () => {
  for (const [what, document, wanted] of [
    ['returns an object', '{ one { name } }', '{"one":null}'],
    ['returns a promise of an object', '{ late { name } }', '{"late":null}'],
    ['returns a list', '{ all { name } }', '{"all":[null,null,null]}'],
    ['returns a promise of a list', '{ lateAll { name } }', '{"lateAll":[null,null]}'],
    ['is of an item of a list', '{ kept { leave name } }', '{"kept":[{"leave":"a","name":"a"},null,null]}'],
  ] as const) {
    it(`${what}: the rules of the values are decided for the present caller, as with graphql-js`, async () => {
      for (const compileAfter of [0, Infinity]) {
        const executeQuery = createExecutor(schema, { compileAfter, compileIntervalMs: 0 });
        const request = {
          document: parse(document),
          contextValue: () => ({ principal: principalFor({ scopes: ['read'] }) }),
        };
        for (let time = 0; time < 2; time += 1) {
          const found = await byExecutor(executeQuery, request);
          assert.ok(found);
          assertSame(found, await byGraphql(schema, request));
          assert.equal(found.data, wanted);
        }
      }
    });
  }
});
