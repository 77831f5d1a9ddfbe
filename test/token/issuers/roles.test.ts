import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { maxTokenLength } from '../../../src/token/checks/compact.ts';
import type { RolesTable } from '../../../src/token/issuers/roles.ts';
import { assertRefused, issuerOf, makeKey, payloadOf, sign, verifierOf } from '../../support/tokens.ts';
import { ranMs } from '../../support/processor.ts';

const key = makeKey();
const roles: RolesTable = {
  claim: ['roles'],
  scopes: {
    admin: ['orders:write'],
    reader: ['orders:read'],
    'Domain Admins': ['x'],
    'a,b': ['y'],
    constructor: ['odd'],
  },
};

/** Returns the scopes of a token whose claim `roles` is this JSON text. */
async function scopesOf(text: string, table: RolesTable = roles): Promise<readonly string[]> {
  const payload = JSON.stringify(payloadOf({ scope: undefined, roles: 'HERE' })).replace('"HERE"', text);
  const verifier = verifierOf(issuerOf([key], { roles: [table] }));
  return [...(await verifier.verify(sign(key, { payload }))).scopes];
}

/** Claims as JSON text, with the scopes that they give. */
const shapes: readonly (readonly [string, readonly string[]])[] = [
  // Strings, and arrays of strings.
  ['"admin"', ['orders:write']],
  ['["admin","reader"]', ['orders:write', 'orders:read']],
  ['"Domain Admins"', ['x']],
  ['"a,b"', ['y']],
  ['["Domain Admins","a,b"]', ['x', 'y']],
  ['"admin reader"', []],
  ['"admin,reader"', []],
  ['" admin"', []],
  ['"ADMIN"', []],
  ['""', []],
  // Objects whose member names are the roles.
  ['{"admin":{"170086774599581953":"shop.zitadel.cloud"}}', ['orders:write']],
  ['{"admin":{},"reader":true}', ['orders:write', 'orders:read']],
  ['{"admin":["organization"]}', ['orders:write']],
  ['{"admin":false,"reader":true}', ['orders:read']],
  ['{"admin":null}', []],
  ['{"admin":0,"reader":""}', []],
  ['{"admin":1}', []],
  ['{"admin":"no"}', []],
  ['{"role":"admin"}', []],
  ['{"constructor":true}', ['odd']],
  ['{}', []],
  // Arrays of objects.
  ['[{"admin":{"1":"a"}},{"reader":{"1":"a"}}]', ['orders:write', 'orders:read']],
  ['[{"name":"admin"},{"name":"reader","id":7}]', ['orders:write', 'orders:read']],
  ['[{"name":"admin","reader":true}]', ['orders:write']],
  ['[{"id":"admin"}]', []],
  ['["admin",7,null,true,["reader"],{"name":"reader"}]', ['orders:write', 'orders:read']],
  // Values that name no role.
  ['[["admin"]]', []],
  ['[[{"name":"admin"}]]', []],
  ['[{"name":["admin"]}]', []],
  ['[{"name":null}]', []],
  ['7', []],
  ['1e999', []],
  ['true', []],
  ['null', []],
  ['[]', []],
  ['{"__proto__":{"admin":true}}', []],
  ['{"__proto__":true,"hasOwnProperty":true,"toString":{}}', []],
  ['["__proto__","prototype","toString"]', []],
  ['[{"__proto__":{"name":"admin"}}]', []],
  [`${'['.repeat(30)}"admin"${']'.repeat(30)}`, []],
  [`${'{"admin":'.repeat(30)}1${'}'.repeat(30)}`, ['orders:write']],
];

describe('G-20 roles of every shape', () => {
  for (const [text, expected] of shapes) {
    it(`G-20 roles ${text.length > 90 ? `${text.slice(0, 90)}…` : text} give ${JSON.stringify(expected)}`, async () => {
      assert.deepEqual(await scopesOf(text), expected);
    });
  }

  it('G-20 the member of objects in an array is configured', async () => {
    const table = { ...roles, member: 'authority' };
    assert.deepEqual(await scopesOf('[{"authority":"admin","name":"reader"}]', table), ['orders:write']);
    assert.deepEqual(await scopesOf('[{"name":"reader"}]', table), []);
    assert.deepEqual(await scopesOf('[{"__proto__":"admin"}]', { ...roles, member: '__proto__' }), ['orders:write']);
    assert.deepEqual(await scopesOf('[{}]', { ...roles, member: 'constructor' }), []);
  });

  it('G-20 a path through a value that is not an object finds nothing', async () => {
    for (const text of ['"admin"', '["admin"]', 'null', '7']) {
      assert.deepEqual(await scopesOf(text, { ...roles, claim: ['roles', 'admin'] }), []);
      assert.deepEqual(await scopesOf(text, { ...roles, claim: ['roles', 'length'] }), []);
      assert.deepEqual(await scopesOf(text, { ...roles, claim: ['roles', '0'] }), []);
    }
  });

  it('G-20 no JSON value of roles refuses a token', async () => {
    const verifier = verifierOf(issuerOf([key], { roles: [roles] }));
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 6 }), async (value) => {
        const { scopes } = await verifier.verify(sign(key, { payload: payloadOf({ roles: value }) }));
        assert.ok(scopes.has('profile'));
      }),
      { numRuns: 200 },
    );
  });

  it('G-20 the largest claims that a token can hold are read in linear time, and a longer token is refused', async () => {
    const verifier = verifierOf(issuerOf([key], { roles: [roles] }));
    const fill = (item: string, room: number) =>
      Array.from({ length: Math.floor(room / (item.length + 1)) }, () => item);
    // Base64url encodes three bytes as four characters.
    const room = Math.floor((maxTokenLength * 3) / 4) - 600;
    for (const item of ['"a"', '{}', '{"a":1}', '[]', '7']) {
      const text = `[${fill(item, room).join()},"admin"]`;
      const payload = JSON.stringify(payloadOf({ roles: 'HERE' })).replace('"HERE"', text);
      const started = ranMs(process.pid);
      const { scopes } = await verifier.verify(sign(key, { payload }));
      assert.ok(scopes.has('orders:write'));
      assert.ok(ranMs(process.pid) - started < 1_000, item);
    }
    const names = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`r${index}`, true]));
    assert.ok(
      (await verifier.verify(sign(key, { payload: payloadOf({ roles: { ...names, admin: true } }) }))).scopes.has(
        'orders:write',
      ),
    );
    await assertRefused(verifier, sign(key, { payload: payloadOf({ roles: 'x'.repeat(maxTokenLength) }) }), /too long/);
  });
});
