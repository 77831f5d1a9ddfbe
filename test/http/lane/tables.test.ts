import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { largeLimits as limits } from '../../conformance/auth/mount.ts';
import { authCases } from '../../conformance/auth/cases.ts';
import { nameOf, statusOf } from '../../conformance/auth/case.ts';
import { makeWorld } from '../../conformance/auth/world.ts';
import { type LanePair, startLanePair } from '../../support/lane/pair.ts';
import { tokenFor } from '../../support/lane/tokens.ts';

let pair: LanePair;
before(async () => {
  pair = await startLanePair({
    make() {
      const { guarded, runs, asked } = makeWorld();
      const takeRuns = () => [
        ...runs.splice(0),
        ...asked.splice(0).map(({ policy, size }) => `policy ${policy} ${size}`),
      ];
      return { guarded, takeRuns };
    },
    config: { limits },
  });
});

for (const authCase of authCases) {
  const { document: query, operationName, variables, caller, outcome } = authCase;
  it(`${nameOf(authCase)}, with the lane and without it`, async () => {
    const credential = caller === null ? [] : ['authorization', `Bearer ${tokenFor(caller)}`];
    const body = JSON.stringify({ query, operationName, variables });
    const { status } = await pair.compare({ headers: ['content-type', 'application/json', ...credential], body });
    // A scope of a token cannot contain a space.
    const isTold = caller?.scopes?.every((scope) => !scope.includes(' ')) ?? true;
    if (query.startsWith('subscription') || !isTold) return;
    if (outcome.is === 'refused') assert.equal(status, statusOf[outcome.code]);
    if (outcome.is === 'answered') assert.equal(status, 200);
  });
}

after(async () => {
  const { lane } = await pair.seen();
  await pair.close();
  assert.ok((lane['answered'] ?? 0) > authCases.length / 2, JSON.stringify(lane));
});
