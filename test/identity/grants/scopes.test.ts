import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import {
  allowedScopes,
  administrator,
  grantableScopes,
  mayRegister,
  openScopes,
  type ScopeEntry,
  shippedScopes,
} from '../../../src/identity/grants/scopes.ts';

const names = ['a', 'b', 'c', 'd'];
const roles = ['r', 's', 't'];
const entry: fc.Arbitrary<ScopeEntry> = fc.record(
  { description: fc.constant('…'), roles: fc.subarray(roles) },
  { requiredKeys: ['description'] },
);
const catalogue = fc.dictionary(fc.constantFrom(...names), entry).map((entries) => new Map(Object.entries(entries)));
const application = fc.option(fc.subarray([...names, 'unknown']));

it('C-16 a grantable scope is in the catalogue, allowed to the application, and requires no role or one of the account', () => {
  fc.assert(
    fc.property(catalogue, application, fc.subarray(roles), (catalogue, application, held) => {
      for (const scope of grantableScopes(catalogue, application, held)) {
        assert.ok(application === null || application.includes(scope));
        const needed = catalogue.get(scope)?.roles;
        assert.ok(catalogue.has(scope) && (needed === undefined || needed.some((role) => held.includes(role))));
      }
    }),
  );
});

it('C-16 more roles never mean fewer scopes, and the application may request each grantable scope', () => {
  fc.assert(
    fc.property(
      catalogue,
      application,
      fc.subarray(roles),
      fc.subarray(roles),
      (catalogue, application, some, more) => {
        const few = grantableScopes(catalogue, application, some);
        assert.ok(few.isSubsetOf(grantableScopes(catalogue, application, [...some, ...more])));
        assert.ok(few.isSubsetOf(allowedScopes(catalogue, application)));
      },
    ),
  );
});

it('no account may grant a scope with an empty list of roles', () => {
  const catalogue = new Map([['locked', { description: '…', roles: [] }]]);
  assert.equal(grantableScopes(catalogue, null, [administrator]).size, 0);
});

it('profile, applications and grants require no role; accounts, audit and keys require the role administrator', () => {
  const shipped = new Map(Object.entries(shippedScopes));
  assert.deepEqual([...openScopes(shipped)], ['profile', 'applications', 'grants']);
  assert.deepEqual([...grantableScopes(shipped, null, [administrator])], [...shipped.keys()]);
});

it('an account may register applications if it may grant the scope applications', () => {
  const catalogue = (roles?: readonly string[]) =>
    new Map([['applications', { description: '…', ...(roles && { roles }) }]]);
  assert.equal(mayRegister(catalogue(), []), true);
  assert.equal(mayRegister(catalogue(['developer']), []), false);
  assert.equal(mayRegister(catalogue(['developer']), ['developer']), true);
  assert.equal(mayRegister(new Map(), ['developer']), false);
});
