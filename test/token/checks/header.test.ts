import assert from 'node:assert/strict';
import { it } from 'node:test';
import { remoteKeys } from '../../../src/issuer/remote-keys.ts';
import { assertRefused, issuer, issuerOf, keySet, makeKey, payloadOf, sign, verifierOf } from '../../support/tokens.ts';

const key = makeKey();
const verifier = verifierOf(issuerOf([key]));

for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/At+Jwt']) {
  it(`A-8 typ ${typ} is accepted`, async () => {
    assert.equal((await verifier.verify(sign(key, { header: { typ } }))).subject, 'ada');
  });
}
const wrongTypes = [
  'JWT',
  'jwt',
  'application/jwt',
  'dpop+jwt',
  'logout+jwt',
  'at+jwt ',
  ' at+jwt',
  'x/at+jwt',
  'application/application/at+jwt',
  '',
  undefined,
  null,
  7,
  ['at+jwt'],
];
for (const typ of wrongTypes) {
  it(`A-8 typ ${JSON.stringify(typ)} is refused`, async () => {
    await assertRefused(verifier, sign(key, { header: { typ } }), /typ/);
  });
}
it('A-8 an ID token is refused, by its type and by its claims', async () => {
  const payload = { iss: issuer, sub: 'ada', aud: 'a-client', exp: payloadOf().exp, iat: payloadOf().iat, nonce: 'n' };
  await assertRefused(verifier, sign(key, { header: { typ: 'JWT' }, payload }), /typ/);
  const lenient = verifierOf(issuerOf([key], { typ: ['JWT'], audience: ['a-client'] }));
  await assertRefused(lenient, sign(key, { header: { typ: 'JWT' }, payload }), /nonce/);
  const plain = { ...payload, nonce: undefined };
  await assertRefused(lenient, sign(key, { header: { typ: 'JWT' }, payload: plain }), /client_id/);
});
for (const claim of ['nonce', 'at_hash', 'c_hash', 'events']) {
  it(`A-8 if access tokens are plain JWT, one with ${claim} is refused`, async () => {
    const lenient = verifierOf(issuerOf([key], { typ: ['at+jwt', 'JWT'] }));
    await assertRefused(
      lenient,
      sign(key, { header: { typ: 'JWT' }, payload: payloadOf({ [claim]: 'x' }) }),
      /no access/,
    );
  });
}
it('A-8 a header without typ is accepted only from an issuer that is known to leave it out', async () => {
  const untyped = verifierOf(issuerOf([key], { typ: [null] }));
  assert.equal((await untyped.verify(sign(key, { header: { typ: undefined } }))).subject, 'ada');
  for (const typ of [null, '', 'JWT', 'at+jwt']) await assertRefused(untyped, sign(key, { header: { typ } }), /typ/);
});
it('A-8 an issuer may be configured to sign plain JWT', async () => {
  const lenient = verifierOf(issuerOf([key], { typ: ['JWT'] }));
  assert.equal((await lenient.verify(sign(key, { header: { typ: 'JWT' } }))).subject, 'ada');
  await assertRefused(lenient, sign(key), /typ/);
});

const refusedHeaders: readonly (readonly [object, RegExp])[] = [
  [{ crit: ['exp'] }, /crit/],
  [{ crit: ['b64'], b64: true }, /crit/],
  [{ crit: [] }, /crit/],
  [{ crit: null }, /crit/],
  [{ b64: false }, /b64/],
  [{ b64: true }, /b64/],
  [{ kid: 7 }, /kid/],
  [{ kid: null }, /kid/],
  [{ kid: [key.kid] }, /kid/],
];
for (const [header, reason] of refusedHeaders) {
  it(`A-5 header ${JSON.stringify(header).replace(key.kid, '…')} is refused`, async () => {
    await assertRefused(verifier, sign(key, { header: { ...header } }), reason);
  });
}

const hostile = [
  '../../etc/passwd',
  "' OR 1=1 --",
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '\u0000',
  'https://evil.example/key',
];
for (const kid of hostile) {
  it(`A-5 kid ${JSON.stringify(kid)} is looked up as data`, async () => {
    await assertRefused(verifier, sign(key, { header: { kid } }), /no key/);
  });
}
it('A-5 A-13 a kid of 100 kB is refused', async () => {
  await assertRefused(verifier, sign(key, { header: { kid: 'k'.repeat(100_000) } }), /too long/);
});

it('A-5 jku, jwk, x5u and x5c are never followed', async () => {
  const attacker = makeKey();
  const fetched: string[] = [];
  const keys = remoteKeys({
    issuer,
    async fetch(input) {
      const { url } = new Request(input);
      fetched.push(url);
      return Response.json(url.endsWith('/jwks') ? keySet(key) : { issuer, jwks_uri: `${issuer}/jwks` });
    },
  });
  const verifier = verifierOf(issuerOf([key], { keys }));
  const url = 'https://evil.example/jwks';
  const chain = [attacker.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')];
  const { kid: _, ...jwk } = attacker.publicJwk;
  for (const header of [
    { jku: url },
    { x5u: url },
    { jwk },
    { jwk: attacker.publicJwk },
    { x5c: chain },
    { jku: url, jwk, x5u: url, x5c: chain },
  ]) {
    await assertRefused(verifier, sign(attacker, { header }), /no key/);
    await assertRefused(verifier, sign(attacker, { header: { ...header, kid: undefined } }), /signature/);
    await assertRefused(verifier, sign(attacker, { header: { ...header, kid: key.kid } }), /signature/);
    await verifier.verify(sign(key, { header }));
  }
  assert.deepEqual(fetched, [`${issuer}/.well-known/openid-configuration`, `${issuer}/jwks`]);
});
