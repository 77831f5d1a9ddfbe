import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { registerApplication } from '../../../src/identity/applications/applications.ts';
import { saveGrant } from '../../../src/identity/grants/grants.ts';
import { revokeGrant } from '../../../src/identity/grants/revoke.ts';
import { artifactsOfModel } from '../../../src/store/artifacts/artifacts.ts';
import { sweep } from '../../../src/store/sweep.ts';
import { openDatabase } from '../../../src/store/database.ts';
import type { Store } from '../../../src/store/tables.ts';
import { onEachDatabase, type TestDatabase } from '../../support/databases.ts';

onEachDatabase((database) => {
  describe('artifacts', () => {
    let created: TestDatabase;
    let store: Store;
    let now = 1_000_000;
    const codes = () => artifactsOfModel(store, 'AuthorizationCode', () => now);

    before(async () => {
      created = await database.create();
      store = await openDatabase(created.url);
    });
    after(async () => {
      await store.destroy();
      await created.drop();
    });

    it('returns the payload, and stores only the hash of the identifier', async () => {
      await codes().upsert('the-code-itself', { jti: 'the-code-itself', clientId: 'c' }, 60);
      assert.deepEqual(await codes().find('the-code-itself'), {
        payload: { jti: 'the-code-itself', clientId: 'c' },
        consumedAt: null,
        expiresAt: now + 60_000,
        lastSeenAt: null,
      });
      const rows = await store.selectFrom('artifacts').selectAll().execute();
      assert.equal(JSON.stringify(rows).includes('the-code-itself'), false);
    });

    it('is taken by one of many callers, and by none after its end', async () => {
      await codes().upsert('taken', { jti: 'taken', clientId: 'c' }, 60);
      const answers = await Promise.all(Array.from({ length: 20 }, () => codes().take('taken')));
      assert.deepEqual(
        answers.filter((payload) => payload !== null).map((payload) => payload['clientId']),
        ['c'],
      );
      assert.equal(await codes().find('taken'), undefined);
      await codes().upsert('late', { jti: 'late' }, 0);
      assert.equal(await codes().take('late'), null);
    });

    it('C-1 is consumed by one of many callers', async () => {
      await codes().upsert('once', { jti: 'once' }, 60);
      const answers = await Promise.all(Array.from({ length: 20 }, () => codes().consume('once')));
      assert.equal(answers.filter(Boolean).length, 1);
      assert.equal((await codes().find('once'))?.consumedAt, now);
    });

    it('stays consumed when it is stored again', async () => {
      await codes().upsert('again', { jti: 'again' }, 60);
      await codes().consume('again');
      await codes().upsert('again', { jti: 'again' }, 60);
      assert.equal(await codes().consume('again'), false);
    });

    it('cannot be consumed if it does not exist', async () => {
      assert.equal(await codes().consume('never seen'), false);
    });

    it('separates models', async () => {
      await codes().upsert('shared', { jti: 'shared' }, 60);
      assert.equal(await artifactsOfModel(store, 'RefreshToken', () => now).find('shared'), undefined);
    });

    it('C-2 does not remain if its grant is revoked at the same moment', async () => {
      const [accountId, applicationId] = ['account', 'application'];
      await store
        .insertInto('accounts')
        .values({
          id: accountId,
          email: 'a@example.com',
          password_hash: '',
          roles: '[]',
          created_at: now,
          disabled_at: null,
        })
        .execute();
      await registerApplication(
        store,
        {
          name: 'x',
          tokenEndpointAuthMethod: 'none',
          applicationType: 'web',
          redirectUris: [],
          scopes: [],
          registeredBy: null,
        },
        now,
        applicationId,
      );
      for (let round = 0; round < 100; round += 1) {
        const grantId = `raced-${round}`;
        await saveGrant(
          store,
          { id: grantId, accountId, applicationId, scopes: [], payload: {}, expiresAt: now + 60_000 },
          now,
        );
        const issuing = Array.from({ length: 4 }, (_, index) =>
          codes().issue(`raced-${round}-${index}`, { jti: 'x', grantId }, 60),
        );
        await Promise.all([...issuing, revokeGrant(store, grantId, now)]);
        const left = await store.selectFrom('artifacts').select('id_hash').where('grant_id', '=', grantId).execute();
        assert.deepEqual(left, [], `round ${round}`);
      }
    });

    it('is swept after it has expired, and never without an expiry', async () => {
      await codes().upsert('short', { jti: 'short' }, 10);
      await codes().upsert('eternal', { jti: 'eternal' }, undefined);
      now += 9_000;
      await sweep(store, now);
      assert.ok(await codes().find('short'));
      now += 2_000;
      assert.ok((await sweep(store, now)) >= 1);
      assert.equal(await codes().find('short'), undefined);
      assert.ok(await codes().find('eternal'));
    });

    it('is swept completely, also if many have expired', async () => {
      const many = Array.from({ length: 1_200 }, (_, index) => `flood-${index}`);
      while (many.length > 0) await Promise.all(many.splice(0, 100).map((id) => codes().upsert(id, { jti: id }, 1)));
      now += 2_000;
      assert.ok((await sweep(store, now)) >= 1_200);
      assert.equal(await codes().find('flood-0'), undefined);
      assert.equal(await codes().find('flood-1199'), undefined);
    });
  });
});
