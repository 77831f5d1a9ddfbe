import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { setRoles } from '../../src/identity/accounts/roles.ts';
import { catalogue } from '../api/fixture.ts';
import {
  query,
  refresh,
  refreshMutation,
  registerApplication,
  requestCode,
  exchange,
  signInFor,
} from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { until } from '../support/process.ts';
import { addPerson, admin, startTestServer, type TestServer, withStore } from '../support/server.ts';

/** The longest delay that A-11 allows, in milliseconds. */
const allowed = 2_000;
const globalId = (type: string, id: unknown) => Buffer.from(`${type}:${String(id)}`).toString('base64url');
const viewer = '{ viewer { subject scopes } }';
const mutation = (name: string, selection: string) =>
  `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} } }`;

onDatabaseOrEach('PostgreSQL', (database) => {
  describe('administration through two processes on one database:', () => {
    let here: TestServer;
    let there: TestServer;
    /** A token of the first administrator with all scopes that the tests need. */
    let token: string;
    before(async () => {
      here = await startTestServer({ database });
      there = await startTestServer({ beside: here });
      ({ accessToken: token } = await signInFor(here.url, { scope: 'profile applications grants accounts audit' }));
    });
    after(async () => {
      await there.dispose();
      await here.dispose();
    });

    const ask = async (
      server: TestServer,
      name: string,
      input: object,
      selection = 'account { id roles disabled }',
    ) => {
      const { body } = await query(server.url, mutation(name, selection), { token, variables: { input } });
      return { data: body.data?.[name], code: body.errors?.[0]?.extensions['code'] };
    };
    const refused = async (server: TestServer, accessToken: string) =>
      (await query(server.url, viewer, { token: accessToken })).status === 401;
    const refusedEverywhere = async (accessToken: string) => {
      await until(async () => (await refused(here, accessToken)) && (await refused(there, accessToken)), allowed);
    };

    it('a new account signs in with the password that was shown once', async () => {
      const { data } = await ask(here, 'createAccount', { email: 'grace@example.com' }, 'account { id } password');
      const account = { email: 'grace@example.com', password: data.password };
      const { accessToken } = await signInFor(here.url, { account });
      assert.equal(globalId('Account', decodeJwt(accessToken).sub), data.account.id);
      for (const server of [here, there]) {
        assert.ok(!server.output().includes(data.password));
      }
    });

    it('C-16 a new role gives its scopes, and its loss ends the grants with these scopes at once', async () => {
      const account = await addPerson(here, 'temporary@example.com');
      const id = globalId('Account', account.id);
      assert.equal((await ask(here, 'setAccountRoles', { id, roles: ['administrator'] })).code, undefined);
      const privileged = await signInFor(here.url, { account, scope: 'profile accounts' });
      const common = await signInFor(here.url, { account, scope: 'profile' });
      assert.deepEqual(privileged.scope.toSorted(), ['accounts', 'profile']);
      const { input } = await requestCode(here.url, { account, scope: 'accounts' });

      assert.equal((await ask(there, 'setAccountRoles', { id, roles: [] })).code, undefined);
      assert.ok(await refused(there, privileged.accessToken));
      await refusedEverywhere(privileged.accessToken);
      assert.equal((await refresh(here.url, { refreshToken: privileged.refreshToken })).error, 'invalid_grant');
      assert.equal((await exchange(here.url, input)).error, 'invalid_grant');
      assert.equal(await refused(here, common.accessToken), false);
      assert.equal((await refresh(here.url, { refreshToken: common.refreshToken })).tokenType, 'Bearer');
      await assert.rejects(signInFor(here.url, { account, scope: 'accounts' }));
    });

    it('a disabled account is refused everywhere within two seconds: tokens, refresh, code, session, sign-in', async () => {
      const account = await addPerson(here, 'leaving@example.com');
      const person = new Person();
      const { accessToken, refreshToken } = await signInFor(here.url, { account, person });
      const { input } = await requestCode(here.url, { account });
      const id = globalId('Account', account.id);
      assert.equal((await ask(there, 'disableAccount', { id })).data.account.disabled, true);
      assert.ok(await refused(there, accessToken));
      await refusedEverywhere(accessToken);
      assert.equal((await refresh(here.url, { refreshToken })).error, 'invalid_grant');
      assert.equal((await exchange(here.url, input)).error, 'invalid_grant');
      // The browser is signed out, so it must sign in, and the sign-in fails.
      await assert.rejects(requestCode(here.url, { account, person }), /sign-in/);
      await assert.rejects(signInFor(here.url, { account }), /sign-in/);
    });

    it('a new password ends all earlier sessions and grants', async () => {
      const account = await addPerson(here, 'changing@example.com');
      const person = new Person();
      const { accessToken, refreshToken } = await signInFor(here.url, { account, person });
      const password = 'another horse battery';
      const input = { id: globalId('Account', account.id), password };
      assert.equal((await ask(there, 'setAccountPassword', input)).code, undefined);
      await refusedEverywhere(accessToken);
      const { body } = await query(here.url, refreshMutation, {
        variables: { input: { clientId: 'claimgate', refreshToken } },
      });
      assert.equal(body.data.refreshAccessToken.error, 'invalid_grant');
      await assert.rejects(requestCode(here.url, { account, person }), /sign-in/);
      await signInFor(here.url, { account: { ...account, password } });
    });

    it('a deleted application: its tokens are refused within two seconds, and it is no longer a client', async () => {
      const { clientId, clientSecret, redirectUri } = await registerApplication(here.url, token);
      const tokens = await signInFor(here.url, { clientId, clientSecret, redirectUri, scope: 'profile' });
      const id = globalId('Application', clientId);
      const { code } = await ask(there, 'deleteApplication', { id }, 'application { name }');
      assert.equal(code, undefined);
      await refusedEverywhere(tokens.accessToken);
      const renewed = await refresh(here.url, { clientId, clientSecret, refreshToken: tokens.refreshToken });
      assert.equal(renewed.error, 'invalid_client');
    });

    it('an application to which an administrator gave more scopes gets scopes with a role from people with this role', async () => {
      const account = await addPerson(here, 'common@example.com');
      const { clientId, clientSecret, redirectUri } = await registerApplication(here.url, token);
      const id = globalId('Application', clientId);
      const widened = await ask(
        there,
        'updateApplication',
        { id, scopes: ['profile', 'audit'] },
        'application { scopes }',
      );
      assert.deepEqual(widened.data.application.scopes, ['profile', 'audit']);
      const options = { clientId, clientSecret, redirectUri, scope: 'profile audit' };
      const privileged = await signInFor(here.url, options);
      assert.deepEqual(privileged.scope.toSorted(), ['audit', 'profile']);
      assert.deepEqual((await signInFor(here.url, { ...options, account })).scope, ['profile']);
      await ask(here, 'updateApplication', { id, scopes: ['profile'] }, 'application { scopes }');
      await refusedEverywhere(privileged.accessToken);
    });

    it('the grant of another person is revoked, and node shows it only to this person and to administrators', async () => {
      const account = await addPerson(here, 'granting@example.com');
      const other = await addPerson(here, 'other@example.com');
      const { accessToken } = await signInFor(here.url, { account });
      const { accessToken: stranger } = await signInFor(here.url, { account: other });
      const id = globalId('Grant', decodeJwt(accessToken)['grant_id']);
      const node = async (caller: string) => {
        const { status, body } = await query(there.url, 'query ($id: ID!) { node(id: $id) { id } }', {
          token: caller,
          variables: { id },
        });
        assert.deepEqual([status, body.errors], [200, undefined]);
        return body.data.node;
      };
      assert.deepEqual(await node(accessToken), { id });
      assert.deepEqual(await node(token), { id });
      assert.equal(await node(stranger), null);
      const { body } = await query(there.url, mutation('revokeGrant', 'grant { id }'), {
        token: stranger,
        variables: { input: { id } },
      });
      assert.equal(body.errors?.[0]?.extensions['code'], 'NOT_FOUND');
      assert.equal((await ask(there, 'revokeGrant', { id }, 'grant { id }')).data.grant.id, id);
      await refusedEverywhere(accessToken);
      assert.equal(await node(token), null);
    });

    it("two administrators who remove each other's role at the same time, or disable each other, over two processes: one remains", async (t) => {
      const bob = await addPerson(here, 'bob@example.com', ['administrator']);
      const ids = [String(decodeJwt(token).sub), bob.id];
      const administrators = () =>
        withStore(here, async (store) => {
          const rows = await store.selectFrom('accounts').selectAll().where('disabled_at', 'is', null).execute();
          return rows.filter(({ roles }) => roles.includes('administrator')).map(({ id }) => id);
        });
      for (const [round, name] of [
        'setAccountRoles',
        'setAccountRoles',
        'setAccountRoles',
        'disableAccount',
      ].entries()) {
        await withStore(here, async (store) => {
          for (const id of ids) await setRoles(store, catalogue, id, ['administrator'], Date.now());
        });
        assert.deepEqual((await administrators()).toSorted(), ids.toSorted());
        const tokens = [
          (await signInFor(here.url, { scope: 'accounts' })).accessToken,
          (await signInFor(here.url, { scope: 'accounts', account: bob })).accessToken,
        ];
        const codes = await Promise.all(
          tokens.map(async (own, index) => {
            const input = { id: globalId('Account', ids[1 - index]), ...(name === 'setAccountRoles' && { roles: [] }) };
            const server = (index + round) % 2 ? here : there;
            const { body } = await query(server.url, mutation(name, 'account { id }'), {
              token: own,
              variables: { input },
            });
            return body.errors?.[0]?.extensions['code'] ?? 'done';
          }),
        );
        t.diagnostic(`${name}: ${codes.join(', ')}`);
        // The slower request gets CONFLICT because it concerns the last administrator. If the first request has already
        // revoked its token, it gets INVALID_TOKEN.
        const [first, second] = codes.toSorted((a, b) => (a === 'done' ? -1 : b === 'done' ? 1 : 0));
        assert.equal(first, 'done');
        assert.ok(second === 'CONFLICT' || second === 'INVALID_TOKEN', second);
        assert.deepEqual(await administrators(), [ids[codes.indexOf('done')]]);
      }
    });

    it('neither log holds a password or a token', () => {
      for (const server of [here, there]) {
        for (const secret of [token, admin.password, 'another horse battery'])
          assert.ok(!server.output().includes(secret));
      }
    });
  });
});
