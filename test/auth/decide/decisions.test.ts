import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createDecisions } from '../../../src/auth/decide/decisions.ts';
import { principalFor } from '../../support/callers.ts';

describe('the decisions that are kept for principals', () => {
  it('belong to one principal and one rule', () => {
    const store = createDecisions(300);
    const [one, other] = [principalFor({ scopes: [] }), principalFor({ scopes: [] })];
    store.set(one, 255, 2);
    assert.equal(store.get(one, 255), 2);
    for (const rule of [0, 191, 254, 256, 299, 9_999]) assert.equal(store.get(one, rule), 0);
    assert.equal(store.get(other, 255), 0);
    assert.equal(store.entries, 2);
  });

  it('are forgotten together when the store is full, in principals and in bytes', () => {
    const few = createDecisions(10, { entries: 3, bytes: 1_000_000 });
    const principals = Array.from({ length: 4 }, () => principalFor({ scopes: [] }));
    for (const principal of principals) few.set(principal, 1, 1);
    assert.ok(few.entries <= 3);
    const [first, ...others] = principals;
    assert.ok(first);
    assert.equal(few.get(first, 1), 0);

    const small = createDecisions(100_000, { entries: 100, bytes: 100_000 });
    for (const principal of others) for (let rule = 0; rule < 20_000; rule += 64) small.set(principal, rule, 1);
    assert.ok(small.entries <= 1, `${small.entries}`);
  });

  it('are those of a model, for any order of principals, caches and rules', () => {
    const step = fc.record({
      cache: fc.nat(1),
      principal: fc.nat(3),
      rule: fc.oneof(fc.nat(20), fc.nat(400)),
      state: fc.option(fc.integer({ min: 1, max: 7 })),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 6 }), (steps, entries) => {
        // One principal has decisions in several caches: of two guarded schemas, for example.
        const principals = [null, ...Array.from({ length: 3 }, () => ({ scopes: [] }))].map((caller) =>
          principalFor(caller),
        );
        const caches = [createDecisions(400), createDecisions(400, { entries, bytes: 4_000 })];
        const model = new Map<string, number>();
        for (const { cache, principal, rule, state } of steps) {
          const [store, caller] = [caches[cache], principals[principal]];
          assert.ok(store && caller);
          const key = `${cache} ${principal} ${rule}`;
          const [known, expected] = [store.get(caller, rule), model.get(key) ?? 0];
          // The second cache is small, so it may have been emptied. A decision is never another one.
          assert.ok(known === expected || (cache === 1 && known === 0), `${known} ${expected}`);
          if (state === null) continue;
          store.set(caller, rule, state);
          model.set(key, state);
          assert.ok(store.get(caller, rule) === state || (cache === 1 && store.get(caller, rule) === 0));
          assert.ok(cache === 0 || store.entries <= entries);
        }
      }),
    );
  });

  it('of an emptied cache count no more, although principals still have them', () => {
    const store = createDecisions(64, { entries: 3, bytes: 1_000_000 });
    const [first, second, third] = [0, 1, 2].map(() => principalFor({ scopes: [] }));
    assert.ok(first && second && third);
    store.set(first, 1, 3);
    store.set(second, 1, 1);
    assert.equal(store.get(first, 1), 3);
    store.set(third, 1, 2);
    assert.equal(store.entries, 1);
    assert.equal(store.get(third, 1), 2);
    assert.equal(store.get(first, 1), 0);
    store.set(first, 1, 2);
    assert.equal(store.get(first, 1), 2);
  });
});
