import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AccountPrincipal, makePrincipal } from '../../../src/principal.ts';
import { addAccount, applicationAlone, codesOf, nobody, openApi, person } from '../fixture.ts';

describe('viewer', () => {
  it('states the claims of the token', async (t) => {
    const { ask } = await openApi(t);
    const answer = await ask(
      person('1', 'profile', 'grants'),
      '{ viewer { subject clientId issuer scopes expiresAt } }',
    );
    assert.deepEqual(answer, {
      data: {
        viewer: {
          subject: '1',
          clientId: 'app',
          issuer: 'https://issuer.example',
          scopes: ['grants', 'profile'],
          expiresAt: '2025-01-31T13:00:00.000Z',
        },
      },
      errors: [],
    });
  });

  it('has no client ID if the token names no client, which some issuers allow', async (t) => {
    const { ask } = await openApi(t);
    const principal = makePrincipal({
      ...person('1'),
      kind: 'account',
      accountId: '1',
      clientId: null,
    } as AccountPrincipal);
    assert.deepEqual(await ask(principal, '{ viewer { subject clientId } }'), {
      data: { viewer: { subject: '1', clientId: null } },
      errors: [],
    });
  });

  it('is denied to an anonymous caller', async (t) => {
    const { ask } = await openApi(t);
    const answer = await ask(nobody, '{ viewer { subject } }');
    assert.deepEqual(codesOf(answer), ['UNAUTHENTICATED']);
  });

  it('has the account of a person, with the scope profile', async (t) => {
    const { ask, store } = await openApi(t);
    const { id } = await addAccount(store, 'ada@example.com', 'administrator');
    const query = '{ viewer { subject account { email roles createdAt } } }';
    const allowed = await ask(person(id, 'profile'), query);
    assert.deepEqual(allowed.data.viewer.account, {
      email: 'ada@example.com',
      roles: ['administrator'],
      createdAt: '1970-01-01T00:00:01.000Z',
    });
    const denied = await ask(person(id, 'grants'), query);
    assert.equal(denied.data.viewer.account, null);
    assert.equal(denied.data.viewer.subject, id);
    assert.deepEqual(codesOf(denied), ['FORBIDDEN']);
  });

  it('has no account for an application alone, nor for a person of another issuer', async (t) => {
    const { ask } = await openApi(t);
    for (const principal of [applicationAlone('profile'), person(null, 'profile')]) {
      assert.deepEqual(await ask(principal, '{ viewer { account { id } } }'), {
        data: { viewer: { account: null } },
        errors: [],
      });
    }
  });
});

it('scopes are open to every caller, and state whether a role is required but not which one', async (t) => {
  const { ask } = await openApi(t);
  const { data, errors } = await ask(nobody, '{ scopes { name description requiresRole } }');
  assert.deepEqual(errors, []);
  assert.deepEqual(data.scopes[0], {
    name: 'profile',
    description: 'See your email address and roles',
    requiresRole: false,
  });
  assert.deepEqual(
    data.scopes
      .filter((scope: { requiresRole: boolean }) => scope.requiresRole)
      .map((scope: { name: string }) => scope.name),
    ['accounts', 'audit', 'keys'],
  );
});
