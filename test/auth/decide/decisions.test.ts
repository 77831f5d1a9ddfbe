import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDecisions } from '../../../src/auth/decide/decisions.ts';
import { principalFor } from '../../support/callers.ts';

describe('the decisions that are kept for principals', () => {
  it('belong to one principal and one rule', () => {
    const store = createDecisions(300);
    const [one, other] = [principalFor({ scopes: [] }), principalFor({ scopes: [] })];
    store.of(one).set(255, 2);
    assert.equal(store.of(one).get(255), 2);
    for (const rule of [0, 191, 254, 256, 299, 9_999]) assert.equal(store.of(one).get(rule), 0);
    assert.equal(store.of(other).get(255), 0);
    assert.equal(store.entries, 2);
  });

  it('are forgotten together when the store is full, in principals and in bytes', () => {
    const few = createDecisions(10, { entries: 3, bytes: 1_000_000 });
    const principals = Array.from({ length: 4 }, () => principalFor({ scopes: [] }));
    for (const principal of principals) few.of(principal).set(1, 1);
    assert.ok(few.entries <= 3);
    const [first, ...others] = principals;
    assert.ok(first);
    assert.equal(few.of(first).get(1), 0);

    const small = createDecisions(100_000, { entries: 100, bytes: 100_000 });
    for (const principal of others) for (let rule = 0; rule < 20_000; rule += 64) small.of(principal).set(rule, 1);
    assert.ok(small.entries <= 1, `${small.entries}`);
  });
});
