import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { parse, validate } from 'graphql';
import { createExecutor } from '../../../src/auth/execute/executor.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { assertSame, byExecutor, byGraphql, type Compared } from '../../support/both-executors.ts';
import { principalFor } from '../../support/callers.ts';
import { dose } from '../../support/dose.ts';
import { choicesOf } from './generate/choices.ts';
import { makeOdd, oddDocument, oddRoot, oddSdl } from './odd-values.ts';
import { countUnhandled } from './unhandled-rejections.ts';

const runs = Number(process.env['EXECUTOR_RUNS'] ?? dose('properties/auth/executor.test.ts'));

/** Returns the result, or the message of the error of `JSON.stringify`. */
async function outcome(run: () => Promise<Compared | null>): Promise<Compared | null> {
  try {
    return await run();
  } catch (error) {
    return { data: `thrown: ${String(error)}`, errors: [] };
  }
}

it(`both executors give the same results for ${runs} queries whose resolvers return odd values`, async (t) => {
  const seen = { queries: 0, errors: 0, whole: 0, nothing: 0 };
  await countUnhandled(async (unhandled) =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200, size: 'max' }), fc.nat(), async (tape, seed) => {
        const choose = choicesOf(tape);
        const { schema } = createGuardedSchema({ modules: [{ name: 'odd', typeDefs: oddSdl }] });
        const executeQuery = createExecutor(schema);
        for (let each = 0; each < 8; each += 1) {
          makeOdd(schema, choose);
          const source = oddDocument(choose);
          const document = parse(source);
          assert.deepEqual(validate(schema, document), [], source);
          const principal = principalFor({ scopes: ['a', 'b'].filter(() => !choose.rarely(2)) });
          const request = {
            document,
            variables: { on: choose.rarely(2), ...(choose.rarely(2) && { i: choose.one([null, 3]) }) },
            rootValue: () => oddRoot(seed + each),
            contextValue: () => ({ principal }),
          };
          const found = await outcome(() => byExecutor(executeQuery, request));
          const dropped = await unhandled();
          const wanted = await outcome(() => byGraphql(schema, request));
          const alsoDropped = await unhandled();
          assert.ok(found && wanted);
          try {
            assertSame(found, wanted);
            assert.ok(dropped <= alsoDropped, `${dropped} rejections were not handled, with graphql-js ${alsoDropped}`);
          } catch (error) {
            throw new Error(`${error instanceof Error ? error.message : String(error)}\n${source}`, { cause: error });
          }
          seen.queries += 1;
          if (found.data === 'null') seen.nothing += 1;
          else if (found.errors.length > 0) seen.errors += 1;
          else seen.whole += 1;
        }
      }),
      { numRuns: Math.ceil(runs / 8), endOnFailure: process.env['AUTH_SHRINK'] === undefined },
    ),
  );
  t.diagnostic(JSON.stringify(seen));
  for (const count of Object.values(seen)) assert.ok(count > runs / 200, JSON.stringify(seen));
});
