import assert from 'node:assert/strict';
import { it } from 'node:test';
import { dose } from '../support/dose.ts';
import { runFaults } from './run.ts';

/** `FAULTS_MINUTES` sets another length. `FAULTS_SEED` repeats a run. */
const minutes = Number(process.env.FAULTS_MINUTES ?? dose('faults/run.test.ts'));
const seed = Number(process.env.FAULTS_SEED ?? 7);

it('replicas and a PostgreSQL that are killed, stopped and cut off lose nothing acknowledged, and nothing works twice', async (t) => {
  const { faults, figures } = await runFaults({ seed, minutes, replicas: 2, signIns: 200 });
  t.diagnostic(JSON.stringify(figures));
  assert.deepEqual(faults, []);
  assert.ok((figures['tokens acknowledged'] ?? 0) > 0);
  assert.ok((figures['fault: replica killed'] ?? 0) > 0);
});
