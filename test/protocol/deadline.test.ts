import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { inTime, startDeadline, withDeadline } from '../../src/protocol/deadline.ts';

const never = new Promise<never>(() => {});

describe('a deadline', () => {
  it('returns the outcome of the work if it comes first', async () => {
    assert.equal(await withDeadline(Promise.resolve('done'), 60_000, () => 'late'), 'done');
    await assert.rejects(
      withDeadline(Promise.reject(new Error('broken')), 60_000, () => 'late'),
      /^Error: broken$/,
    );
  });

  it('returns or throws the replacement for a late answer', async () => {
    assert.equal(await withDeadline(never, 1, () => 'late'), 'late');
    await assert.rejects(inTime(never, 1), /^Error: no answer in 1 ms$/);
  });

  it('handles a rejection that comes too late', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    const { promise, reject } = Promise.withResolvers<never>();
    assert.equal(await withDeadline(promise, 1, () => 'late'), 'late');
    reject(new Error('too late'));
    await setTimeout(5);
    process.off('unhandledRejection', note);
    assert.deepEqual(unhandled, []);
  });

  it('keeps no timer after it is cleared', () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const deadline = startDeadline(60_000);
    assert.equal(timers(), before + 1);
    deadline.clear();
    assert.equal(timers(), before);
  });
});
