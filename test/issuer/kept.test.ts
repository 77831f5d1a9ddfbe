import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type KeepOptions, createKeptValue } from '../../src/issuer/kept.ts';

const lifespan = { refreshAfterMs: 8, maxAgeMs: 10, staleForMs: 100, cooldownMs: 5 };

/** A source that returns the next number or fails, when the test decides. */
function world(options: Partial<KeepOptions<{ n: number }>> = {}) {
  const at = { now: 1_000, failing: false, loads: 0 };
  const kept = createKeptValue<{ n: number }>({
    ...lifespan,
    clock: () => at.now,
    load: async () => {
      at.loads += 1;
      if (at.failing) throw new Error(`failure ${at.loads}`);
      return { n: at.loads };
    },
    ...options,
  });
  return { at, kept };
}

describe('a kept value', () => {
  it('is loaded once for all callers, and used until it is old', async () => {
    const { at, kept } = world();
    assert.equal(kept.atHand(), null);
    assert.equal(at.loads, 0);
    const values = await Promise.all([kept.present(), kept.latest(), kept.reload()]);
    assert.deepEqual(
      values.map(({ n }) => n),
      [1, 1, 1],
    );
    at.now += 9;
    assert.equal((await kept.latest()).n, 1);
    assert.equal(at.loads, 1);
    at.now += 1;
    assert.equal(kept.atHand(), null);
    assert.equal((await kept.latest()).n, 2);
  });

  it('is reloaded in the background when that is due', async () => {
    const { at, kept } = world();
    await kept.present();
    at.now += 8;
    assert.equal(kept.atHand()?.n, 1);
    assert.ok(kept.isReloading);
    assert.equal((await kept.reload()).n, 2);
  });

  it('that is old is used without waiting while reloads fail, until it has expired', async () => {
    const { at, kept } = world();
    await kept.present();
    at.now += 10;
    at.failing = true;
    assert.equal((await kept.present()).n, 1);
    assert.equal(kept.atHand()?.n, 1);
    assert.deepEqual([kept.state().freshness, kept.state().failing, kept.state().failures], ['old', true, 1]);
    at.now += 90;
    assert.equal(kept.atHand(), null);
    assert.equal(kept.last(), null);
    await assert.rejects(kept.present(), /failure 3/);
  });

  it('cools down after a failure: its source is not called, and the last failure is repeated', async () => {
    const { at, kept } = world();
    at.failing = true;
    await assert.rejects(kept.reload(), /failure 1/);
    at.now += 4;
    await assert.rejects(kept.reload(), /failure 1/);
    at.now -= 1_000;
    at.failing = false;
    assert.equal((await kept.reload()).n, 2);
  });

  it('ages also if the clock was set back', async () => {
    const { at, kept } = world();
    await kept.present();
    at.now -= 1_000;
    assert.equal(kept.state().age, 0);
    at.now += 10;
    assert.equal(kept.atHand(), null);
  });

  it('recovers if its load throws instead of rejecting', async () => {
    const { at, kept } = world({
      load: () => {
        throw new Error('broken');
      },
    });
    await assert.rejects(kept.present(), /broken/);
    at.now += 5;
    assert.ok(!kept.isReloading);
    await assert.rejects(kept.present(), /broken/);
    assert.equal(kept.state().fetches, 2);
  });

  it('passes to its load whether the last load failed', async () => {
    const afterFailures: boolean[] = [];
    const { at, kept } = world({
      load: async (afterFailure) => {
        afterFailures.push(afterFailure);
        if (afterFailures.length === 1) throw new Error('broken');
        return { n: 0 };
      },
    });
    await assert.rejects(kept.reload(), /broken/);
    at.now += 5;
    await kept.reload();
    await kept.reload();
    assert.deepEqual(afterFailures, [false, true, false]);
  });

  it('reports a reload within a time, but not if the clock was set back since', async () => {
    const { at, kept } = world();
    assert.ok(!kept.hasReloadedWithin(Infinity));
    await kept.reload();
    assert.ok(kept.hasReloadedWithin(30));
    at.now += 30;
    assert.ok(!kept.hasReloadedWithin(30));
    at.now -= 31;
    assert.ok(!kept.hasReloadedWithin(30));
  });

  it('is read from a copy if no value is known', async () => {
    const { at, kept } = world({ recall: async () => ({ value: { n: 0 }, at: 950 }) });
    at.failing = true;
    assert.equal((await kept.present()).n, 0);
    assert.equal(kept.state().age, 50);
  });
});
