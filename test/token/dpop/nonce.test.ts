import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createNonces } from '../../../src/token/dpop/nonce.ts';

const secret = Buffer.alloc(32, 7);
const rotation = 100;
/** Makes nonces at a time in seconds. */
const at = (time: number, key = secret) => createNonces({ secret: key, rotationSeconds: rotation }, () => time * 1000);

it('A-9 a nonce is the same for all callers and replicas until it rotates', () => {
  assert.equal(at(1000).current(), at(1099.999).current());
  assert.notEqual(at(1099.999).current(), at(1100).current());
});
it('A-9 a nonce is valid until the next nonce rotates', () => {
  const given = at(1000).current();
  assert.equal(at(1000).accepts(given), true);
  assert.equal(at(1199.999).accepts(given), true);
  assert.equal(at(1200).accepts(given), false);
});
it('A-9 the next nonce of a replica whose clock is ahead is valid, and a later one is not', () => {
  assert.equal(at(1000).accepts(at(1100).current()), true);
  assert.equal(at(1000).accepts(at(1200).current()), false);
});
it('A-9 a nonce of another secret is refused', () => {
  assert.equal(at(1000).accepts(at(1000, Buffer.alloc(32, 8)).current()), false);
});
it('A-9 a nonce has the characters of RFC 9449 §8.1 only, and 256 bits', () => {
  assert.match(at(1000).current(), /^[!#-[\]-~]{43}$/);
});
