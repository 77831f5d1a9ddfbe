import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { parse } from 'graphql';
import { createExecutor } from '../../../src/auth/execute/executor.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { assertSame, byExecutor, byGraphql } from '../../support/both-executors.ts';
import { principalFor } from '../../support/callers.ts';
import { dose } from '../../support/dose.ts';
import { questionsEach, worlds } from './check.ts';
import { guardedOf } from './engine.ts';
import { inputDepth, variablesOf } from './generate/document.ts';
import { makeRoot, type Read } from './generate/values.ts';
import { failOnUnhandled } from './unhandled-rejections.ts';

/** Waits until the fields of dropped branches are read. Their promises settle in a few turns of the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await new Promise(setImmediate);
}

/** How many queries both executors run. Set `EXECUTOR_RUNS` for more. */
const runs = Number(process.env['EXECUTOR_RUNS'] ?? dose('properties/auth/executor.test.ts'));

it(`both executors give the same results for ${runs} queries of generated schemas with rules`, async (t) => {
  const seen = { queries: 0, others: 0, errors: 0, whole: 0, nothing: 0 };
  await failOnUnhandled(async (assertHandled) =>
    fc.assert(
      fc.asyncProperty(worlds, async ({ shape, way, questions }) => {
        if (seen.queries >= runs) return;
        const { schema } = guardedOf({ createGuardedSchema }, shape, way);
        const executeQuery = createExecutor(schema);
        for (const question of questions) {
          // Some depths exhaust the stack, and the frames of the two executors differ in size.
          if ((question.deep ?? 0) > inputDepth + 40) continue;
          const document = parse(question.document);
          const principal = principalFor(question.caller);
          for (let again = 0; again < 2; again += 1) {
            const read: [Read[], Read[]] = [[], []];
            const request = (index: 0 | 1) => ({
              document,
              operationName: question.operationName,
              variables: variablesOf(question),
              rootValue: () => makeRoot(shape, read[index], false),
              contextValue: () => ({ principal }),
            });
            const found = await byExecutor(executeQuery, request(0));
            await settle();
            await assertHandled();
            if (found === null) {
              seen.others += 1;
              assert.deepEqual(read[0], []);
              break;
            }
            const wanted = await byGraphql(schema, request(1));
            await settle();
            try {
              assertSame(found, wanted);
              const of = (reads: readonly Read[]) => reads.map(({ parent, field }) => `${parent}.${field}`);
              assert.deepEqual(of(read[0]), of(read[1]));
            } catch (error) {
              const where = `${Object.values(shape.modules).join('\n')}\n${JSON.stringify([question, shape.authors, { odd: shape.odd, seed: shape.seed, way }], null, 1)}`;
              throw new Error(`${error instanceof Error ? error.message : String(error)}\n${where}`, { cause: error });
            }
            seen.queries += 1;
            if (found.data === 'null') seen.nothing += 1;
            else if (found.errors.length > 0) seen.errors += 1;
            else seen.whole += 1;
          }
        }
      }),
      { numRuns: Math.ceil(runs / questionsEach) * 4, endOnFailure: true },
    ),
  );
  t.diagnostic(JSON.stringify(seen));
  assert.ok(seen.queries >= runs);
  for (const count of Object.values(seen)) assert.ok(count > runs / 200, JSON.stringify(seen));
});
