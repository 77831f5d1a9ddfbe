import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createTurns } from '../../../src/identity/attempts/turns.ts';

describe('turns', () => {
  it('F-12 limit the parallel work of a key, in the order of the calls, and keep nothing afterwards', async () => {
    const turns = createTurns(2);
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    const work = (index: number) => async () => {
      begun.push(index);
      running += 1;
      most = Math.max(most, running);
      await setImmediate();
      running -= 1;
      if (index % 3 === 0) throw new Error('it failed');
      return index;
    };
    const all = Array.from({ length: 100 }, (_, index) => turns.take('here', work(index)));
    assert.equal(turns.size, 1);
    const settled = await Promise.allSettled(all);
    assert.equal(most, 2);
    assert.deepEqual(begun, [...begun.keys()]);
    assert.equal(settled.filter(({ status }) => status === 'rejected').length, 34);
    assert.equal(turns.size, 0);
  });

  it('do not delay the work of one key by the work of another', async () => {
    const turns = createTurns(1);
    const { promise: endless, resolve: end } = Promise.withResolvers<void>();
    const stuck = turns.take('here', () => endless);
    assert.equal(await turns.take('there', async () => 'done'), 'done');
    end();
    await stuck;
    assert.equal(turns.size, 0);
  });
});
