import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requestIds } from '../../src/observe/request-ids.ts';

/** More IDs than one batch has. */
const several = 1_000;

describe('the IDs of requests', () => {
  it('are random UUIDs of version 4, each of them once', () => {
    const next = requestIds();
    const ids = Array.from({ length: several }, () => next());
    for (const id of ids) assert.match(id, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    assert.equal(new Set(ids).size, several);
  });

  it('have each random bit except version and variant, and no bit twice', () => {
    const given: number[] = [];
    let state = 1;
    const next = requestIds((bytes) => {
      for (let index = 0; index < bytes.length; index += 1) {
        state = (state * 48_271) % 0x7fff_ffff;
        bytes[index] = state >> 8;
        given.push(bytes[index] ?? 0);
      }
    });
    for (let turn = 0; turn < several; turn += 1) {
      const bytes = [...Buffer.from(next().replaceAll('-', ''), 'hex')];
      const expected = given.slice(turn * 16, turn * 16 + 16);
      expected[6] = ((expected[6] ?? 0) & 0x0f) | 0x40;
      expected[8] = ((expected[8] ?? 0) & 0x3f) | 0x80;
      assert.deepEqual(bytes, expected);
    }
  });

  it('of two functions differ', () => {
    assert.notEqual(requestIds()(), requestIds()());
  });
});
