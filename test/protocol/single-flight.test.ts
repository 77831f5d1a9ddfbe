import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSingleFlight } from '../../src/protocol/single-flight.ts';

describe('a single flight', () => {
  it('runs the work of a key once for all parallel callers, and again afterwards', async () => {
    const flight = createSingleFlight<string, number>();
    let runs = 0;
    const work = async () => (runs += 1);
    const together = [flight.run('a', work), flight.run('a', work), flight.run('b', work)];
    assert.ok(flight.isRunning('a'));
    assert.deepEqual(await Promise.all(together), [1, 1, 2]);
    assert.ok(!flight.isRunning('a'));
    assert.equal(await flight.run('a', work), 3);
  });

  it('gives a failure to all callers, and does not store it', async () => {
    const flight = createSingleFlight<string, number>();
    const fail = () => Promise.reject(new Error('broken'));
    const together = await Promise.allSettled([flight.run('a', fail), flight.run('a', fail)]);
    assert.deepEqual(
      together.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(await flight.run('a', async () => 1), 1);
  });

  it('ends the run of work that throws before it returns a promise', async () => {
    const flight = createSingleFlight<string, number>();
    const work = (): Promise<number> => {
      throw new Error('broken');
    };
    await assert.rejects(flight.run('a', work), /broken/);
    assert.ok(!flight.isRunning('a'));
  });
});
