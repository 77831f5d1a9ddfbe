import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { parse } from 'graphql';
import { authCaches } from '../../../src/auth/caches.ts';
import { createExecutor } from '../../../src/auth/execute/executor.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { heapUsed } from '../../support/heap.ts';
import { person } from '../../support/rules.ts';

const { schema } = createGuardedSchema({
  modules: [
    {
      name: 'main',
      typeDefs: `
        interface I { i: I  text(a: String, b: String): String }
        type Query { i: I @public }
        type A implements I { i: I  text(a: String, b: String): String @auth(scope: "s") }`,
      resolvers: { Query: { i: () => ({ __typename: 'A', i: { __typename: 'A', text: 't' }, text: 't' }) } },
    },
  ],
});

/** Queries of 100 fields each, so that their number would exceed the bound several times. */
const queries: Readonly<Record<string, (index: number) => string>> = {
  'of many aliases': (index) =>
    `{ i { ${Array.from({ length: 100 }, (_, at) => `f${index}_${at}: text`).join(' ')} } }`,
  'of many arguments': (index) =>
    `query ($v: String) { i { ${Array.from({ length: 100 }, (_, at) => `f${index}_${at}: text(a: "${at}", b: $v)`).join(' ')} } }`,
  'of many conditions': (index) =>
    `query ($a: Boolean!, $b: Boolean!) { i { ${Array.from({ length: 20 }, (_, at) => `f${index}_${at}: text @skip(if: $a) g${at}: i { __typename @include(if: $b) }`).join(' ')} } }`,
};

describe('E-9 prepared queries are bounded', () => {
  for (const [kind, textOf] of Object.entries(queries)) {
    it(`E-9 queries ${kind}, all of their documents kept, take no more than the stated bound`, async (test) => {
      const executeQuery = createExecutor(schema);
      const contextValue = { principal: person() };
      const documents = Array.from({ length: 160 }, (_, index) => parse(textOf(index), { noLocation: true }));
      const run = (document: (typeof documents)[number]): void => {
        for (const [a, b] of [
          [true, false],
          [false, true],
        ]) {
          assert.equal('data' in executeQuery({ document, contextValue, variables: { a, b, v: 'v' } }), true);
        }
      };
      documents.splice(0, 10).forEach(run);
      await setImmediate();
      const before = heapUsed();
      documents.forEach(run);
      await setImmediate();
      const grown = heapUsed() - before;
      test.diagnostic(`${(grown / 1024 / 1024).toFixed(1)} MiB for ${documents.length} documents`);
      assert.ok(grown <= authCaches.preparedQueries.bytes + 2 * 1024 * 1024, `${grown} bytes`);
    });
  }
});
