import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { calculateJwkThumbprint, compactVerify, importJWK, type JWK } from 'jose';
import { checkIdToken, idTokenAlgorithms } from '../../../src/exchange/connections/id-token.ts';
import { readClientKeys, usableKeys } from '../../../src/identity/applications/client-keys.ts';
import { asymmetricAlgorithms } from '../../../src/protocol/keys/algorithms.ts';
import { fitsAlgorithm, isOnCurve, readVerificationJwk } from '../../../src/protocol/keys/jwk.ts';
import { publicKey } from '../../../src/token/dpop/key.ts';
import { createProofChecker } from '../../../src/token/dpop/proof.ts';
import { memoryReplays } from '../../../src/token/dpop/replays.ts';
import { givenKeyFaults } from '../../../src/issuer/options/given-keys.ts';
import { readKeySet } from '../../../src/issuer/key-set.ts';
import { makeKey, target } from '../../support/tokens.ts';
import { exponentOne, forgeWithExponentOne, offCurve, unusableKeys } from '../../support/unusable-keys.ts';

function clientKeysFault(key: object): string {
  const read = readClientKeys(JSON.stringify({ keys: [key] }));
  return typeof read === 'string' ? read : '';
}

const now = Date.UTC(2026, 0, 31, 12);

describe('F-11 a key that cannot verify a signature safely', () => {
  it('is dangerous: the cryptographic library accepts any signature for an RSA key with exponent 1', async () => {
    const forged = forgeWithExponentOne({}, { sub: 'ada' });
    const [header, payload, signature = ''] = forged.split('.');
    const key = createPublicKey({ key: exponentOne, format: 'jwk' });
    assert.ok(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url')));
    await compactVerify(forged, await importJWK(exponentOne, 'RS256'));
  });

  for (const [what, jwk] of Object.entries(unusableKeys)) {
    it(`${what}: is refused by each reader of keys`, async () => {
      const fault = readVerificationJwk(jwk);
      assert.ok(typeof fault === 'string');
      for (const value of Object.values(jwk)) {
        if (typeof value === 'string' && value.length > 10) assert.ok(!fault.includes(value));
      }
      assert.deepEqual(readKeySet([jwk]).jwks, []);
      assert.equal(givenKeyFaults({ keys: [jwk] }).length, 1);
      for (const algorithm of asymmetricAlgorithms) assert.equal(publicKey(jwk, algorithm), null);
      assert.equal(typeof readClientKeys(JSON.stringify({ keys: [jwk] })), 'string');
      assert.deepEqual(usableKeys([jwk as Record<string, string>]), []);
    });
  }

  it('signs no ID token', async () => {
    const claims = { iss: 'https://login.example', aud: 'claimgate', sub: 'ada', nonce: 'n', iat: now / 1000 };
    const idToken = forgeWithExponentOne({}, { ...claims, exp: now / 1000 + 600 });
    const expected = {
      issuer: claims.iss,
      clientId: claims.aud,
      algorithms: idTokenAlgorithms,
      accessToken: 'x',
      nonce: 'n',
      now,
    };
    const keys = readKeySet([exponentOne, makeKey('ES256').publicJwk]);
    assert.deepEqual(await checkIdToken(idToken, keys, expected), { ok: false, reason: 'unknown-key' });
  });

  it('proves no possession at /graphql, though the token is bound to it and the signature fits', async () => {
    const token = 'the access token';
    const ath = createHash('sha256').update(token).digest('base64url');
    const claims = { jti: 'once', htm: target.method, htu: target.url, iat: now / 1000, ath };
    const proof = forgeWithExponentOne({ typ: 'dpop+jwt', jwk: exponentOne }, claims);
    const clock = () => now;
    const checker = createProofChecker({ replays: memoryReplays({ clock }), clock });
    const thumbprint = await calculateJwkThumbprint(exponentOne);
    await assert.rejects(checker.check({ proof, token, thumbprint, target }), /its key \(jwk\) is not a public key/);
  });

  it('costs no time, for numbers of any length', () => {
    const long = 'A'.repeat(4_000_000);
    const begun = process.cpuUsage();
    for (let round = 0; round < 1_000; round += 1) {
      readVerificationJwk({ kty: 'RSA', n: long, e: 'AQAB' });
      readVerificationJwk({ kty: 'RSA', n: exponentOne.n, e: long });
      readVerificationJwk({ kty: 'EC', crv: 'P-256', x: long, y: long });
    }
    // Decoding one of these values once takes at least a millisecond.
    assert.ok(process.cpuUsage(begun).user < 1_000_000);
  });

  it('is found in configured and registered keys, also if only its point is wrong', () => {
    const read = readVerificationJwk(offCurve);
    assert.ok(typeof read === 'object' && !isOnCurve(read));
    assert.match(givenKeyFaults({ keys: [offCurve] })[0] ?? '', /its point is not on its curve/);
    assert.match(clientKeysFault(offCurve), /its point is not on its curve/);
  });

  it('does not prevent the use of valid keys, and each key verifies only the algorithms of its type and its `alg`', () => {
    for (const [algorithm, others] of [
      ['ES256', []],
      ['ES384', []],
      ['EdDSA', ['Ed25519']],
      ['RS256', ['RS384', 'RS512', 'PS256', 'PS384', 'PS512']],
    ] as const) {
      const { alg: _, ...open } = makeKey(algorithm).publicJwk;
      const fitting = (jwk: JWK) => {
        const read = readVerificationJwk(jwk);
        assert.ok(typeof read === 'object');
        return asymmetricAlgorithms.filter((name) => fitsAlgorithm(read, name)).sort();
      };
      assert.deepEqual(fitting(open), [algorithm, ...others].sort());
      assert.deepEqual(fitting({ ...open, alg: algorithm }), [algorithm]);
      assert.equal(typeof readClientKeys(JSON.stringify({ keys: [{ ...open, alg: algorithm }, open] })), 'object');
    }
    const elliptic = { ...makeKey('ES256').publicJwk, alg: 'RS256' };
    assert.match(clientKeysFault(elliptic), /alg: expected one of ES256/);
    assert.equal(publicKey(elliptic, 'ES256'), null);
  });
});
