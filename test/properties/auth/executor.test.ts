import assert from 'node:assert/strict';
import { it } from 'node:test';
import { dose } from '../../support/dose.ts';
import { compareExecutor } from '../equality/executor.ts';

/** How many queries both executors run. Set `EXECUTOR_RUNS` for more. */
const operations = Number(process.env['EXECUTOR_RUNS'] ?? dose('properties/auth/executor.test.ts'));

it(`both executors give the same results for ${operations} queries of generated schemas with rules`, async (t) => {
  const { raced, ...seen } = await compareExecutor({ operations });
  t.diagnostic(JSON.stringify({ ...seen, raced }));
  assert.ok(raced < operations / 20, 'most results are equal byte for byte');
  assert.ok(seen.queries >= operations);
  for (const count of Object.values(seen)) assert.ok(count > operations / 200, JSON.stringify(seen));
});
