import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, it } from 'node:test';
import { type JSONWebKeySet, SignJWT } from 'jose';
import {
  checkIdToken as check,
  type IdTokenExpectations,
  idTokenAlgorithms,
} from '../../../src/exchange/connections/id-token.ts';
import { readKeySet } from '../../../src/issuer/key-set.ts';

const checkIdToken = (idToken: string, { keys }: JSONWebKeySet, expected: IdTokenExpectations) =>
  check(idToken, readKeySet(keys), expected);

const now = Date.UTC(2026, 0, 31, 12);
const seconds = now / 1000;
const accessToken = 'an access token';

const expected: IdTokenExpectations = {
  issuer: 'https://login.example',
  clientId: 'claimgate',
  algorithms: idTokenAlgorithms,
  accessToken,
  nonce: 'the nonce',
  now,
};
const claims = {
  iss: expected.issuer,
  aud: expected.clientId,
  sub: 'grace',
  nonce: expected.nonce,
  iat: seconds,
  exp: seconds + 600,
};

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;
const keysByAlgorithm: Readonly<Record<string, KeyObject>> = {
  ES256: ec,
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
  Ed25519: ed,
  EdDSA: ed,
};
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

const publicOf = (key: KeyObject, more: object = {}) => {
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...jwk } = key.export({ format: 'jwk' });
  return { ...jwk, ...more } as JSONWebKeySet['keys'][number]; // A JWK that Node.js exports always has a kty.
};
const only: JSONWebKeySet = { keys: [publicOf(ec)] };

function sign(payload: object, algorithm = 'ES256', key: KeyObject = ec, header: object = {}): Promise<string> {
  return new SignJWT({ ...payload }).setProtectedHeader({ alg: algorithm, ...header }).sign(key);
}

async function verdictOf(payload: object, changes: Partial<IdTokenExpectations> = {}): Promise<string> {
  const verdict = await checkIdToken(await sign(payload), only, { ...expected, ...changes });
  return verdict.ok ? verdict.subject : verdict.reason;
}

/** Computes `at_hash` as OpenID Connect Core §3.1.3.6 describes it. */
function leftHalf(hash: 'sha256' | 'sha384' | 'sha512'): string {
  const octets = createHash(hash).update(accessToken).digest();
  return octets.subarray(0, octets.length / 2).toString('base64url');
}

describe('an ID token', () => {
  for (const algorithm of idTokenAlgorithms) {
    it(`signed with ${algorithm} is accepted, with the at_hash of that algorithm and no other`, async () => {
      const key = keysByAlgorithm[algorithm] ?? rsa;
      const hash = algorithm.startsWith('Ed') ? 'sha512' : (`sha${algorithm.slice(2)}` as 'sha256');
      const keys = { keys: [publicOf(key)] };
      const right = await sign({ ...claims, at_hash: leftHalf(hash) }, algorithm, key);
      assert.deepEqual(await checkIdToken(right, keys, expected), { ok: true, subject: 'grace' });
      const other = await sign(
        { ...claims, at_hash: leftHalf(hash === 'sha256' ? 'sha384' : 'sha256') },
        algorithm,
        key,
      );
      assert.equal((await checkIdToken(other, keys, expected)).ok, false);
    });
  }

  it('may have several audiences only if azp is this client', async () => {
    assert.equal(await verdictOf({ ...claims, aud: ['claimgate'] }), 'grace');
    assert.equal(await verdictOf({ ...claims, aud: ['claimgate', 'b'], azp: 'claimgate' }), 'grace');
    assert.equal(await verdictOf({ ...claims, aud: ['claimgate', 'b'] }), 'unacceptable');
    assert.equal(await verdictOf({ ...claims, aud: ['claimgate', 'b'], azp: 'b' }), 'unacceptable');
    assert.equal(await verdictOf({ ...claims, azp: 'b' }), 'unacceptable');
  });

  it('needs every required claim, with its type', async () => {
    for (const name of Object.keys(claims)) {
      const reason = name === 'nonce' ? 'nonce' : 'unacceptable';
      const without = Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
      assert.equal(await verdictOf(without), reason, name);
      for (const value of [null, '', true, {}, ['x']]) {
        assert.equal(await verdictOf({ ...claims, [name]: value }), reason, `${name}: ${JSON.stringify(value)}`);
      }
    }
    assert.equal(await verdictOf({ ...claims, at_hash: null }), 'unacceptable');
  });

  it('is valid within 30 seconds of its times, and not beyond', async () => {
    assert.equal(await verdictOf({ ...claims, exp: seconds - 29 }), 'grace');
    assert.equal(await verdictOf({ ...claims, exp: seconds - 31 }), 'unacceptable');
    assert.equal(await verdictOf({ ...claims, iat: seconds + 29 }), 'grace');
    assert.equal(await verdictOf({ ...claims, iat: seconds + 31 }), 'unacceptable');
  });

  it('needs the exact name of the issuer', async () => {
    for (const iss of ['https://login.example/', 'https://LOGIN.example', 'https://login.exampl']) {
      assert.equal(await verdictOf({ ...claims, iss }), 'unacceptable');
    }
  });

  it('at a refresh must name the same person; the nonce may be missing but not different', async () => {
    const again = { subject: 'grace' };
    assert.equal(await verdictOf(claims, again), 'grace');
    const { nonce: _, ...without } = claims;
    assert.equal(await verdictOf(without, again), 'grace');
    assert.equal(await verdictOf({ ...claims, nonce: 'another' }, again), 'nonce');
    assert.equal(await verdictOf({ ...claims, sub: 'ada' }, again), 'unacceptable');
  });

  it('without a kid is tried with each key that fits', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const token = await sign(claims);
    const keys = { keys: [publicOf(other, { kid: 'a' }), publicOf(ec, { kid: 'b' })] };
    assert.equal((await checkIdToken(token, keys, expected)).ok, true);
    const none = { keys: [publicOf(other, { kid: 'a' }), publicOf(other, { kid: 'b' })] };
    assert.deepEqual(await checkIdToken(token, none, expected), { ok: false, reason: 'unknown-key' });
  });

  it('with an unknown key gives unknown-key; with a forged signature under a known kid it does not', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const keys = { keys: [publicOf(ec, { kid: 'a' })] };
    const newer = await sign(claims, 'ES256', other, { kid: 'b' });
    assert.deepEqual(await checkIdToken(newer, keys, expected), { ok: false, reason: 'unknown-key' });
    const forged = await sign(claims, 'ES256', other, { kid: 'a' });
    assert.deepEqual(await checkIdToken(forged, keys, expected), { ok: false, reason: 'unacceptable' });
  });

  it('of another type, too long, or not a JWT is refused', async () => {
    for (const typ of ['at+jwt', 'logout+jwt', 'dpop+jwt', 'application/at+jwt']) {
      const token = await sign(claims, 'ES256', ec, { typ });
      assert.deepEqual(await checkIdToken(token, only, expected), { ok: false, reason: 'unacceptable' });
    }
    const huge = await sign({ ...claims, groups: 'x'.repeat(100_000) });
    for (const token of [huge, '', 'a.b.c', `${await sign(claims)}.`, 'null']) {
      assert.deepEqual(await checkIdToken(token, only, expected), { ok: false, reason: 'unacceptable' });
    }
  });

  it('a key set with invalid members does not prevent the use of the valid ones', async () => {
    const nonsense = [
      { kty: 'oct', k: 'c2VjcmV0' },
      { kty: 'EC', crv: 'P-256', x: 'A', y: 'A' },
      { kty: 'x' },
      publicOf(rsa),
    ];
    const keys = { keys: [...nonsense, publicOf(ec, { kid: 'right' })] };
    const token = await sign(claims, 'ES256', ec, { kid: 'right' });
    assert.equal((await checkIdToken(token, keys, expected)).ok, true);
  });
});
