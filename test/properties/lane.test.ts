import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { dose } from '../support/dose.ts';
import { questionsEach, worlds } from './auth/check.ts';
import { failOnUnhandled } from './auth/unhandled-rejections.ts';
import { compareWorld, nothingSeen } from './lane-world.ts';

/** How many operations both servers answer. Set `LANE_RUNS` for more. */
const runs = Number(process.env['LANE_RUNS'] ?? dose('properties/lane.test.ts'));

it(`a server answers alike with the lane and without it, in ${runs} generated operations`, async (t) => {
  const seen = nothingSeen();
  await failOnUnhandled(async (assertHandled) =>
    fc.assert(
      fc.asyncProperty(worlds, fc.uint8Array({ maxLength: 200, size: 'max' }), async (world, tape) => {
        if (seen.asked >= runs) return;
        await compareWorld(world, tape, seen);
        await assertHandled();
      }),
      { numRuns: Math.ceil(runs / questionsEach) * 4, endOnFailure: process.env['LANE_SHRINK'] === undefined },
    ),
  );
  t.diagnostic(JSON.stringify(seen));
  assert.ok(seen.asked >= runs);
  const { answered = 0 } = seen.lane;
  assert.ok(answered > runs / 3, 'the lane has answered');
  assert.ok(seen.raced < runs / 20, 'most answers are equal byte for byte');
});
