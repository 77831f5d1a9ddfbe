import { describe, it } from 'node:test';
import { dose } from '../../support/dose.ts';
import { tryAsNewUser } from './as-new-user.ts';

const isFull = dose('flows/project/new-user.test.ts') > 0;

describe('a new user, from an empty folder to a production start', {
  skip: !isFull && 'TEST_DOSE=full installs from the registry',
}, () => {
  for (const user of [
    { manager: 'npm', node: '20.20.2' },
    { manager: 'pnpm', node: '22.18.0' },
  ] as const) {
    it(`I-12 has a token, a passing test and a failing one with ${user.manager} and Node.js ${user.node}`, async (t) => {
      // The times are printed and not checked, because other tests run meanwhile. `new-user.ts` checks them.
      await tryAsNewUser(user, (line) => t.diagnostic(line));
    });
  }
});
