import assert from 'node:assert/strict';
import { availableParallelism, loadavg } from 'node:os';
import { describe, it } from 'node:test';
import { dose } from '../../support/dose.ts';
import { tryAsNewUser } from './as-new-user.ts';

const isFull = dose('flows/project/new-user.test.ts') > 0;
/** The longest time of the commands from the empty folder to a passing test, in seconds, on a machine without other work. */
const mostSeconds = 120;

/** How many processes want each processor, at least one. Other tests run meanwhile, and share the processors. */
const contention = (): number => Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());

describe('a new user, from an empty folder to a production start', {
  skip: !isFull && 'TEST_DOSE=full installs from the registry',
}, () => {
  for (const user of [
    { manager: 'npm', node: '20.20.2' },
    { manager: 'pnpm', node: '22.18.0' },
  ] as const) {
    it(`I-12 has a token, a passing test and a failing one with ${user.manager} and Node.js ${user.node}`, async (t) => {
      const before = contention();
      const seconds = await tryAsNewUser(user, (line) => t.diagnostic(line));
      const most = mostSeconds * Math.max(before, contention());
      assert.ok(seconds < most, `${seconds} s; at most ${most} s`);
    });
  }
});
