import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { createAccount } from '../../../src/identity/accounts/accounts.ts';
import { registerApplication } from '../../../src/identity/applications/applications.ts';
import { saveGrant } from '../../../src/identity/grants/grants.ts';
import { revokeGrant } from '../../../src/identity/grants/revoke.ts';
import { endOldestGrants } from '../../../src/identity/grants/oldest-grants.ts';
import { adapterFactory } from '../../../src/provider/adapter/adapter.ts';
import { insertable } from '../../../src/store/many.ts';
import { isRevoked } from '../../../src/store/token/revocations.ts';
import { sweep } from '../../../src/store/sweep.ts';
import { openDatabase } from '../../../src/store/database.ts';
import type { Store } from '../../../src/store/tables.ts';
import { inTransaction } from '../../../src/store/transaction.ts';
import { onEachDatabase, type TestDatabase } from '../../support/databases.ts';

const refreshGraceSeconds = 10;
const audience = 'http://localhost/graphql';

onEachDatabase((database) => {
  describe('the storage of oidc-provider', () => {
    let created: TestDatabase;
    let store: Store;
    let now = 1_700_000_000_000;
    let accountId: string;
    let clientId: string;
    let grants = 0;

    before(async () => {
      created = await database.create();
      store = await openDatabase(created.url);
      const account = { email: 'ada@example.com', passwordHash: 'none', roles: [] };
      accountId = (await createAccount(store, account, now)).id;
      const { application } = await registerApplication(
        store,
        {
          name: 'Shop',
          tokenEndpointAuthMethod: 'none',
          applicationType: 'web',
          redirectUris: ['https://shop.example/callback'],
          scopes: null,
          registeredBy: null,
        },
        now,
      );
      clientId = application.id;
    });
    after(async () => {
      await store.destroy();
      await created.drop();
    });

    const adapter = (model: string): Adapter =>
      adapterFactory({ store, refreshGraceSeconds, algorithm: 'ES256', now: () => now, signedIn: () => proven() })(
        model,
      );

    /** A sign-in of the account in its first credential epoch. */
    const proven = () => ({ accountId, credentialEpoch: 0 });

    async function newGrant(): Promise<string> {
      const id = `grant-${(grants += 1)}`;
      await adapter('Grant').upsert(id, { ...proven(), clientId, resources: { [audience]: 'profile' } }, 60);
      return id;
    }

    /** Issues a code or refresh token under a new grant. */
    async function issued(model: string, id: string): Promise<string> {
      const grantId = await newGrant();
      await adapter(model).upsert(id, { grantId }, 60);
      return grantId;
    }

    const seenAsUsed = async (model: string, id: string) =>
      ((await adapter(model).find(id)) as AdapterPayload | undefined)?.['consumed'] !== undefined;

    it('C-6 the library sees the use of a refresh token after the grace period, and of a code after two seconds', async () => {
      for (const [model, seconds] of [
        ['RefreshToken', refreshGraceSeconds],
        ['AuthorizationCode', 2],
      ] as const) {
        await issued(model, 'used');
        await adapter(model).consume('used');
        const usedAt = now;
        now = usedAt + seconds * 1_000 - 1;
        assert.equal(await seenAsUsed(model, 'used'), false);
        await assert.rejects(async () => adapter(model).consume('used'), { error: 'invalid_grant' });
        now = usedAt + seconds * 1_000;
        assert.equal(await seenAsUsed(model, 'used'), true);
      }
    });

    it('C-1 a used code stays used when the clock is set back', async () => {
      await issued('AuthorizationCode', 'back');
      await adapter('AuthorizationCode').consume('back');
      now -= 3_600_000;
      assert.equal(await seenAsUsed('AuthorizationCode', 'back'), true);
      await assert.rejects(async () => adapter('AuthorizationCode').consume('back'), { error: 'invalid_grant' });
      now += 3_600_000;
    });

    it('C-3 an artifact that was found expired or was swept stays expired when the clock is set back', async () => {
      for (const model of ['AuthorizationCode', 'RefreshToken', 'PushedAuthorizationRequest']) {
        await adapter(model).upsert('seen', {}, 60);
        await adapter(model).upsert('swept', {}, 60);
        now += 60_000;
        assert.equal(await adapter(model).find('seen'), undefined);
        await sweep(store, now + 1);
        now -= 60_000;
        for (const id of ['seen', 'swept']) {
          assert.equal(await adapter(model).find(id), undefined);
          await assert.rejects(async () => adapter(model).consume(id));
        }
      }
    });

    it('F-5 a grant stores its last 1,000 used refresh tokens, and every unused one', async () => {
      const tokens = adapter('RefreshToken');
      const grantId = await newGrant();
      await tokens.upsert('quiet', { grantId }, 60);
      const rows = Array.from({ length: 1_300 }, (_, index) => ({
        model: 'RefreshToken',
        id_hash: `used ${index}`,
        payload: '{}',
        grant_id: grantId,
        uid_hash: null,
        expires_at: now + 60_000,
        consumed_at: now + index,
        account_id: null,
        credential_epoch: 0,
        signed_in_at: null,
        user_agent: null,
      }));
      for (const some of insertable(rows)) await store.insertInto('artifacts').values(some).execute();
      const used = async () => {
        const found = await store
          .selectFrom('artifacts')
          .select('id_hash')
          .where('grant_id', '=', grantId)
          .where('consumed_at', 'is not', null)
          .execute();
        return new Set(found.map(({ id_hash: id }) => id));
      };
      await tokens.upsert('next', { grantId, rotations: 1_301 }, 60);
      assert.equal((await used()).size, 1_300);
      await tokens.upsert('another', { grantId, rotations: 1_344 }, 60);
      const kept = await used();
      assert.equal(kept.size, 1_000);
      assert.ok(kept.has('used 1299') && kept.has('used 300') && !kept.has('used 299'));
      for (const id of ['quiet', 'next', 'another']) assert.ok(await tokens.find(id));
    });

    it('F-5 the oldest grants of an account end if it has too many, and no grant of another account', async () => {
      const email = 'eve@example.com';
      const { id: eve } = await createAccount(store, { email, passwordHash: 'none', roles: [] }, now);
      const give = async (id: string, account: string, createdAt: number) => {
        const grant = { id, accountId: account, applicationId: clientId, scopes: [], payload: {}, expiresAt: now * 2 };
        await saveGrant(store, grant, createdAt);
        await adapter('RefreshToken').upsert(`token of ${id}`, { grantId: id }, 60);
      };
      await give('of another', accountId, now - 9_000);
      for (const [index, id] of ['first', 'second', 'third', 'last'].entries())
        await give(id, eve, now - 5_000 + index);
      const ended = await inTransaction(store, (transaction) => endOldestGrants(transaction, eve, now, 2));
      assert.deepEqual(ended.map(({ id }) => id).toSorted(), ['first', 'second']);
      assert.ok(await isRevoked(store, 'grant', 'first'));
      assert.equal(await adapter('RefreshToken').find('token of second'), undefined);
      for (const id of ['third', 'last', 'of another']) assert.ok(await adapter('RefreshToken').find(`token of ${id}`));
      assert.deepEqual(await inTransaction(store, (transaction) => endOldestGrants(transaction, eve, now, 2)), []);
    });

    it('C-2 nothing is issued under a grant that has been revoked', async () => {
      for (const model of ['AuthorizationCode', 'RefreshToken', 'AccessToken']) {
        const grantId = await newGrant();
        await revokeGrant(store, grantId, now);
        await assert.rejects(async () => adapter(model).upsert('late', { grantId }, 60), { error: 'invalid_grant' });
        assert.equal(await adapter(model).find('late'), undefined);
      }
    });

    it('C-2 no grant remains when tokens are issued at the moment of its revocation', async () => {
      for (let round = 0; round < 20; round += 1) {
        const grantId = await newGrant();
        const ids = Array.from({ length: 8 }, (_, index) => `round-${round}-${index}`);
        const issues = ids.map(async (id) => adapter('RefreshToken').upsert(id, { grantId }, 60));
        await Promise.allSettled([...issues.slice(0, 4), revokeGrant(store, grantId, now), ...issues.slice(4)]);
        assert.equal(await adapter('Grant').find(grantId), undefined);
      }
    });

    it('C-2 a revoked grant cannot be stored again', async () => {
      const grantId = await newGrant();
      await revokeGrant(store, grantId, now);
      const again = { accountId, clientId, resources: {} } as AdapterPayload;
      await assert.rejects(async () => adapter('Grant').upsert(grantId, again, 60), { error: 'invalid_grant' });
      assert.equal(await adapter('Grant').find(grantId), undefined);
    });

    it('C-1 one of 50 uses of a pushed authorization request succeeds', async () => {
      await adapter('PushedAuthorizationRequest').upsert('pushed', {}, 60);
      const uses = Array.from({ length: 50 }, async () => adapter('PushedAuthorizationRequest').consume('pushed'));
      const results = await Promise.allSettled(uses);
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
      assert.equal(await seenAsUsed('PushedAuthorizationRequest', 'pushed'), true);
    });
  });
});
