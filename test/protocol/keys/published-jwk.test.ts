import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JWK } from 'jose';
import { checkIdToken, idTokenAlgorithms } from '../../../src/exchange/connections/id-token.ts';
import { readVerificationJwk } from '../../../src/protocol/keys/jwk.ts';
import { readPublishedJwk } from '../../../src/protocol/keys/published-jwk.ts';
import { publicKey } from '../../../src/token/dpop/key.ts';
import { givenKeyFaults } from '../../../src/issuer/options/given-keys.ts';
import { readKeySet } from '../../../src/issuer/key-set.ts';
import { localKeys } from '../../../src/issuer/key-source.ts';
import {
  issuer,
  issuerOf,
  makeKey,
  now,
  payloadOf,
  sign,
  type TestAlgorithm,
  type TestKey,
  verifierOf,
} from '../../support/tokens.ts';
import { ranMs } from '../../support/processor.ts';

/** Makes keys until one has an `x` that starts with a zero byte. */
function keyWithLeadingZero(alg: TestAlgorithm): TestKey {
  for (;;) {
    const key = makeKey(alg);
    if (Buffer.from(key.publicJwk.x ?? '', 'base64url')[0] === 0) return key;
  }
}

const rsa = makeKey('RS256');
const ec = keyWithLeadingZero('ES256');
const large = keyWithLeadingZero('ES512');
const ed = makeKey('EdDSA');

const standard = (text = '') => Buffer.from(text, 'base64url').toString('base64');
/** Removes leading zero bytes. */
const short = (text = '') => {
  const digits = Buffer.from(text, 'base64url');
  return digits.subarray(digits.findIndex((byte) => byte !== 0)).toString('base64url');
};

/** Keys in the forms that some issuers publish. */
const written: Readonly<Record<string, readonly [key: TestKey, jwk: Readonly<Record<string, unknown>>]>> = {
  'an RSA modulus with padding and in the standard alphabet': [rsa, { ...rsa.publicJwk, n: standard(rsa.publicJwk.n) }],
  'an RSA modulus behind a zero, with padding': [
    rsa,
    {
      ...rsa.publicJwk,
      n: Buffer.concat([Buffer.alloc(1), Buffer.from(rsa.publicJwk.n ?? '', 'base64url')]).toString('base64'),
    },
  ],
  'coordinates with padding': [ec, { ...ec.publicJwk, x: standard(ec.publicJwk.x), y: standard(ec.publicJwk.y) }],
  'a P-256 coordinate without its leading zero': [ec, { ...ec.publicJwk, x: short(ec.publicJwk.x) }],
  'a P-521 coordinate without its leading zero': [large, { ...large.publicJwk, x: short(large.publicJwk.x) }],
  'an Ed25519 key with padding': [ed, { ...ed.publicJwk, x: standard(ed.publicJwk.x) }],
  'members that are null': [
    rsa,
    { ...rsa.publicJwk, use: null, alg: null, key_ops: null, x5c: null, x5t: null, d: null, k: null, oth: null },
  ],
};

describe('a key set that differs from its RFC', () => {
  for (const [what, [key, jwk]] of Object.entries(written)) {
    it(`${what}: verifies with the same thumbprint in every source of issuers' keys`, async () => {
      assert.notDeepEqual(jwk, key.publicJwk);
      const set = { keys: [jwk as JWK & { kty: string }] };
      const keys = localKeys(() => set);
      const verified = await verifierOf(issuerOf([key], { keys })).verify(sign(key));
      assert.equal(verified.subject, 'ada');
      assert.deepEqual(
        (await readKeySet(set.keys).find(key)).map(({ id }) => id),
        (await readKeySet([key.publicJwk]).find(key)).map(({ id }) => id),
      );
      assert.deepEqual(givenKeyFaults(set), []);
      const payload = payloadOf({ aud: 'a-client', azp: 'a-client', nonce: 'n' });
      const idToken = sign(key, { header: { typ: 'JWT' }, payload });
      const expected = {
        issuer,
        clientId: 'a-client',
        algorithms: idTokenAlgorithms,
        accessToken: 'x',
        nonce: 'n',
        now: now * 1_000,
      };
      assert.deepEqual(await checkIdToken(idToken, readKeySet(set.keys), expected), { ok: true, subject: 'ada' });
    });

    it(`${what}: is refused from a caller if it differs from its RFC`, () => {
      const isCanonical = typeof readVerificationJwk(jwk) !== 'string';
      assert.equal(publicKey(jwk, key.alg) !== null, isCanonical);
    });
  }

  it('corrects nothing that would change the key', () => {
    for (const x of ['AAAA', `${ec.publicJwk.x}A`, `${ec.publicJwk.x}===`, `=${ec.publicJwk.x}`, '', '=', 7]) {
      assert.equal(typeof readPublishedJwk({ ...ec.publicJwk, x }), 'string', String(x));
    }
    const long = 'A'.repeat(5_000_000);
    const from = ranMs(process.pid);
    readPublishedJwk({ ...ec.publicJwk, x: long, y: long });
    assert.ok(ranMs(process.pid) - from < 1_000);
    for (const value of [null, 'x', [], { kty: 'EC', crv: '__proto__', x: 'AA', y: 'AA' }]) {
      assert.equal(typeof readPublishedJwk(value), 'string');
    }
  });
});
