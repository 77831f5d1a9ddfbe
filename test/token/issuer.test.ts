import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StartError } from '../../src/errors.ts';
import type { IssuerOptions } from '../../src/token/issuer.ts';
import { createVerifier } from '../../src/token/verify.ts';
import { issuerOf, makeKey } from '../support/tokens.ts';

const good = issuerOf([makeKey()]);

const accepted: readonly Partial<IssuerOptions>[] = [
  {},
  { issuer: 'https://issuer.example/tenant/' },
  { issuer: 'http://localhost:4000' },
  { issuer: 'http://127.0.0.1:4000' },
  { issuer: 'http://[::1]:4000' },
  { algorithms: ['RS256', 'PS512', 'ES384', 'EdDSA'] },
  { clockTolerance: 0 },
  { typ: ['at+jwt', 'JWT'] },
];
for (const change of accepted) {
  test(`an issuer with ${JSON.stringify(change)} is in order`, () => {
    createVerifier({ issuers: [{ ...good, ...change }] });
  });
}

const faulty: readonly (readonly [Partial<IssuerOptions>, RegExp])[] = [
  [{ issuer: '' }, /https/],
  [{ issuer: 'issuer.example' }, /https/],
  [{ issuer: 'http://issuer.example' }, /https/],
  [{ issuer: 'http://localhost.evil.example' }, /https/],
  [{ issuer: 'http://notlocalhost' }, /https/],
  [{ issuer: 'http://127.0.0.1.evil.example' }, /https/],
  [{ issuer: 'ftp://issuer.example' }, /https/],
  [{ issuer: 'https://issuer.example/?tenant=1' }, /query/],
  [{ issuer: 'https://issuer.example/#a' }, /fragment/],
  [{ issuer: 'https://issuer.example@evil.example' }, /user/],
  [{ audience: [] }, /audience/],
  [{ audience: [''] }, /audience/],
  [{ algorithms: [] }, /algorithms/],
  [{ algorithms: ['ES256', 'none'] }, /"none"/],
  [{ algorithms: ['HS256'] }, /"HS256"/],
  [{ algorithms: ['es256'] }, /"es256"/],
  [{ algorithms: ['__proto__'] }, /"__proto__"/],
  [{ typ: [] }, /typ/],
  [{ typ: [''] }, /typ/],
  [{ audience: ['https://api.example', ''] }, /audience/],
  [{ clockTolerance: -1 }, /clockTolerance/],
  [{ clockTolerance: 301 }, /clockTolerance/],
  [{ clockTolerance: Number.NaN }, /clockTolerance/],
];
for (const [change, fault] of faulty) {
  test(`an issuer with ${JSON.stringify(change)} stops the start`, () => {
    const issuer = { ...good, ...change };
    assert.throws(
      () => createVerifier({ issuers: [issuer] }),
      (error) =>
        error instanceof StartError &&
        error.faults.length === 1 &&
        fault.test(error.message) &&
        error.message.includes(issuer.issuer),
    );
  });
}

test('all faults of all issuers are told at once', () => {
  const other = { ...good, issuer: 'https://other.example', audience: [], algorithms: ['none', 'HS256'] };
  assert.throws(
    () => createVerifier({ issuers: [good, good, other] }),
    (error) => error instanceof StartError && error.faults.length === 5,
  );
});
test('a verifier needs an issuer', () => assert.throws(() => createVerifier({ issuers: [] }), StartError));
