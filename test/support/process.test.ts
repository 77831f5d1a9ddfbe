import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freePort, until } from './process.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the waits and ports of the tests', () => {
  it('a wait does not count the time of what it waits for, so a slow machine does not end it', async () => {
    let calls = 0;
    await until(async () => {
      await pause(60);
      return ++calls === 4;
    }, 100);
    assert.equal(calls, 4);
  });

  it('a wait for what does not come about ends', async () => {
    await assert.rejects(
      until(() => false, 100),
      /did not come about in time/,
    );
    await assert.rejects(
      until(() => pause(200).then(() => false), 20),
      /did not come about in time/,
    );
  });

  it('a port is given once, also while no server listens yet', async () => {
    const ports = await Promise.all(Array.from({ length: 300 }, freePort));
    assert.equal(new Set(ports).size, 300);
  });
});
