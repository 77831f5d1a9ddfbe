import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { dose } from '../../support/dose.ts';
import { questionsEach, worlds } from './check.ts';
import { checkExplanations, nothingExplained } from './explained.ts';
import { ownEngine } from './engine.ts';
import { failOnUnhandled } from './unhandled-rejections.ts';

const runs = Number(process.env['AUTH_RUNS'] ?? dose('properties/auth/explain.test.ts'));

it(`explainOperation says what happens when the operation runs, in ${runs} operations`, async (t) => {
  const seen = nothingExplained();
  await failOnUnhandled(async (assertHandled) =>
    fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        if (seen.asked >= runs) return;
        await checkExplanations(ownEngine, world, seen);
        await assertHandled();
      }),
      { numRuns: Math.ceil(runs / questionsEach) * 4, endOnFailure: process.env['AUTH_SHRINK'] === undefined },
    ),
  );
  t.diagnostic(JSON.stringify(seen));
  assert.ok(seen.asked >= runs);
  for (const [name, count] of Object.entries(seen)) assert.ok(count > 0, `${name} was not covered`);
});
