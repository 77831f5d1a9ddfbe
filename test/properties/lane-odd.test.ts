import assert from 'node:assert/strict';
import { it } from 'node:test';
import { dose } from '../support/dose.ts';
import { compareOddLane } from './equality/lane-odd.ts';

/** How many operations both servers answer. Set `LANE_RUNS` for more. */
const operations = Number(process.env['LANE_RUNS'] ?? dose('properties/lane.test.ts'));

it(`a server answers alike with the lane and without it, in ${operations} operations with odd values`, async (t) => {
  const seen = await compareOddLane({ operations });
  t.diagnostic(JSON.stringify(seen));
  assert.ok((seen.lane['answered'] ?? 0) > operations / 2, 'the lane has answered');
  assert.ok(seen.raced + seen.dropped < operations / 20, 'most answers are equal byte for byte');
});
