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
  { typ: [null] },
  { preset: 'auth0' },
  { scopeClaims: ['scope', 'scp', 'permissions'] },
  { roles: [{ claim: ['realm_access', 'roles'], scopes: { admin: ['a', 'b:c'], nobody: [] } }] },
  { accountId: ['oid'] },
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
  // As somebody writes it who has no types.
  [{ preset: 'constructor' as 'auth0' }, /no preset "constructor"; expected one of auth0, cognito/],
  [{ scopeClaims: [] }, /scopeClaims/],
  [{ scopeClaims: ['scope', ''] }, /scopeClaims/],
  [{ roles: [{ claim: [], scopes: {} }] }, /path/],
  [{ roles: [{ claim: ['roles', ''], scopes: {} }] }, /path/],
  [{ roles: [{ claim: ['roles'], scopes: { admin: ['a b'] } }] }, /"admin".*scope tokens/],
  [{ roles: [{ claim: ['roles'], scopes: { admin: ['a', ''] } }] }, /"admin".*scope tokens/],
  [{ accountId: [] }, /accountId/],
  [{ accountId: ['oid'], primary: false }, /accountId: only the primary/],
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
test('without a preset, algorithms must be named', () => {
  const { algorithms: _, ...rest } = good;
  assert.throws(() => createVerifier({ issuers: [rest] }), /algorithms must name at least one/);
  createVerifier({ issuers: [{ ...rest, preset: 'okta' }] });
});
test('an option that is undefined is one that is left out', () => {
  // As somebody writes it who has no types.
  const options = { ...good, typ: undefined, roles: undefined, scopeClaims: undefined } as unknown as IssuerOptions;
  createVerifier({ issuers: [options] });
  const careless = { ...good, audience: undefined } as unknown as IssuerOptions;
  assert.throws(() => createVerifier({ issuers: [careless] }), /audience must name/);
});
test('a verifier needs an issuer', () => assert.throws(() => createVerifier({ issuers: [] }), StartError));
