import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { it } from 'node:test';
import * as fc from 'fast-check';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { givenKeyFaults } from '../../src/issuer/options/given-keys.ts';
import { readKeySet } from '../../src/issuer/key-set.ts';
import { localKeys } from '../../src/issuer/key-source.ts';
import { createUnknownKeyIds } from '../../src/issuer/unknown-key-ids.ts';
import { keySet, makeKey } from '../support/tokens.ts';

const key = makeKey('ES256', 'k');
const { publicJwk } = key;
const rsa = makeKey('RS256', 'r');

it('RFC 7638 §3.1 the ID of a key is its thumbprint', async () => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
  const [example] = readKeySet([{ kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' }]).jwks;
  const set = readKeySet([example]);
  assert.ok(set.has('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'));
  for (const made of [key, rsa, makeKey('EdDSA')]) {
    const id = await calculateJwkThumbprint(made.publicJwk);
    const some = readKeySet([made.publicJwk]);
    assert.ok(some.has(id));
    assert.deepEqual(
      (await some.find({ alg: made.alg })).map((found) => found.id),
      [id],
    );
  }
});

const unfit: Readonly<Record<string, object>> = {
  'of an unknown type': { kty: 'XY' },
  symmetric: { kty: 'oct', k: 'c2VjcmV0' },
  private: { d: 'AAAA' },
  'for encryption': { use: 'enc' },
  'for a use of another type': { use: ['sig'] },
  'for other operations': { key_ops: ['sign', 'encrypt'] },
  'for operations that are not a list': { key_ops: 'verify' },
  'of another algorithm': { alg: 'ES384' },
  'of an algorithm that is not a string': { alg: 7 },
  'of another curve': { crv: 'P-384' },
  'without a coordinate': { y: undefined },
  'with a coordinate that is not a string': { x: 7 },
  'not on its curve': { x: 'AAAA' },
};
for (const [what, change] of Object.entries(unfit)) {
  it(`A-4 A-12 a key ${what} is never used, and does not prevent the use of others`, async () => {
    for (const members of [
      [{ ...publicJwk, ...change }, publicJwk],
      [publicJwk, { ...publicJwk, ...change }],
    ]) {
      const set = readKeySet(members);
      assert.equal((await set.find({ alg: 'ES256', kid: 'k' })).length, 1);
      assert.equal((await set.find({ alg: 'ES256' })).length, 1);
    }
    assert.deepEqual(await readKeySet([{ ...publicJwk, ...change }]).find({ alg: 'ES256' }), []);
  });
}

for (const bits of [1024, 16_384]) {
  it(`A-4 an RSA key of ${bits} bits is never used`, () => {
    const n = Buffer.alloc(bits / 8, 0xff).toString('base64url');
    assert.deepEqual(readKeySet([{ kty: 'RSA', n, e: 'AQAB' }]).jwks, []);
  });
}

it('A-4 a key verifies only the algorithms of its type and of its alg', async () => {
  const { alg: _, ...open } = rsa.publicJwk;
  const count = async (jwk: JWK, alg: string) => (await readKeySet([jwk]).find({ alg })).length;
  assert.deepEqual(
    await Promise.all(['RS256', 'PS512', 'ES256', 'HS256', 'none', '__proto__'].map((alg) => count(open, alg))),
    [1, 1, 0, 0, 0, 0],
  );
  assert.deepEqual(await Promise.all(['RS256', 'PS512'].map((alg) => count(rsa.publicJwk, alg))), [1, 0]);
});

it('A-12 keys without kid, with the same kid, and with a kid that is not a string', async () => {
  const { kid: _, ...nameless } = publicJwk;
  const sibling = makeKey('ES256', 'k');
  const set = readKeySet([nameless, { ...makeKey().publicJwk, kid: 7 }, publicJwk, sibling.publicJwk, rsa.publicJwk]);
  assert.equal((await set.find({ alg: 'ES256', kid: 'k' })).length, 2);
  assert.equal((await set.find({ alg: 'ES256' })).length, 4);
  assert.deepEqual(await set.find({ alg: 'ES256', kid: '7' }), []);
  assert.deepEqual([set.names('k'), set.names('7'), set.names('__proto__')], [true, false, false]);
});

it('A-12 the kid of an unusable key counts as known, and causes no further fetch', () => {
  assert.ok(readKeySet([{ kty: 'XY', kid: 'odd' }]).names('odd'));
});

it('A-12 reading a key set never throws, and its valid keys are found', async () => {
  const member = fc.dictionary(fc.constantFrom(...Object.keys(publicJwk), 'd', 'n', 'e', 'key_ops'), fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.jsonValue(), member), { maxLength: 5 }), async (others) => {
      const set = readKeySet([...others, publicJwk]);
      assert.equal((await set.find({ alg: 'ES256', kid: 'k' })).length, 1);
    }),
    { numRuns: 200 },
  );
});

it('A-12 local keys say whether a key is still there', async () => {
  let set = keySet(key);
  const source = localKeys(() => set);
  const [found] = await source.find({ alg: 'ES256', kid: 'k' });
  assert.ok(found && source.has(found.id));
  set = keySet(rsa);
  assert.ok(!source.has(found.id));
  const failing = localKeys(() => {
    throw new Error('the database is away');
  });
  assert.ok(!failing.has(found.id));
});

it('A-12 the memory of unknown keys is bounded, doubles its wait, and removes the oldest', () => {
  let time = 0;
  const unknown = createUnknownKeyIds({ clock: () => time, firstWaitMs: 60, maxWaitMs: 200, entries: 100 });
  const waits: number[] = [];
  for (let round = 0; round < 4; round++) {
    for (let waiter = 0; waiter < 10; waiter++) unknown.missed('k');
    const from = time;
    while (!unknown.mayAsk('k')) time += 1;
    waits.push(time - from);
  }
  assert.deepEqual(waits, [60, 120, 200, 200]);
  for (let count = 0; count < 1000; count++) unknown.missed(`${count}`.repeat(1000));
  assert.equal(unknown.size, 100);
  assert.ok(unknown.mayAsk('k'));
  time -= 1000;
  assert.ok(unknown.mayAsk('999'.repeat(1000)));
});

const privateJwk = createPrivateKey(
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
).export({ format: 'jwk' });
const given: readonly (readonly [unknown, RegExp | null])[] = [
  [{ keys: [publicJwk, rsa.publicJwk] }, null],
  [{ keys: [] }, /at least one/],
  [{ keys: publicJwk }, /at least one/],
  [null, /at least one/],
  [{ keys: [publicJwk, 'key'] }, /keys\[1\] must be a JWK/],
  [{ keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 's' }] }, /keys\[0\] \(kid "s"\) is symmetric/],
  [{ keys: [privateJwk] }, /is private/],
  [{ keys: [{ ...publicJwk, use: 'enc' }] }, /cannot verify/],
  [{ keys: [{ kty: 'XY' }] }, /cannot verify/],
];
for (const [index, [jwks, fault]] of given.entries()) {
  it(`keys given directly, ${index}: ${fault ? `refused with ${fault.source}` : 'in order'}`, () => {
    const faults = givenKeyFaults(jwks);
    assert.equal(faults.length, fault ? 1 : 0);
    if (fault) assert.match(faults[0] ?? '', fault);
    assert.doesNotMatch(faults.join(), /c2VjcmV0/);
    assert.ok(!faults.join().includes(String(privateJwk.d)));
  });
}
