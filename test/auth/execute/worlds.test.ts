import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parse } from 'graphql';
import { createExecutor } from '../../../src/auth/execute/executor.ts';
import { authCases } from '../../conformance/auth/cases.ts';
import { nameOf } from '../../conformance/auth/case.ts';
import { makeWorld } from '../../conformance/auth/world.ts';
import { assertSame, byExecutor, byGraphql } from '../../support/both-executors.ts';
import { principalFor } from '../../support/callers.ts';

const world = makeWorld();
const strict = makeWorld({ denial: 'reject' });

it('each query of the table has the same result and runs the same resolvers with both executors', async (t) => {
  let taken = 0;
  for (const { guarded, runs } of [world, strict]) {
    // The first run of a query is interpreted, and the second one runs in compiled code.
    const executeQuery = createExecutor(guarded.schema, { compileAfter: 1, compileIntervalMs: 0 });
    for (const authCase of authCases) {
      const { document, operationName, variables = {}, caller } = authCase;
      const parsed = parse(document);
      const principal = principalFor(caller);
      const request = { document: parsed, operationName, variables, contextValue: () => ({ principal }) };
      for (let again = 0; again < 2; again += 1) {
        runs.length = 0;
        const found = await byExecutor(executeQuery, request);
        if (found === null) {
          assert.deepEqual(runs, []);
          break;
        }
        const ran = runs.splice(0);
        assertSame(found, await byGraphql(guarded.schema, request));
        assert.deepEqual(ran.toSorted(), runs.toSorted(), nameOf(authCase));
        taken += 1;
      }
    }
  }
  t.diagnostic(`${taken} executions`);
  assert.ok(taken > authCases.length);
});
