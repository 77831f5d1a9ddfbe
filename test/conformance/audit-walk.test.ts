import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { auditEventKind, type AuditType, auditTypes } from '../../src/audit/event-types.ts';
import { listAuditEvents } from '../../src/audit/trail.ts';
import { replaceCookieKey } from '../../src/identity/keys/cookie-key.ts';
import { endAfterRestore } from '../../src/identity/restored.ts';
import {
  codeForm,
  postForm,
  query,
  refresh,
  registerApplication,
  requestCode,
  revoke,
  signInFor,
} from '../support/client.ts';
import { onDatabase } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { until } from '../support/process.ts';
import { addPerson, startTestServer, type TestServer, withStore } from '../support/server.ts';

onDatabase('PostgreSQL', (database) => {
  describe('every type of event of the audit trail', () => {
    let server: TestServer;
    /** An access token with every scope of an administrator. */
    let token: string;
    /** Secrets that no audit row may contain. */
    const secrets: string[] = [];
    let made = 0;

    before(async () => {
      server = await startTestServer({
        database,
        config: `export default {
          lifetimes: { grace: 1 },
          modules: [{ name: 'trial', typeDefs: 'extend type Query { trial: Trial @public } type Trial { tried: Int @auth(scope: "keys", mode: SHADOW) }', resolvers: { Query: { trial: () => ({}) } } }],
        }`,
      });
      const scope = 'openid profile applications grants accounts audit keys';
      ({ accessToken: token } = await signInFor(server.url, { scope }));
    });
    after(() => server.dispose());

    async function mutate(field: string, inputType: string, input: Record<string, unknown>, selection: string) {
      const document = `mutation ($input: ${inputType}!) { ${field}(input: $input) { ${selection} } }`;
      const { body } = await query(server.url, document, { token, variables: { input } });
      assert.equal(body.errors, undefined, JSON.stringify(body));
      return body.data[field];
    }

    async function newAccount(): Promise<string> {
      const email = `walk${(made += 1)}@example.com`;
      const { account, password } = await mutate(
        'createAccount',
        'CreateAccountInput',
        { email },
        'account { id } password',
      );
      secrets.push(password);
      return account.id;
    }

    async function newApplication(): Promise<{ id: string; clientId: string }> {
      const { clientId, clientSecret } = await registerApplication(server.url, token);
      secrets.push(clientSecret);
      const { body } = await query(
        server.url,
        'query ($clientId: String!) { application(clientId: $clientId) { id } }',
        {
          token,
          variables: { clientId },
        },
      );
      return { id: body.data.application.id, clientId };
    }

    const code = async () => {
      const { input } = await requestCode(server.url, { scope: 'openid profile' });
      secrets.push(input.code, input.codeVerifier);
      return input;
    };
    const redeem = async (form: Record<string, string>) => (await postForm(server.url, '/oauth/token', form)).body;

    /** Causes an event of each type, like a user or an administrator would. */
    const walks: Readonly<Record<AuditType, () => Promise<unknown>>> = {
      denial: () => query(server.url, '{ grants { nodes { id } } }'),
      shadow_denial: () => query(server.url, '{ trial { tried } }'),
      administration: () => query(server.url, '{ accounts { nodes { id } } }', { token }),
      grant_given: code,
      async grant_revoked() {
        const { accessToken } = await signInFor(server.url);
        const id = Buffer.from(`Grant:${String(decodeJwt(accessToken)['grant_id'])}`).toString('base64url');
        await mutate('revokeGrant', 'RevokeGrantInput', { id }, 'grant { id }');
      },
      token_issued: () => signInFor(server.url),
      async token_refreshed() {
        const { refreshToken } = await signInFor(server.url);
        secrets.push(refreshToken);
        assert.ok((await refresh(server.url, { refreshToken }))['accessToken']);
      },
      async token_revoked() {
        const { refreshToken } = await signInFor(server.url);
        await revoke(server.url, { token: refreshToken });
      },
      async code_reuse() {
        const form = codeForm(await code());
        assert.ok((await redeem(form))['access_token']);
        await sleep(2_500);
        assert.equal((await redeem(form))['error'], 'invalid_grant');
      },
      async refresh_reuse() {
        const { refreshToken } = await signInFor(server.url);
        assert.ok((await refresh(server.url, { refreshToken }))['accessToken']);
        await sleep(1_500);
        assert.equal((await refresh(server.url, { refreshToken }))['error'], 'invalid_grant');
      },
      sign_in: () => signInFor(server.url),
      async sign_in_failed() {
        const person = await addPerson(server, `walk${(made += 1)}@example.com`);
        await assert.rejects(signInFor(server.url, { account: { ...person, password: 'not the password' } }));
      },
      async sign_out() {
        const person = new Person();
        await requestCode(server.url, { person });
        const page = await person.follow(await person.get(`${server.url}/account`), server.url);
        await person.submit(page, 'sign-out', {});
      },
      account_created: newAccount,
      account_disabled: async () =>
        mutate('disableAccount', 'DisableAccountInput', { id: await newAccount() }, 'account { id }'),
      async account_enabled() {
        const id = await newAccount();
        await mutate('disableAccount', 'DisableAccountInput', { id }, 'account { id }');
        await mutate('enableAccount', 'EnableAccountInput', { id }, 'account { id }');
      },
      account_roles_changed: async () =>
        mutate(
          'setAccountRoles',
          'SetAccountRolesInput',
          { id: await newAccount(), roles: ['administrator'] },
          'account { id }',
        ),
      async password_changed() {
        const password = 'an entirely new password';
        secrets.push(password);
        await mutate(
          'setAccountPassword',
          'SetAccountPasswordInput',
          { id: await newAccount(), password },
          'account { id }',
        );
      },
      key_published: () => mutate('rotateSigningKey', 'RotateSigningKeyInput', {}, 'signingKey { kid }'),
      // This must be last, because it revokes the administrator's own token.
      key_retired: () => mutate('rotateSigningKey', 'RotateSigningKeyInput', { withdraw: true }, 'signingKey { kid }'),
      // This must be last, because it ends unfinished sign-ins.
      async cookie_key_replaced() {
        await withStore(server, (store) => replaceCookieKey(store, null, 'test', Date.now()));
      },
      // This must be the last of all, because it ends every token.
      async database_restored() {
        const keys = { algorithm: 'ES256', sealer: null } as const;
        await withStore(server, (store) => endAfterRestore(store, keys, Date.now()));
      },
      application_registered: newApplication,
      application_updated: async () =>
        mutate(
          'updateApplication',
          'UpdateApplicationInput',
          { id: (await newApplication()).id, name: 'New' },
          'application { id }',
        ),
      application_deleted: async () =>
        mutate(
          'deleteApplication',
          'DeleteApplicationInput',
          { id: (await newApplication()).id },
          'application { id }',
        ),
      async application_secret_rotated() {
        const { id } = await newApplication();
        const { clientSecret } = await mutate('rotateClientSecret', 'RotateClientSecretInput', { id }, 'clientSecret');
        secrets.push(clientSecret);
      },
    };

    const walk = (type: AuditType) =>
      it(`${type} is recorded, and no event holds a secret`, async () => {
        const events = () =>
          withStore(
            server,
            async (store) => (await listAuditEvents(store, { type }, { first: 100, after: null })).items,
          );
        const before = (await events()).length;
        await walks[type]();
        // Counted events are written every 10 s, all others within 1 s.
        await until(async () => (await events()).length > before, 13_000);
        const [event] = await events();
        assert.equal(event?.outcome, auditEventKind(type).outcome ?? 'allowed');
        const stored = JSON.stringify(await events());
        for (const secret of secrets) assert.ok(!stored.includes(secret));
      });
    const last: ReadonlySet<AuditType> = new Set(['cookie_key_replaced', 'key_retired', 'database_restored']);
    // The tests wait for the counted events at the same time.
    describe('each', { concurrency: 6 }, () => {
      for (const type of auditTypes) if (!last.has(type)) walk(type);
    });
    for (const type of last) walk(type);
  });
});
