import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ExecutionResult, graphql, type GraphQLSchema, lexicographicSortSchema, parse, subscribe } from 'graphql';
import { repeatsDenial } from '../../../src/auth/decide/denial-error.ts';
import { principalFor } from '../../support/callers.ts';
import { type AuthCase, nameOf } from './case.ts';
import { authCases } from './cases.ts';
import { makeWorld } from './world.ts';

// NestJS copies the guarded schema this way with its option `sortSchema`.
const { guarded, runs } = makeWorld();
const sorted = lexicographicSortSchema(guarded.schema);

async function observed(schema: GraphQLSchema, { document, operationName, variables = {}, caller }: AuthCase) {
  runs.length = 0;
  const request = {
    schema,
    contextValue: { principal: principalFor(caller) },
    variableValues: structuredClone(variables),
    ...(operationName !== undefined && { operationName }),
  };
  const answer = document.startsWith('subscription')
    ? await subscribe({ ...request, document: parse(document) })
    : await graphql({ ...request, source: document });
  const { data, errors = [] } = 'next' in answer ? ((await answer.next()).value as ExecutionResult) : answer;
  const repeats = repeatsDenial();
  return JSON.parse(JSON.stringify({ data, errors: errors.filter((error) => !repeats(error)), runs }));
}

describe('a copy of a guarded schema by lexicographicSortSchema', () => {
  for (const [id, cases] of Map.groupBy(authCases, ({ id }) => id)) {
    it(`${id} every row is answered as by the guarded schema`, async () => {
      for (const authCase of cases) {
        assert.deepEqual(await observed(sorted, authCase), await observed(guarded.schema, authCase), nameOf(authCase));
      }
    });
  }
});
