import { describe, it } from 'node:test';
import { tryAsNewUser } from './as-new-user.ts';

// The installations need the registry, and how long they take depends on the network. The gate does not depend on it.
const skip = process.env['TEST_REGISTRY'] === undefined && 'set TEST_REGISTRY=1 to install from the registry of npm';

describe('a new user, from an empty folder to a production start', { skip }, () => {
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
