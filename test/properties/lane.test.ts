import assert from 'node:assert/strict';
import { it } from 'node:test';
import { dose } from '../support/dose.ts';
import { compareLane } from './equality/lane.ts';

/** How many operations both servers answer. Set `LANE_RUNS` for more. */
const operations = Number(process.env['LANE_RUNS'] ?? dose('properties/lane.test.ts'));

it(`a server answers alike with the lane and without it, in ${operations} generated operations`, async (t) => {
  const seen = await compareLane({ operations });
  t.diagnostic(JSON.stringify(seen));
  const { answered = 0 } = seen.lane;
  assert.ok(answered > operations / 3, 'the lane has answered');
  assert.ok(seen.raced + seen.dropped < operations / 20, 'most answers are equal byte for byte');
});
