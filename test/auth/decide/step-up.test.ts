import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ask, denied, guardOne, person } from '../../support/rules.ts';

describe('maxAge and acr (RFC 9470)', () => {
  it('B-23 maxAge denies once the deadline passes, though the token was decided before', async () => {
    let now = 1_000_000;
    const guarded = guardOne('type Query { x: Int @auth(maxAge: 60) }', { clock: () => now });
    const caller = person('', { auth_time: 1_000 });
    assert.deepEqual((await ask(guarded, '{ x }', caller)).errors, []);
    now += 60_000;
    assert.deepEqual((await ask(guarded, '{ x }', caller)).errors, []);
    now += 1;
    assert.deepEqual((await ask(guarded, '{ x }', caller)).errors, denied('x', 'STEP_UP_REQUIRED'));
  });

  it('A-10 a missing claim counts as unmet; if a scope is missing too, the code is FORBIDDEN', async () => {
    const guarded = guardOne('type Query { x: Int @auth(acr: ["gold"]) y: Int @auth(acr: ["gold"], scope: "s") }');
    assert.deepEqual((await ask(guarded, '{ x y }', person())).errors, [
      ...denied('x', 'STEP_UP_REQUIRED'),
      ...denied('y'),
    ]);
    assert.deepEqual((await ask(guarded, '{ x y }', person('s', { acr: 'gold' }))).errors, []);
    assert.deepEqual((await ask(guarded, '{ x }')).errors, denied('x', 'UNAUTHENTICATED'));
  });
});
