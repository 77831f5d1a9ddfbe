import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { sql } from 'kysely';
import { createAuditRecorder } from '../../src/audit/recorder.ts';
import type { AuditType } from '../../src/audit/event-types.ts';
import type { AuditFact } from '../../src/audit/facts.ts';
import { writeAuditEvents } from '../../src/audit/write.ts';
import { sweepAuditEvents } from '../../src/audit/retention.ts';
import { registerOpenly, sweepSelfRegistrations } from '../../src/identity/applications/self-registrations.ts';
import { registrationHandler } from '../../src/provider/registration/registration.ts';
import { sweepEverything } from '../../src/server/housekeeping.ts';
import { memoryGrowth, tableGrowth } from '../../src/store/growth.ts';
import { storedReplays } from '../../src/store/token/replays.ts';
import { storedTransactions } from '../../src/store/connections/connections.ts';
import { startAuthority, type TestAuthority } from '../support/authority.ts';
import { authorizeAddress, postForm, requestCode, codeForm } from '../support/client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { Person } from '../support/person.ts';

const config = { lifetimes: { code: 60, access: 600, refresh: 3_600, grace: 10 } };
const minute = 60_000;
const tables = Object.keys(tableGrowth) as (keyof typeof tableGrowth)[];

onEachDatabase((database) => {
  describe('F-5 rows that callers without an account add', () => {
    let authority: TestAuthority;
    before(async () => {
      authority = await startAuthority(database, { limits: { registration: 1_000 } });
      const register = registrationHandler({
        ...authority.common,
        publicUrl: authority.url,
        productName: 'Claimgate',
        token: null,
        signing: () => 'ES256',
        maxOpen: 40,
      });
      const [library] = authority.server.listeners('request') as ((...given: unknown[]) => void)[];
      authority.server.removeAllListeners('request');
      authority.server.on('request', (request, response) =>
        request.url === '/oauth/register' ? void register(request, response) : library?.(request, response),
      );
    });
    after(() => authority.dispose());

    async function rows(): Promise<Record<string, number>> {
      const counts = await Promise.all(
        tables.map(async (table) => {
          const { rows: found } = await sql<{
            count: number;
          }>`select count(*) as count from ${sql.table(table)}`.execute(authority.store);
          return [table, Number(found[0]?.count)] as const;
        }),
      );
      return Object.fromEntries(counts);
    }

    it('F-5 every table has an entry with its growers and its bound', async () => {
      const found = await authority.store.introspection.getTables();
      const names = found.map(({ name }) => name).filter((name) => !/^(kysely_|sqlite_)/.test(name));
      assert.deepEqual(names.toSorted(), [...tables].toSorted());
      for (const { by, bound } of [...Object.values(tableGrowth), ...Object.values(memoryGrowth)]) {
        assert.ok(by !== '' && bound !== '');
      }
    });

    it('F-5 a flood grows only the tables that anyone can make grow, and is deleted after the stated time', async () => {
      const { url, store } = authority;
      const before = await rows();
      const facts = authority.facts.length;
      const form = (
        path: '/oauth/token' | '/oauth/revoke' | '/oauth/introspect' | '/oauth/par',
        fields: Record<string, string>,
      ) => postForm(url, path, { client_id: 'claimgate', ...fields });
      const pushed = {
        response_type: 'code',
        redirect_uri: 'http://127.0.0.1/callback',
        scope: 'profile',
        code_challenge: 'c'.repeat(43),
        code_challenge_method: 'S256',
        state: 's'.repeat(50_000),
      };
      for (let index = 0; index < 15; index += 1) {
        await fetch(authorizeAddress(url), { redirect: 'manual' });
        await form('/oauth/par', pushed);
        await form('/oauth/token', { grant_type: 'refresh_token', refresh_token: `made-up-${index}` });
        await form('/oauth/token', { client_id: `nobody-${index}`, grant_type: 'refresh_token', refresh_token: 'x' });
        await form('/oauth/revoke', { token: `made-up-${index}` });
        await form('/oauth/introspect', { client_id: `nobody-${index}`, token: 'x' });
        await fetch(`${url}/account`, { redirect: 'manual' });
        await fetch(`${url}/oauth/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            client_name: `App ${index}`,
            redirect_uris: ['http://127.0.0.1/'],
            token_endpoint_auth_method: 'none',
          }),
        });
        await storedTransactions(store).add({
          id: `t${index}`,
          connection: 'c',
          redirectUri: 'https://app.example/',
          expiresAt: Date.now() + 10 * minute,
        });
        await storedReplays(store).add(`r${index}`, Date.now() + 5 * minute);
      }
      // A caller without an account signs out repeatedly, with the cookie of an ended session.
      let cookie = '';
      for (let index = 0; index < 8; index += 1) {
        const person = new Person();
        const page = await person.follow(await person.get(`${url}/oauth/logout`), url);
        await person.follow(await person.submit(page, 'confirm', { logout: 'yes' }), url);
        const kept = await fetch(`${url}/oauth/logout`, { headers: cookie ? { cookie } : {} });
        cookie =
          kept.headers
            .getSetCookie()
            .map((line) => line.split(';')[0])
            .join('; ') || cookie;
      }
      await store.deleteFrom('artifacts').where('model', '=', 'Session').execute();
      for (let index = 0; index < 20; index += 1) {
        await fetch(authorizeAddress(url), { headers: { cookie }, redirect: 'manual' });
      }
      const flooded = await rows();
      const grown = tables.filter((table) => (flooded[table] ?? 0) > (before[table] ?? 0));
      for (const table of grown) assert.equal(tableGrowth[table].grownBy, 'anyone', table);
      assert.ok((flooded['artifacts'] ?? 0) >= 45, JSON.stringify(flooded));
      assert.equal(flooded['revocations'], before['revocations'], 'nothing ended');
      assert.deepEqual(
        [...new Set(authority.facts.slice(facts).map(({ type }) => type))],
        ['application_registered'],
        'no audit event of an act that did not happen',
      );
      assert.deepEqual(authority.faults, []);
      const { latest } = await store
        .selectFrom('artifacts')
        .select((eb) => eb.fn.max('expires_at').as('latest'))
        .executeTakeFirstOrThrow();
      assert.ok((latest ?? 0) <= Date.now() + 15 * minute, 'all of it is to live for minutes');

      await sweepEverything(config, store, Date.now() + 16 * minute);
      const later = await rows();
      const excepted = new Set(['rate_limits', 'applications', 'audit_events', 'leases']);
      for (const table of tables) if (!excepted.has(table)) assert.equal(later[table], before[table], table);
      await sweepEverything(config, store, Date.now() + 61 * minute);
      assert.equal((await rows())['rate_limits'], 0);
      await sweepEverything(config, store, Date.now() + 24 * 60 * minute + minute);
      assert.equal((await rows())['applications'], before['applications']);
    });

    it('F-5 the number of self-registered applications is bounded, at once and one by one, and used ones stay', async () => {
      const { store } = authority;
      const now = Date.now();
      const registration = {
        name: 'App',
        tokenEndpointAuthMethod: 'none',
        applicationType: 'native',
        redirectUris: ['http://127.0.0.1/back'],
        scopes: null,
        registeredBy: null,
      } as const;
      const made = await Promise.all(Array.from({ length: 20 }, () => registerOpenly(store, registration, now, 7)));
      const registered = made.filter((one) => one !== null);
      assert.equal(registered.length, 7);
      assert.equal(await registerOpenly(store, registration, now, 7), null);

      const { id = '' } = registered[0]?.application ?? {};
      const { input } = await requestCode(authority.url, {
        clientId: id,
        redirectUri: 'http://127.0.0.1:7000/back',
        scope: 'profile',
      });
      assert.equal((await postForm(authority.url, '/oauth/token', codeForm(input))).status, 200);
      const day = 24 * 60 * minute;
      assert.equal(await sweepSelfRegistrations(store, now + day - minute), 0);
      assert.equal(await sweepSelfRegistrations(store, now + day + minute), 6, 'no person allowed them');
      assert.equal(await sweepSelfRegistrations(store, now + 31 * day), 0, 'it has a grant');
      await store.deleteFrom('grants').execute();
      assert.equal(await sweepSelfRegistrations(store, now + 29 * day), 0);
      assert.equal(await sweepSelfRegistrations(store, now + 31 * day), 1);
    });

    it('F-5 registration answers 503 at the bound, and stores nothing', async () => {
      const post = () =>
        fetch(`${authority.url}/oauth/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ redirect_uris: ['http://127.0.0.1/'], token_endpoint_auth_method: 'none' }),
        });
      const answers = await Promise.all(Array.from({ length: 45 }, post));
      assert.equal(answers.filter(({ status }) => status === 201).length, 40);
      const refused = answers.find(({ status }) => status !== 201);
      assert.equal(refused?.status, 503);
      assert.equal(refused?.headers.get('retry-after'), '3600');
      await sweepSelfRegistrations(authority.store, Date.now() + 25 * 60 * minute);
    });

    it('F-5 the assertions of an application that registered itself without a token are stored for minutes', async () => {
      const { publicKey, privateKey } = await generateKeyPair('ES256');
      const { kty = '', crv = '', x = '', y = '' } = await exportJWK(publicKey);
      const registration = {
        tokenEndpointAuthMethod: 'private_key_jwt',
        keys: [{ kty, crv, x, y }],
        registeredBy: null,
      } as const;
      for (const [selfRegistered, minutes, error] of [
        ['open', 12, 'invalid_client'],
        ['open', 9, 'invalid_grant'],
        ['token', 60, 'invalid_grant'],
      ] as const) {
        const { application } = await authority.register({ ...registration, selfRegistered });
        const assertion = await new SignJWT({})
          .setProtectedHeader({ alg: 'ES256' })
          .setIssuer(application.id)
          .setSubject(application.id)
          .setAudience(authority.url)
          .setJti(`${selfRegistered} ${minutes}`)
          .setExpirationTime(new Date(Date.now() + minutes * minute))
          .sign(privateKey);
        const { body } = await postForm(authority.url, '/oauth/token', {
          grant_type: 'refresh_token',
          refresh_token: 'x',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
        });
        assert.equal(body['error'], error, `${selfRegistered} ${minutes}: ${JSON.stringify(body)}`);
      }
    });

    it('F-5 an access token that is revoked again adds no event and no row', async () => {
      const { input } = await requestCode(authority.url, { scope: 'profile' });
      const { body } = await postForm(authority.url, '/oauth/token', codeForm(input));
      const from = authority.facts.length;
      const revoked = (await rows())['revocations'] ?? 0;
      for (let index = 0; index < 5; index += 1) {
        const answer = await postForm(authority.url, '/oauth/revoke', {
          client_id: 'claimgate',
          token: String(body['access_token']),
        });
        assert.equal(answer.status, 200);
      }
      assert.deepEqual(
        authority.facts.slice(from).map(({ type }) => type),
        ['token_revoked'],
      );
      assert.equal((await rows())['revocations'], revoked + 1);
    });

    it('F-5 a flood of one type deletes only rows of that type', async () => {
      const { store } = authority;
      await store.deleteFrom('audit_events').execute();
      const fact = (type: AuditType, detail: string, accountId: string | null = 'ada'): AuditFact => ({
        type,
        outcome: 'allowed',
        coordinate: null,
        rule: null,
        accountId,
        clientId: null,
        detail,
      });
      const write = (some: readonly AuditFact[]) =>
        writeAuditEvents(
          store,
          some.map((one) => ({ fact: one, count: 1, at: Date.now() })),
        );
      const kept: AuditType[] = [
        'administration',
        'account_disabled',
        'key_retired',
        'refresh_reuse',
        'password_changed',
        'application_registered',
      ];
      await write(kept.map((type) => fact(type, 'kept')));
      const floods = ['denial', 'sign_in_failed', 'token_refreshed', 'sign_in'] as const;
      for (let round = 0; round < 3; round += 1) {
        for (const type of floods)
          await write(Array.from({ length: 50 }, (_, index) => fact(type, `${round} ${index}`)));
        await write(Array.from({ length: 50 }, () => fact('application_registered', 'registered itself', null)));
      }
      assert.equal(await sweepAuditEvents(store, Date.now(), 20), 5 * 130);
      const left = await store.selectFrom('audit_events').select(['type', 'detail']).execute();
      assert.deepEqual(
        left
          .filter(({ detail }) => detail === 'kept')
          .map(({ type }) => type)
          .toSorted(),
        [...kept].toSorted(),
      );
      for (const type of floods) assert.equal(left.filter((one) => one.type === type).length, 20, type);
      assert.ok(
        left
          .filter(({ type }) => floods.some((flood) => flood === type))
          .every(({ detail }) => detail?.startsWith('2 ')),
      );
      assert.equal(await sweepAuditEvents(store, Date.now(), 20), 0);
    });

    it('F-5 the events that are counted in memory between two flushes are bounded, also if all differ', () => {
      const recorder = createAuditRecorder({ store: authority.store, now: Date.now, onWritten() {}, onFault() {} });
      for (let index = 0; index < 5_000; index += 1) {
        recorder.count({
          type: 'sign_in_failed',
          outcome: 'failed',
          coordinate: null,
          rule: null,
          accountId: null,
          clientId: `client ${index}`,
          detail: 'x'.repeat(10_000),
        });
      }
      assert.ok(recorder.pending <= 1_001, String(recorder.pending));
    });
  });
});
