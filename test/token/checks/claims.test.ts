import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readClaims } from '../../../src/token/checks/claims.ts';
import { issuersByName } from '../../../src/token/issuers/issuer.ts';
import type { RolesTable } from '../../../src/token/issuers/roles.ts';
import { assertRefused, issuerOf, makeKey, now, payloadOf, sign, verifierOf } from '../../support/tokens.ts';

const key = makeKey();
const verifier = verifierOf(issuerOf([key]));
const withClaims = (changes: Readonly<Record<string, unknown>>) => sign(key, { payload: payloadOf(changes) });

const times: readonly (readonly [claim: string, offset: number, good: boolean])[] = [
  ['exp', 1, true],
  ['exp', 0, true],
  ['exp', -4, true],
  ['exp', -5, false],
  ['exp', -6, false],
  ['exp', 0.5, true],
  ['nbf', 0, true],
  ['nbf', 5, true],
  ['nbf', 6, false],
  ['iat', 5, true],
  ['iat', 5.5, false],
  ['iat', 6, false],
  ['iat', -1e9, true],
];
for (const [claim, offset, good] of times) {
  it(`A-7 ${claim} ${offset} s from now, with 5 s of tolerance, is ${good ? 'accepted' : 'refused'}`, async () => {
    const token = withClaims({ [claim]: now + offset });
    if (good) assert.equal((await verifier.verify(token)).subject, 'ada');
    else await assertRefused(verifier, token, /expired|nbf|iat/);
  });
}
it('A-7 a token expires as the clock goes on', async () => {
  let time = now * 1000;
  const patient = verifierOf(issuerOf([key], { clockToleranceSeconds: 0 }), () => time);
  const token = withClaims({ exp: now + 60 });
  await patient.verify(token);
  time += 59_999;
  await patient.verify(token);
  time += 1;
  await assertRefused(patient, token, /expired/);
});

const jkt = 'A'.repeat(43);
it('A-9 cnf.jkt is read as the thumbprint, and nothing else', () => {
  const [settings] = issuersByName([issuerOf([key])]).values();
  assert.ok(settings);
  assert.equal(readClaims(payloadOf({ cnf: { jkt } }), settings, now).thumbprint, jkt);
  assert.equal(readClaims(payloadOf(), settings, now).thumbprint, null);
});

const scopes: readonly (readonly [unknown, readonly string[]])[] = [
  [undefined, []],
  ['', []],
  ['a', ['a']],
  ['a b a', ['a', 'b']],
  [' a  b ', ['a', 'b']],
  ['a\tb', ['a\tb']],
  ['A a', ['A', 'a']],
  [
    ['a', 'b', 'a'],
    ['a', 'b'],
  ],
  [[], []],
  [[''], []],
  // Each element of an array is one scope. An element is not split at spaces.
  [['a b'], ['a b']],
];
for (const [scope, expected] of scopes) {
  it(`A-7 scope ${JSON.stringify(scope)} grants ${JSON.stringify(expected)}`, async () => {
    assert.deepEqual([...(await verifier.verify(withClaims({ scope }))).scopes], expected);
  });
}

it('A-13 claims called __proto__ or constructor change nothing', async () => {
  const payload = JSON.stringify(payloadOf()).replace(
    '{',
    '{"__proto__":{"cnf":1,"scope":"admin"},"constructor":{"prototype":{"x":1}},',
  );
  const { claims } = await verifier.verify(sign(key, { payload }));
  assert.equal(Object.getPrototypeOf(claims), Object.prototype);
  assert.ok(Object.hasOwn(claims, '__proto__'));
  assert.equal(({} as Record<string, unknown>)['x'], undefined);
  const inherited = JSON.stringify(payloadOf({ client_id: undefined })).replace(
    '{',
    '{"__proto__":{"client_id":"eve"},',
  );
  await assertRefused(verifier, sign(key, { payload: inherited }), /client_id/);
});

it('A-7 grant, session and token ID are read if they are strings', () => {
  const [settings] = issuersByName([issuerOf([key])]).values();
  assert.ok(settings);
  const { tokenId, grantId, sessionId } = readClaims(payloadOf({ grant_id: 'g', sid: 's' }), settings, now);
  assert.deepEqual([tokenId, grantId, sessionId], ['token-1', 'g', 's']);
  const other = readClaims(payloadOf({ grant_id: 7, sid: [] }), settings, now);
  assert.deepEqual([other.grantId, other.sessionId], [null, null]);
});

const everywhere = { scope: 'a', scp: ['b', 'c'], permissions: ['d'], roles: ['e'], groups: 'f' };
it('A-7 scopes are read from all configured claims, and joined', async () => {
  const scopesOf = async (scopeClaims?: readonly string[]) => {
    const some = verifierOf(issuerOf([key], scopeClaims && { scopeClaims }));
    return [...(await some.verify(withClaims(everywhere))).scopes];
  };
  assert.deepEqual(await scopesOf(), ['a']);
  assert.deepEqual(await scopesOf(['scp']), ['b', 'c']);
  assert.deepEqual(await scopesOf(['scope', 'scp', 'permissions']), ['a', 'b', 'c', 'd']);
  assert.deepEqual(await scopesOf(['constructor', '__proto__']), []);
});

const table: readonly RolesTable[] = [
  { claim: ['realm_access', 'roles'], scopes: { admin: ['orders:write', 'orders:read'], constructor: ['odd'] } },
  { claim: ['https://example.com/groups'], scopes: { staff: ['orders:read'] } },
];
const roles: readonly (readonly [Readonly<Record<string, unknown>>, readonly string[]])[] = [
  [{ realm_access: { roles: ['admin'] } }, ['orders:write', 'orders:read']],
  [{ realm_access: { roles: 'admin' } }, ['orders:write', 'orders:read']],
  [{ realm_access: { roles: ['ADMIN', 'admin ', 'adm', 'toString', '__proto__', 'hasOwnProperty'] } }, []],
  [{ realm_access: { roles: ['constructor'] } }, ['odd']],
  [{ roles: ['admin'], groups: ['staff'], 'realm_access.roles': ['admin'] }, []],
  [{ realm_access: ['roles'] }, []],
  [{ realm_access: null }, []],
  [{ 'https://example.com/groups': ['staff', 'unknown'] }, ['orders:read']],
  [{ scope: 'profile', realm_access: { roles: [] } }, ['profile']],
];
for (const [claims, expected] of roles) {
  it(`A-15 ${JSON.stringify(claims)} grants ${JSON.stringify(expected)} through the table`, async () => {
    const some = verifierOf(issuerOf([key], { roles: table }));
    assert.deepEqual([...(await some.verify(withClaims({ scope: undefined, ...claims }))).scopes], expected);
  });
  it(`A-15 ${JSON.stringify(claims)} grants nothing without a table`, async () => {
    const { scopes } = await verifier.verify(withClaims({ scope: undefined, ...claims }));
    assert.deepEqual([...scopes], claims['scope'] ? ['profile'] : []);
  });
}
