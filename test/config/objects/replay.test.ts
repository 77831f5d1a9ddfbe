import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkReplay, replaySettings } from '../../../src/config/objects/replay.ts';

const faultsOf = (value: unknown) => [...checkReplay(value, 'replay', {})];

describe('the configuration of replay', () => {
  it('is off by default, and has defaults if it is on', () => {
    assert.deepEqual([undefined, false].map(replaySettings), [null, null]);
    const defaults = { retentionDays: 7, maxRows: 10_000, claims: [] };
    assert.deepEqual([true, {}].map(replaySettings), [defaults, defaults]);
    assert.deepEqual(replaySettings({ claims: [['tenant']], maxRows: 100 }), {
      ...defaults,
      claims: [['tenant']],
      maxRows: 100,
    });
  });

  it('has one line for each fault, with what was expected and the nearest name', () => {
    for (const value of [true, false, {}, { retentionDays: 30, maxRows: 100_000, claims: [['a', 'b']] }])
      assert.deepEqual(faultsOf(value), []);
    assert.deepEqual(faultsOf('on'), ['replay: expected true, false, or an object of settings']);
    assert.deepEqual(faultsOf({ retentionDays: 31, maxRows: 99 }), [
      'replay.retentionDays=31: expected a whole number of days from 1 to 30',
      'replay.maxRows=99: expected a whole number from 100 to 100000',
    ]);
    assert.deepEqual(faultsOf({ maxRow: 1 }), [
      'replay.maxRow: there is no such key; expected retentionDays, maxRows, claims; the nearest is maxRows',
    ]);
    for (const claims of ['tenant', ['tenant'], [[]], [[1]], Array.from({ length: 51 }, () => ['a'])])
      assert.deepEqual(faultsOf({ claims }), [
        'replay.claims: expected an array of at most 50 paths of claims, such as [["tenant"]]',
      ]);
    assert.match(faultsOf({ retentionDays: undefined })[0] ?? '', /replay\.retentionDays=undefined: expected/);
  });
});
