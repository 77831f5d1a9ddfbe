import { createHmac, sign as signBytes } from 'node:crypto';
import { it } from 'node:test';
import assert from 'node:assert/strict';
import { localKeys } from '../../../src/issuer/key-source.ts';
import { createVerifier } from '../../../src/token/verify.ts';
import {
  assertRefused,
  bearing,
  encode,
  issuer,
  issuerOf,
  keySet,
  makeKey,
  now,
  payloadOf,
  sign,
  verifierOf,
} from '../../support/tokens.ts';

const key = makeKey();
const verifier = verifierOf(issuerOf([key]));
const good = sign(key);
const [header = '', payload = '', signature = ''] = good.split('.');
const bytes = Buffer.from(signature, 'base64url');

for (const alg of ['ES256', 'RS256', 'PS256', 'EdDSA'] as const) {
  it(`A-4 ${alg}: a valid signature is accepted`, async () => {
    const key = makeKey(alg);
    assert.equal((await verifierOf(issuerOf([key])).verify(sign(key))).subject, 'ada');
  });
}

for (const alg of [
  'none',
  'None',
  'NONE',
  'nOnE',
  '',
  'es256',
  'ES256 ',
  'HS256',
  'RS256',
  'ES384',
  '__proto__',
  'constructor',
]) {
  it(`A-4 alg ${JSON.stringify(alg)} is refused`, async () => {
    await assertRefused(verifier, sign(key, { header: { alg } }), /algorithm/);
    await assertRefused(verifier, `${encode({ alg, typ: 'at+jwt' })}.${payload}.`);
  });
}
for (const alg of [null, 1, ['ES256'], { toString: 'ES256' }]) {
  it(`A-4 alg ${JSON.stringify(alg)} is refused`, () =>
    assertRefused(verifier, sign(key, { header: { alg } }), /algorithm/));
}

for (const alg of ['ES256', 'RS256'] as const) {
  const key = makeKey(alg);
  const secrets = {
    PEM: key.publicKey.export({ format: 'pem', type: 'spki' }),
    DER: key.publicKey.export({ format: 'der', type: 'spki' }),
    JWK: JSON.stringify(key.publicJwk),
  };
  for (const [form, secret] of Object.entries(secrets)) {
    it(`A-4 HS256 keyed with the ${alg} public key as ${form} is refused`, async () => {
      const input = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: key.kid })}.${payload}`;
      const forged = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      await assertRefused(verifierOf(issuerOf([key])), forged, /algorithm/);
    });
  }
}

const zero = Buffer.alloc(32);
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
const r = bytes.subarray(0, 32);
const s = bytes.subarray(32);
const broken: Readonly<Record<string, Buffer>> = {
  'cut by a byte': bytes.subarray(0, 63),
  'lengthened by a byte': Buffer.concat([bytes, Buffer.alloc(1)]),
  doubled: Buffer.concat([bytes, bytes]),
  'of zeros': Buffer.alloc(64),
  'with r zero': Buffer.concat([zero, s]),
  'with s zero': Buffer.concat([r, zero]),
  'with r the group order': Buffer.concat([order, s]),
  'with s the group order': Buffer.concat([r, order]),
  'in DER': signBytes('sha256', Buffer.from(`${header}.${payload}`), key.privateKey),
};
for (const [what, value] of Object.entries(broken)) {
  it(`A-4 an ECDSA signature ${what} is refused`, () =>
    assertRefused(verifier, `${header}.${payload}.${value.toString('base64url')}`, /signature/));
}
it('A-4 an empty signature is refused', () => assertRefused(verifier, `${header}.${payload}.`));

it("A-4 another issuer's key under this iss is refused, and accepted under its own iss", async () => {
  const otherKey = makeKey();
  const other = issuerOf([otherKey], { issuer: 'https://other.example', primary: false });
  const both = bearing(createVerifier({ issuers: [issuerOf([key]), other], clock: () => now * 1000 }));
  await assertRefused(both, sign(otherKey), /no key/);
  await assertRefused(both, sign(otherKey, { header: { kid: key.kid } }), /signature/);
  await assertRefused(both, sign(key, { payload: payloadOf({ iss: 'https://other.example' }) }), /no key/);
  const principal = await both.verify(sign(otherKey, { payload: payloadOf({ iss: 'https://other.example' }) }));
  assert.equal(principal.issuer, 'https://other.example');
});

const unfit: Readonly<Record<string, object>> = {
  'is for encryption': { use: 'enc' },
  'is for another operation': { key_ops: ['encrypt'] },
  'is for another algorithm': { alg: 'ES384' },
  'has no point on its curve': { x: 'AAAA' },
  'has an unknown type': { kty: 'XY' },
  'is private': key.privateKey.export({ format: 'jwk' }),
};
for (const [what, change] of Object.entries(unfit)) {
  it(`A-4 a key that ${what} verifies nothing`, async () => {
    const keys = localKeys(() => ({ keys: [{ ...key.publicJwk, ...change }] }));
    await assertRefused(verifierOf(issuerOf([key], { keys })), good, /no key|could not be verified/);
  });
}

it('A-12 keys without kid or with the same kid are tried, and unusable keys are skipped', async () => {
  const others = [makeKey('ES256', key.kid), makeKey('RS256'), makeKey('EdDSA')];
  const { kid: _, ...nameless } = key.publicJwk;
  const oct = { kty: 'oct', k: 'c2VjcmV0', kid: key.kid, alg: 'ES256' };
  const unknown = { kty: 'XY', kid: key.kid };
  const set = { keys: [oct, unknown, ...keySet(...others).keys, key.publicJwk, nameless] };
  const many = verifierOf(issuerOf([key], { keys: localKeys(() => set) }));
  assert.equal((await many.verify(good)).subject, 'ada');
  assert.equal((await many.verify(sign(key, { header: { kid: undefined } }))).subject, 'ada');
  await assertRefused(many, sign(makeKey(), { header: { kid: undefined } }), /signature/);
});

it('A-12 keys may rotate: a new key set is used, and an old key is gone', async () => {
  const next = makeKey();
  let set = keySet(key);
  const rotating = verifierOf(issuerOf([key], { keys: localKeys(() => set) }));
  await rotating.verify(good);
  set = keySet(next);
  assert.equal((await rotating.verify(sign(next))).issuer, issuer);
  await assertRefused(rotating, good, /no key/);
});

it('A-12 no local keys yet: KEYS_UNAVAILABLE', () =>
  assertRefused(
    verifierOf(issuerOf([key], { keys: localKeys(() => ({ keys: [] })) })),
    good,
    /at present/,
    'KEYS_UNAVAILABLE',
  ));

it('A-12 local keys that cannot be read: KEYS_UNAVAILABLE', async () => {
  const failing = localKeys(() => {
    throw new Error('the database is away');
  });
  await assertRefused(verifierOf(issuerOf([key], { keys: failing })), good, /at present/, 'KEYS_UNAVAILABLE');
});
