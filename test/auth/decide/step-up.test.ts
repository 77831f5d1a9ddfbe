import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { as, ask, denied, testClock } from '../../../src/testing.ts';
import { guardOne } from '../../support/rules.ts';

/** Returns the path and the reason of each denial. */
const reasons = (answer: Parameters<typeof denied>[0]) => denied(answer).map(({ path, why }) => [path, why]);

describe('maxAge and acr (RFC 9470)', () => {
  it('B-23 maxAge denies once the deadline passes, though the token was decided before', async () => {
    const clock = testClock();
    const { schema } = guardOne('type Query { x: Int @auth(maxAge: 60) }', { clock });
    const caller = as({ authenticatedAt: new Date(clock()) });
    assert.deepEqual(reasons(await ask(schema, '{ x }', {}, caller)), []);
    clock.advanceSeconds(60);
    assert.deepEqual(reasons(await ask(schema, '{ x }', {}, caller)), []);
    clock.advanceSeconds(0.001);
    assert.deepEqual(reasons(await ask(schema, '{ x }', {}, caller)), [['x', 'authentication']]);
  });

  it('A-10 a missing claim counts as unmet; if a scope is missing too, the code is FORBIDDEN', async () => {
    const { schema } = guardOne('type Query { x: Int @auth(acr: ["gold"]) y: Int @auth(acr: ["gold"], scope: "s") }');
    assert.deepEqual(
      denied(await ask(schema, '{ x y }', {}, as())).map(({ path, code }) => [path, code]),
      [
        ['x', 'STEP_UP_REQUIRED'],
        ['y', 'FORBIDDEN'],
      ],
    );
    assert.deepEqual(reasons(await ask(schema, '{ x y }', {}, as({ scopes: 's', acr: 'gold' }))), []);
    assert.deepEqual(reasons(await ask(schema, '{ x }')), [['x', 'token']]);
  });
});
