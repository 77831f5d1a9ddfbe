import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { endOtherSessions, maxSessions } from '../../../src/identity/sessions/end-sessions.ts';
import { changePassword, resetPassword } from '../../../src/identity/accounts/password-change.ts';
import { disableAccount, enableAccount } from '../../../src/identity/accounts/disabling.ts';
import { authenticate, createAccount, type ProvenAccount } from '../../../src/identity/accounts/accounts.ts';
import { hashPassword } from '../../../src/identity/accounts/password-hash.ts';
import { sessionName } from '../../../src/identity/sessions/sessions.ts';
import { adapterFactory } from '../../../src/provider/adapter/adapter.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { isRevoked } from '../../../src/store/token/revocations.ts';
import type { Store } from '../../../src/store/tables.ts';
import { addApplication } from '../../api/fixture.ts';
import { onEachDatabase, type TestDatabase } from '../../support/databases.ts';

const password = 'correct horse battery';
const now = 1_700_000_000_000;

onEachDatabase((database) => {
  describe('the authentication of an account', () => {
    let created: TestDatabase;
    let store: Store;
    let passwordHash: string;
    let clientId: string;
    let account: ProvenAccount;
    let count = 0;

    before(async () => {
      created = await database.create();
      store = await openDatabase(created.url);
      passwordHash = await hashPassword(password);
      clientId = (await addApplication(store)).id;
    });
    after(async () => {
      await store.destroy();
      await created.drop();
    });
    beforeEach(async () => {
      const email = `person${(count += 1)}@example.com`;
      await createAccount(store, { email, passwordHash, roles: [] }, now);
      const found = await authenticate(store, email, password);
      assert.ok(found);
      account = found;
    });

    const adapter = (model: string): Adapter =>
      adapterFactory({ store, refreshGraceSeconds: 10, algorithm: 'ES256', now: () => now, signedIn: () => proven() })(
        model,
      );
    const proven = () => ({ accountId: account.id, credentialEpoch: account.credentialEpoch });
    // The library's type does not declare the credential epoch.
    const login = () => ({ result: { login: proven() } }) as AdapterPayload;
    const session = (uid: string, loginTs = 1) =>
      ({ ...proven(), uid, jti: `id of ${uid}`, loginTs }) as AdapterPayload;
    const unique = (name: string) => `${name} ${account.id}`;

    /** The changes that end every earlier sign-in. */
    const changes: Readonly<Record<string, () => Promise<unknown>>> = {
      'a reset of the password': () => resetPassword(store, account.id, passwordHash, now),
      'a change of the password': () =>
        changePassword(store, account, passwordHash, { name: 'another', newId: 'another' }, now),
      'a disabling': () => disableAccount(store, account.id, now),
      'a disabling and an enabling': async () => {
        await disableAccount(store, account.id, now);
        await enableAccount(store, account.id);
      },
      'a sign-out everywhere else': () => endOtherSessions(store, account.id, 'another', now),
    };
    for (const [name, change] of Object.entries(changes)) {
      it(`F-3 is not stored after ${name}`, async () => {
        const grantId = unique('grant');
        await adapter('Grant').upsert(grantId, { ...proven(), clientId, resources: {} }, 60);
        await adapter('Interaction').upsert(unique('begun'), {}, 60);
        await adapter('Session').upsert(unique('kept'), session(unique('kept')), 60);
        await change();

        const gone = { name: 'SessionNotFound' };
        const progress = { result: { progress: { ...proven(), passed: 1 } } };
        for (const result of [login(), progress as AdapterPayload]) {
          await assert.rejects(async () => adapter('Interaction').upsert(unique('begun'), result, 60), gone);
        }
        const signedIn = { ...proven(), session: { accountId: account.id } } as AdapterPayload;
        await assert.rejects(async () => adapter('Interaction').upsert(unique('new'), signedIn, 60), gone);
        await assert.rejects(async () => adapter('Grant').upsert(unique('g'), { ...proven(), clientId }, 60), gone);
        await assert.rejects(async () => adapter('AuthorizationCode').upsert(unique('code'), { grantId }, 60), {
          name: 'LoginRequired',
        });
        for (const uid of [unique('kept'), unique('late')]) {
          await adapter('Session').upsert(uid, session(uid), 60);
          assert.equal(await adapter('Session').find(uid), undefined);
          assert.equal(await adapter('Session').findByUid(uid), undefined);
        }
        assert.equal(await authenticate(store, account.email, 'another password'), null);
        const again = { name: 'another', newId: 'another' };
        assert.equal(await changePassword(store, account, passwordHash, again, now), false);
      });
    }

    it('F-3 does not count without its credential epoch', async () => {
      const { id: accountId } = account;
      await adapter('Interaction').upsert(unique('begun'), {}, 60);
      const result = { result: { login: { accountId } } } as AdapterPayload;
      await assert.rejects(async () => adapter('Interaction').upsert(unique('begun'), result, 60));
      await assert.rejects(async () => adapter('Grant').upsert(unique('g'), { accountId, clientId }, 60));
      await adapter('Session').upsert(unique('s'), { accountId, uid: unique('s') }, 60);
      assert.equal(await adapter('Session').find(unique('s')), undefined);
    });

    it('F-3 is stored before a reset, which ends it, or is not stored', async () => {
      for (let round = 0; round < 10; round += 1) {
        const found = await authenticate(store, account.email, password);
        assert.ok(found);
        account = found;
        const writes = Array.from({ length: 6 }, async (_, index) => {
          const uid = unique(`${round} ${index}`);
          await adapter('Session').upsert(uid, session(uid), 60);
          await adapter('Interaction').upsert(uid, login(), 60);
        });
        const grant = adapter('Grant').upsert(unique(`${round}`), { ...proven(), clientId }, 60);
        await Promise.allSettled([
          ...writes.slice(0, 3),
          resetPassword(store, account.id, passwordHash, now),
          grant,
          ...writes.slice(3),
        ]);
        for (const table of ['artifacts', 'grants'] as const) {
          const rows = await store.selectFrom(table).selectAll().where('account_id', '=', account.id).execute();
          assert.deepEqual(rows, []);
        }
      }
    });

    it('F-1 the result of a sign-in is used once, and a second form does not restore it', async () => {
      const interactions = adapter('Interaction');
      await interactions.upsert(unique('i'), {}, 60);
      await interactions.upsert(unique('i'), login(), 60);
      const uses = Array.from({ length: 8 }, async () => interactions.destroy(unique('i')));
      const settled = await Promise.allSettled(uses);
      assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 1);
      await assert.rejects(async () => interactions.upsert(unique('i'), login(), 60), { name: 'SessionNotFound' });
      assert.equal(await interactions.find(unique('i')), undefined);
    });

    it(`F-1 an account has at most ${maxSessions} sessions: the oldest end, and their tokens`, async () => {
      const uids = Array.from({ length: maxSessions + 5 }, (_, index) => unique(`s${index}`));
      for (const [index, uid] of uids.entries()) await adapter('Session').upsert(uid, session(uid, index + 1), 60);
      const living = async (uid: string) => (await adapter('Session').find(uid)) !== undefined;
      assert.deepEqual(await Promise.all(uids.slice(0, 6).map(living)), [false, false, false, false, false, true]);
      assert.ok(await living(uids.at(-1) ?? ''));
      assert.ok(await isRevoked(store, 'session', sessionName(uids[4] ?? '')));
      assert.ok(!(await isRevoked(store, 'session', sessionName(uids[5] ?? ''))));
      // Storing a known session again ends no other session.
      await adapter('Session').upsert(uids[5] ?? '', session(uids[5] ?? '', 6), 60);
      assert.ok((await living(uids[5] ?? '')) && (await living(uids[6] ?? '')));
      // If many sessions begin at the same time, at most the limit remain.
      await Promise.all(
        Array.from({ length: 16 }, (_, index) => unique(`at once ${index}`)).map(async (uid) =>
          adapter('Session').upsert(uid, session(uid, 1_000), 60),
        ),
      );
      const rows = await store.selectFrom('artifacts').select('id_hash').where('account_id', '=', account.id).execute();
      assert.equal(rows.length, maxSessions);
    });
  });
});
