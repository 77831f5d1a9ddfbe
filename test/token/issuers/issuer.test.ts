import assert from 'node:assert/strict';
import { it } from 'node:test';
import { StartError } from '../../../src/errors.ts';
import { shown } from '../../../src/protocol/shown.ts';
import type { IssuerOptions } from '../../../src/token/issuers/options.ts';
import { createVerifier } from '../../../src/token/verify.ts';
import { remoteKeys } from '../../../src/issuer/remote-keys.ts';
import { issuerOf, makeKey } from '../../support/tokens.ts';

const good = issuerOf([makeKey()]);

/** Keys that are found through the metadata of the issuer. */
const discovered = remoteKeys({ issuer: good.issuer });

const accepted: readonly Partial<IssuerOptions>[] = [
  {},
  { issuer: 'https://issuer.example/tenant/' },
  { issuer: 'http://localhost:4000' },
  { issuer: 'http://127.0.0.1:4000' },
  { issuer: 'http://[::1]:4000' },
  { algorithms: ['RS256', 'PS512', 'ES384', 'EdDSA'] },
  { clockToleranceSeconds: 0 },
  { typ: ['at+jwt', 'JWT'] },
  { typ: [null] },
  { preset: 'auth0' },
  { scopeClaims: ['scope', 'scp', 'permissions'] },
  { roles: [{ claim: ['realm_access', 'roles'], scopes: { admin: ['a', 'b:c'], nobody: [] } }] },
  { accountId: ['oid'] },
  { clientIdClaims: ['azp', 'cid'], tokenIdClaims: [] },
  { clientIdClaims: [], tokenIdClaims: ['uti'] },
  { requiredClaims: { tty: ['at'], sid: [] }, forbiddenClaims: ['azp'] },
];
for (const change of accepted) {
  it(`an issuer with ${JSON.stringify(change)} is valid`, () => {
    createVerifier({ issuers: [{ ...good, ...change }] });
  });
}

const faulty: readonly (readonly [Partial<IssuerOptions>, RegExp])[] = [
  [{ issuer: '', keys: discovered }, /https/],
  [{ issuer: 'issuer.example', keys: discovered }, /https/],
  [{ issuer: 'http://issuer.example', keys: discovered }, /https/],
  [{ issuer: 'http://localhost.evil.example', keys: discovered }, /https/],
  [{ issuer: 'http://notlocalhost', keys: discovered }, /https/],
  [{ issuer: 'http://127.0.0.1.evil.example', keys: discovered }, /https/],
  [{ issuer: 'ftp://issuer.example', keys: discovered }, /https/],
  [{ issuer: 'https://issuer.example/?tenant=1', keys: discovered }, /query/],
  [{ issuer: 'https://issuer.example/#a', keys: discovered }, /fragment/],
  [{ issuer: 'https://issuer.example@evil.example', keys: discovered }, /user/],
  [{ issuer: '' }, /text/],
  [{ issuer: ' acme.com' }, /invisible/],
  [{ issuer: 'acme.com\n' }, /invisible/],
  [{ clientIdClaims: [''] }, /clientIdClaims/],
  [{ tokenIdClaims: ['jti', ''] }, /tokenIdClaims/],
  [{ forbiddenClaims: [''] }, /forbiddenClaims/],
  [{ roles: [{ claim: ['roles'], member: '', scopes: {} }] }, /member/],
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
  // Code without types can pass these values.
  [{ algorithms: ['HS256'] }, /"HS256" cannot be accepted: expected one of [^;]*$/],
  [{ algorithms: ['RS265'] }, /"RS265" cannot be accepted: .*; the nearest is RS256$/],
  [{ preset: 'keycloack' as 'auth0' }, /no preset "keycloack"; expected one of .*; the nearest is keycloak$/],
  [{ preset: 'constructor' as 'auth0' }, /no preset "constructor"; expected one of auth0, clerk/],
  [{ scopeClaims: [] }, /scopeClaims/],
  [{ scopeClaims: ['scope', ''] }, /scopeClaims/],
  [{ roles: [{ claim: [], scopes: {} }] }, /path/],
  [{ roles: [{ claim: ['roles', ''], scopes: {} }] }, /path/],
  [{ roles: [{ claim: ['roles'], scopes: { admin: ['a b'] } }] }, /"admin".*scope tokens/],
  [{ roles: [{ claim: ['roles'], scopes: { admin: ['a', ''] } }] }, /"admin".*scope tokens/],
  [{ accountId: [] }, /accountId/],
  [{ accountId: ['oid'], primary: false }, /accountId: only the primary/],
  [{ clockToleranceSeconds: -1 }, /clockToleranceSeconds/],
  [{ clockToleranceSeconds: 301 }, /clockToleranceSeconds/],
  [{ clockToleranceSeconds: Number.NaN }, /clockToleranceSeconds/],
];
for (const [change, fault] of faulty) {
  it(`an issuer with ${JSON.stringify(change)} stops the start`, () => {
    const issuer = { ...good, ...change };
    assert.throws(
      () => createVerifier({ issuers: [issuer] }),
      (error) =>
        error instanceof StartError &&
        error.faults.length === 1 &&
        fault.test(error.message) &&
        error.message.includes(shown(issuer.issuer)),
    );
  });
}

it('all faults of all issuers are reported together', () => {
  const other = { ...good, issuer: 'https://other.example', audience: [], algorithms: ['none', 'HS256'] };
  assert.throws(
    () => createVerifier({ issuers: [good, good, other] }),
    (error) => error instanceof StartError && error.faults.length === 5,
  );
});
it('without a preset, algorithms must be named', () => {
  const { algorithms: _, ...rest } = good;
  assert.throws(() => createVerifier({ issuers: [rest] }), /algorithms must name at least one/);
  createVerifier({ issuers: [{ ...rest, preset: 'okta' }] });
});
it('an undefined option counts as omitted', () => {
  // Code without types can pass these values.
  const options = { ...good, typ: undefined, roles: undefined, scopeClaims: undefined } as unknown as IssuerOptions;
  createVerifier({ issuers: [options] });
  const careless = { ...good, audience: undefined } as unknown as IssuerOptions;
  assert.throws(() => createVerifier({ issuers: [careless] }), /audience must name/);
});
it('a verifier needs an issuer', () => assert.throws(() => createVerifier({ issuers: [] }), StartError));

const templates: readonly (readonly [string, RegExp])[] = [
  ['https://login.microsoftonline.com/{tenantid}/v2.0', /placeholder \{tenantid\}/],
  ['https://login.microsoftonline.com/%7Btenantid%7D/v2.0', /placeholder %7Btenantid%7D/],
  ['https://sts.windows.net/{tenantid}/', /placeholder/],
  ['https://<tenant>.auth0.com/', /placeholder <tenant>/],
  ['https://${yourOktaDomain}/oauth2/default', /placeholder/],
  ['https://login.microsoftonline.com/common/v2.0', /several tenants/],
  ['https://login.microsoftonline.com/common', /several tenants/],
  ['https://login.microsoftonline.com/organizations/v2.0', /several tenants/],
  ['https://login.microsoftonline.com/consumers/v2.0', /several tenants/],
  ['https://login.partner.microsoftonline.cn/common/v2.0', /several tenants/],
  ['https://sts.windows.net/common/', /several tenants/],
];
for (const [name, fault] of templates) {
  for (const keys of [discovered, good.keys]) {
    it(`G-23 ${name} is a template, ${keys === discovered ? 'with discovery' : 'with keys given'}: stops the start with advice`, () => {
      assert.throws(
        () => createVerifier({ issuers: [{ ...good, issuer: name, keys }] }),
        (error) =>
          error instanceof StartError && fault.test(error.message) && /an entry of its own/.test(error.message),
      );
    });
  }
}
it('G-23 a path that only resembles a template of tenants is an ordinary name', () => {
  for (const issuer of ['https://login.example.com/common/v2.0', 'https://login.microsoftonline.com/commons/v2.0']) {
    createVerifier({ issuers: [{ ...good, issuer, keys: discovered }] });
  }
});

for (const issuer of [
  'acme.com',
  'http://adfs.contoso.com/adfs/services/trust',
  'urn:example:issuer',
  'joe',
  'Joe & Söhne',
]) {
  const keys = remoteKeys({ issuer, jwksUri: 'https://keys.example/jwks' });
  it(`G-22 ${issuer} may be any string if its keys are elsewhere, and otherwise stops the start with advice`, () => {
    createVerifier({ issuers: [{ ...good, issuer }] });
    createVerifier({ issuers: [{ ...good, issuer, keys }] });
    assert.throws(
      () => createVerifier({ issuers: [{ ...good, issuer, keys: remoteKeys({ issuer }) }] }),
      /must be an https URL .*set metadata or jwksUri/,
    );
  });
}
for (const location of [
  { jwksUri: 'http://keys.example/jwks' },
  { jwksUri: 'keys.example' },
  { metadata: 'file:///etc/passwd' },
  { metadata: 'https://user:secret@keys.example/' },
  { metadata: 'https://keys.example/#a' },
  { jwksUri: 'https://keys.example/jwks', metadata: 'https://keys.example/m' },
]) {
  it(`G-22 an invalid address in ${Object.keys(location).join(' and ')} stops the start`, () => {
    assert.throws(
      () => remoteKeys({ issuer: 'acme.com', ...location }),
      (error) =>
        error instanceof StartError &&
        /issuer "acme.com".*expected|must be/.test(error.message) &&
        !/secret/.test(error.message),
    );
  });
}
