import assert from 'node:assert/strict';
import { after, before, beforeEach, it } from 'node:test';
import { RateLimiterRes } from 'rate-limiter-flexible';
import { openDatabase } from '../../src/store/database.ts';
import { StoredRateLimit } from '../../src/store/rate-limits.ts';
import type { Store } from '../../src/store/tables.ts';
import { onEachDatabase, type TestDatabase } from '../support/databases.ts';

/** Tests that our table fulfils the contract of the rate limit library. */
onEachDatabase((database) => {
  const clock = { now: 1_700_000_000_000 };
  let kept: TestDatabase;
  let store: Store;
  let limit: StoredRateLimit;
  before(async () => {
    kept = await database.create();
    store = await openDatabase(kept.url);
    limit = new StoredRateLimit({ store, now: () => clock.now, name: 'test', points: 3, duration: 60 });
  });
  after(async () => {
    await store.destroy();
    await kept.drop();
  });
  beforeEach(() => limit.delete('key'));

  it('allows its points, states the time to wait, and starts again then', async () => {
    assert.equal((await limit.consume('key')).isFirstInDuration, true);
    assert.equal((await limit.consume('key', 2)).remainingPoints, 0);
    clock.now += 20_000;
    await assert.rejects(limit.consume('key'), (refused: unknown) => {
      assert.ok(refused instanceof RateLimiterRes);
      assert.deepEqual([refused.consumedPoints, refused.msBeforeNext], [4, 40_000]);
      return true;
    });
    assert.equal((await limit.consume('another key')).consumedPoints, 1);
    clock.now += 40_000;
    assert.equal((await limit.consume('key')).consumedPoints, 1);
  });

  it('returns a different sum to each of a hundred at once', async () => {
    const sums = await Promise.all(
      Array.from({ length: 100 }, async () => (await limit.penalty('key')).consumedPoints),
    );
    assert.deepEqual(
      sums.toSorted((a, b) => a - b),
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  it('takes points back, never below zero, and not after the expiry', async () => {
    await limit.penalty('key', 2);
    assert.equal((await limit.reward('key')).consumedPoints, 1);
    assert.equal((await limit.reward('key', 5)).consumedPoints, 0);
    await limit.penalty('key', 2);
    clock.now += 60_000;
    assert.equal((await limit.reward('key')).consumedPoints, 0);
    assert.equal((await limit.penalty('key')).consumedPoints, 1);
  });

  it('reads, sets, blocks and deletes', async () => {
    assert.equal(await limit.get('key'), null);
    await limit.penalty('key', 2);
    assert.equal((await limit.get('key'))?.consumedPoints, 2);
    await limit.set('key', 1, 10);
    assert.equal((await limit.get('key'))?.msBeforeNext, 10_000);
    await limit.block('key', 30);
    const [blocked, other] = await StoredRateLimit.read([
      [limit, 'key'],
      [limit, 'no such key'],
    ]);
    assert.deepEqual([blocked?.consumedPoints, blocked?.msBeforeNext, other], [4, 30_000, null]);
    assert.equal(await limit.delete('key'), true);
    assert.equal(await limit.delete('key'), false);
    await limit.penalty('key');
    clock.now += 60_000;
    assert.equal(await limit.get('key'), null);
    assert.deepEqual(await StoredRateLimit.read([[limit, 'key']]), [null]);
  });
});
