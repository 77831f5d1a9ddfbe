import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { dose } from '../../support/dose.ts';
import { check, nothingSeen, questionsEach, worlds } from './check.ts';
import { ownEngine } from './engine.ts';
import { failOnUnhandled } from './unhandled-rejections.ts';

/** How many operations are compared with the model. `run.ts` takes more, and prints its progress. */
const runs = Number(process.env['AUTH_RUNS'] ?? dose('properties/auth/model.test.ts'));

it(`the engine and the model give the same results, in ${runs} operations`, async (t) => {
  const seen = nothingSeen();
  let done = 0;
  await failOnUnhandled(async (assertHandled) =>
    fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        if (seen.asked >= runs) return;
        await check(ownEngine, world, seen);
        await assertHandled();
        done += 1;
      }),
      { numRuns: Math.ceil(runs / questionsEach) * 4, endOnFailure: process.env['AUTH_SHRINK'] === undefined },
    ),
  );
  t.diagnostic(`${done} schemas: ${JSON.stringify(seen)}`);
  assert.ok(seen.asked >= runs);
  for (const count of Object.values(seen)) assert.ok(count > runs / 100, JSON.stringify(seen));
});
