import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { defaultTypeResolver } from 'graphql';
import type { SchemaModule } from '../../../src/auth/modules/module.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { listening, transportsOf } from '../../support/transports.ts';
import { policies, resolvers, selections, typeDefs } from './dropped/sources.ts';
import { mountTable } from './mount.ts';

const isA = (value: object): unknown => ('a' in value ? 'yes' : 0);
const modules = [
  { name: 'lists', typeDefs: typeDefs.replaceAll('PUBLIC', '@public'), resolvers },
  {
    name: 'types',
    typeDefs: `
      union Either = A | B  type A @auth(scope: "a") { a: Int }  type B { b: Int }
      type Mine @auth(owner: "owner") { owner: ID }
      extend type Query { eithers: [Either] @public  mine: [Mine] @public }`,
    resolvers: {
      Query: {
        eithers: () => [{ b: 2 }, Promise.resolve({ a: 1 })],
        mine: () => [{ owner: 'alice' }, Promise.resolve({ owner: 'bob' })],
      },
      Either: { __resolveType: defaultTypeResolver },
      A: { __isTypeOf: isA },
      B: { __isTypeOf: (value: object) => 'b' in value },
    },
  },
] as unknown as readonly SchemaModule[]; // Resolvers as authors write them.

/** Tests every 37th selection, so that each transport covers every list and every shape. */
const step = 37;

describe('lists over every transport', () => {
  let app: FastifyInstance;
  let url: string;
  before(async () => {
    app = await mountTable(createGuardedSchema({ modules, policies }));
    url = await listening(app);
  });
  after(() => app.close());

  for (const transport of ['POST', 'GET', 'WebSocket', 'server-sent events']) {
    it(`E-2 an item that fails at once leaves no rejection unhandled, over ${transport}`, async () => {
      // The test runner fails a test that leaves a rejection unhandled.
      const some = selections().filter((_, index) => index % step === 0);
      for (const selection of [...some, 'owned { n }', 'policed { n }']) {
        const answer = await transportsOf(url)[transport]?.({ query: `{ lists { ${selection} } }`, caller: {} });
        assert.ok(answer && 'data' in answer, JSON.stringify(answer));
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    });

    it(`E-6 values are decided at their own positions, also with an author's isTypeOf, over ${transport}`, async () => {
      const query = '{ eithers { __typename } mine { owner } }';
      const answer = await transportsOf(url)[transport]?.({ query, caller: {} });
      assert.deepEqual(answer?.data, { eithers: [{ __typename: 'B' }, null], mine: [{ owner: 'alice' }, null] });
      assert.deepEqual(answer?.errors?.map(({ path }) => path?.join('.')).sort(), ['eithers.1', 'mine.1']);
      const allowed = await transportsOf(url)[transport]?.({
        query: '{ eithers { __typename } }',
        caller: { scopes: ['a'] },
      });
      assert.deepEqual(allowed?.data, { eithers: [{ __typename: 'B' }, { __typename: 'A' }] });
    });
  }
});
