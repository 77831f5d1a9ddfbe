import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setRoles } from '../../src/identity/accounts/roles.ts';
import { shippedScopes } from '../../src/identity/grants/scopes.ts';
import { exchange, postForm, query, refresh, registerApplication, requestCode, signInFor } from '../support/client.ts';
import { type Account, addPerson, startTestServer, type TestServer, withStore } from '../support/server.ts';
import { onDatabaseOrEach } from '../support/databases.ts';

onDatabaseOrEach('SQLite', (database) => {
  const everything = 'profile applications grants accounts audit keys';
  const forAnyone = ['applications', 'grants', 'profile'];

  let server: TestServer;
  let url: string;
  /** An account without a role. */
  let grace: Account;

  before(async () => {
    server = await startTestServer({ database });
    ({ url } = server);
    grace = await addPerson(server, 'grace@example.com');
  });
  after(() => server.dispose());

  /** Returns the scopes of a token, as the API states them. */
  async function scopesOf(token: string): Promise<string[]> {
    const { body } = await query(url, '{ viewer { scopes } }', { token });
    return body.data.viewer.scopes;
  }

  describe('C-16 an account without a role never gets a scope that requires it,', () => {
    it('not by a request for it and others', async () => {
      const { accessToken, scope } = await signInFor(url, { account: grace, scope: everything });
      assert.deepEqual(scope.toSorted(), forAnyone);
      assert.deepEqual(await scopesOf(accessToken), forAnyone);
    });

    it('not by a request for it alone, which leaves nothing to grant', async () => {
      const { callback } = await requestCode(url, { account: grace, scope: 'accounts' });
      assert.equal(callback.searchParams.get('error'), 'access_denied');
      assert.equal(callback.searchParams.get('code'), null);
    });

    it('not by a request that names the resource', async () => {
      const { accessToken } = await signInFor(url, {
        account: grace,
        scope: everything,
        parameters: { resource: `${url}/graphql` },
      });
      assert.deepEqual(await scopesOf(accessToken), forAnyone);
    });

    it('not by consent to more than the page showed', async () => {
      const { accessToken } = await signInFor(url, {
        account: grace,
        scope: everything,
        consent: { shown: everything },
      });
      assert.deepEqual(await scopesOf(accessToken), forAnyone);
    });

    it('not by an application that is registered for it', async () => {
      const { accessToken } = await signInFor(url, { account: grace, scope: 'applications' });
      await assert.rejects(registerApplication(url, accessToken, { scopes: ['accounts'] }), /requires a role/);
    });

    it('not by a refresh with it', async () => {
      const { refreshToken } = await signInFor(url, { account: grace, scope: everything });
      const answer = await refresh(url, { refreshToken, scope: ['accounts'] });
      if (answer.accessToken) assert.deepEqual(await scopesOf(answer.accessToken), []);
      else assert.equal(answer.error, 'invalid_scope');
    });

    it('not by an exchange of the code with it', async () => {
      const { input } = await requestCode(url, { account: grace, scope: 'profile' });
      const { body } = await postForm(url, '/oauth/token', {
        grant_type: 'authorization_code',
        client_id: 'claimgate',
        code: input.code,
        code_verifier: input.codeVerifier,
        redirect_uri: input.redirectUri,
        scope: everything,
      });
      assert.deepEqual(await scopesOf(body.access_token), ['profile']);
    });
  });

  describe('C-16 an application that a person registered', () => {
    it('gets only scopes without roles, even from an administrator', async () => {
      const { accessToken } = await signInFor(url, { scope: 'applications' });
      const { scopes, ...application } = await registerApplication(url, accessToken);
      assert.deepEqual(scopes.toSorted(), forAnyone);
      const tokens = await signInFor(url, { ...application, scope: everything });
      assert.deepEqual(await scopesOf(tokens.accessToken), forAnyone);
    });

    it('gets no scope that it is not registered for', async () => {
      const { accessToken } = await signInFor(url, { scope: 'applications' });
      const application = await registerApplication(url, accessToken, { scopes: ['profile'] });
      const tokens = await signInFor(url, { ...application, scope: 'profile grants' });
      assert.deepEqual(await scopesOf(tokens.accessToken), ['profile']);
    });
  });

  describe('C-16 the loss of a role', () => {
    const catalogue = new Map(Object.entries(shippedScopes));
    let count = 0;

    /** Makes an administrator with two grants: one with scopes of the role, and one without. */
    async function temporaryAdministrator() {
      count += 1;
      const account = await addPerson(server, `temporary-${count}@example.com`, ['administrator']);
      const privileged = await signInFor(url, { account, scope: 'profile accounts' });
      const common = await signInFor(url, { account, scope: 'profile' });
      assert.deepEqual(await scopesOf(privileged.accessToken), ['accounts', 'profile']);
      return { account, privileged, common };
    }

    it('ends the grants with its scopes, and no others', async () => {
      const { account, privileged, common } = await temporaryAdministrator();
      await withStore(server, (store) => setRoles(store, catalogue, account.id, [], Date.now()));
      assert.equal((await refresh(url, { refreshToken: privileged.refreshToken })).error, 'invalid_grant');
      assert.equal((await refresh(url, { refreshToken: common.refreshToken })).tokenType, 'Bearer');
    });

    it('also ends a code that was not exchanged yet', async () => {
      const { account } = await temporaryAdministrator();
      const { input } = await requestCode(url, { account, scope: 'accounts' });
      await withStore(server, (store) => setRoles(store, catalogue, account.id, [], Date.now()));
      assert.equal((await exchange(url, input)).error, 'invalid_grant');
    });

    it('in the database itself removes its scopes at the next refresh', async () => {
      const { account, privileged } = await temporaryAdministrator();
      await withStore(server, (store) =>
        store.updateTable('accounts').set({ roles: '[]' }).where('id', '=', account.id).execute(),
      );
      const renewed = await refresh(url, { refreshToken: privileged.refreshToken });
      assert.deepEqual(renewed.scope, ['profile']);
      assert.deepEqual(await scopesOf(renewed.accessToken), ['profile']);
    });

    it('between consent and exchange removes its scopes at the exchange', async () => {
      const { account } = await temporaryAdministrator();
      const { input } = await requestCode(url, { account, scope: 'profile accounts' });
      await withStore(server, (store) =>
        store.updateTable('accounts').set({ roles: '[]' }).where('id', '=', account.id).execute(),
      );
      assert.deepEqual((await exchange(url, input)).scope, ['profile']);
    });
  });

  it('does not matter for a disabled account, which gets no refresh, exchange or sign-in', async () => {
    const account = await addPerson(server, 'leaving@example.com');
    const { refreshToken } = await signInFor(url, { account });
    const { input } = await requestCode(url, { account });
    await withStore(server, (store) =>
      store.updateTable('accounts').set({ disabled_at: Date.now() }).where('id', '=', account.id).execute(),
    );
    assert.equal((await refresh(url, { refreshToken })).error, 'invalid_grant');
    assert.equal((await exchange(url, input)).error, 'invalid_grant');
    await assert.rejects(requestCode(url, { account }), /do not belong together/);
  });
});
