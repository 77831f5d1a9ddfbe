import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { claimHolds } from '../../src/auth/rules/claim.ts';
import { claimAt } from '../../src/protocol/claim-path.ts';
import { isRecord } from '../../src/protocol/record.ts';

describe('a claim path', () => {
  const claims = { a: { b: { c: [1] }, n: null, text: 'x' }, 'https://example.com/app': { tenant: 't' } };

  it('follows only own members of objects', () => {
    assert.deepEqual(claimAt(claims, ['a', 'b', 'c']), [1]);
    assert.equal(claimAt(claims, ['https://example.com/app', 'tenant']), 't');
    assert.equal(claimAt(claims, ['a', 'n']), null);
    for (const path of [
      ['b'],
      ['a', 'n', 'b'],
      ['a', 'b', 'c', '0'],
      ['a', 'b', 'c', 'length'],
      ['a', 'text', 'length'],
      ['constructor'],
      ['a', '__proto__'],
    ]) {
      assert.equal(claimAt(claims, path), undefined, path.join('.'));
    }
  });

  it('is read in the same way by the directive and the verifier', () => {
    for (const claim of [['a', 'text', 'length'], ['constructor'], ['a', 'b', 'c', '0']]) {
      assert.ok(!claimHolds({ claim, operator: 'exists' }, claims), claim.join('.'));
    }
    assert.ok(claimHolds({ claim: ['a', 'b'], operator: 'exists' }, claims));
  });
});

describe('a record', () => {
  it('is an object, and neither an array nor null', () => {
    for (const value of [{}, Object.create(null), { a: 1 }]) assert.ok(isRecord(value));
    for (const value of [null, undefined, [], 'a', 1, true, () => {}]) assert.ok(!isRecord(value));
  });
});
