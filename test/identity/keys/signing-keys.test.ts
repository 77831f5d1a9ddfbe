import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { findCookieKey } from '../../../src/identity/keys/cookie-key.ts';
import { firstStart } from '../../../src/identity/first-start.ts';
import {
  forgetWithdrawnKeys,
  type KeySettings,
  keysVersion,
  type KeyRotation,
  rotateSigningKey,
} from '../../../src/identity/keys/rotation.ts';
import { sealEverything } from '../../../src/identity/keys/sealed.ts';
import { sharedSecret } from '../../../src/identity/keys/shared-secrets.ts';
import { keyStateAt, listSigningKeys, publishedKeyPairs } from '../../../src/identity/keys/signing-keys.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { createSealer, isSealed } from '../../../src/store/connections/sealing.ts';
import type { Store } from '../../../src/store/tables.ts';
import { onEachDatabase, type TestDatabase } from '../../support/databases.ts';

const settings: KeySettings = { algorithm: 'ES256', sealer: null, retiredForMs: 900 };

onEachDatabase((kind) => {
  describe('signing keys', () => {
    let database: TestDatabase;
    let stores: Store[];
    before(async () => {
      database = await kind.create();
      stores = [await openDatabase(database.url), await openDatabase(database.url)];
    });
    after(async () => {
      for (const store of stores) await store.destroy();
      await database.drop();
    });

    /** Opens a database with one key that signs from the time 1,000. */
    async function fresh(keys: KeySettings = settings): Promise<Store> {
      const [store] = stores as [Store];
      for (const table of ['signing_keys', 'server_secrets', 'applications', 'accounts'] as const) {
        await store.deleteFrom(table).execute();
      }
      await firstStart(store, {
        email: 'a@b',
        password: 'correct horse battery',
        keys,
        announce: () => {},
        now: 1_000,
      });
      return store;
    }

    const rotate = (store: Store, rotation: Partial<KeyRotation> = {}) =>
      rotateSigningKey(store, settings, { now: 2_000, publishedForMs: 100, ...rotation });

    /** Returns the state of each key at a time, beginning with the key that signs last. */
    async function statesAt(store: Store, now: number): Promise<string[]> {
      const keys = await listSigningKeys(store);
      return keys.map((key) => keyStateAt(keys, key, now));
    }

    it('are published, then sign, then retire, then are withdrawn, by time alone', async () => {
      const store = await fresh();
      assert.deepEqual(await statesAt(store, 1_500), ['signing']);
      await rotate(store);
      assert.deepEqual(await statesAt(store, 2_099), ['published', 'signing']);
      assert.deepEqual(await statesAt(store, 2_100), ['signing', 'retired']);
      assert.deepEqual(await statesAt(store, 2_999), ['signing', 'retired']);
      assert.deepEqual(await statesAt(store, 3_000), ['signing', 'withdrawn']);
      for (const [now, published] of [
        [2_000, 2],
        [2_999, 2],
        [3_000, 1],
      ] as const) {
        const [signing, ...others] = await publishedKeyPairs(store, null, now);
        assert.equal(signing.signsFrom, now < 2_100 ? 1_000 : 2_100);
        assert.equal(others.length + 1, published);
      }
    });

    it('are replaced once by many parallel rotations, on two connections', async () => {
      const store = await fresh();
      const before = await keysVersion(store);
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, index) => rotate(stores[index % (kind.name === 'SQLite' ? 1 : 2)] ?? store)),
      );
      assert.deepEqual(results.map(({ is }) => is).toSorted(), [...Array(7).fill('pending'), 'rotated']);
      assert.equal((await listSigningKeys(store)).length, 2);
      assert.notEqual(await keysVersion(store), before);
    });

    it('sign at once on request while they wait', async () => {
      const store = await fresh();
      const first = await rotate(store);
      const second = await rotate(store, { now: 2_050, publishedForMs: 0 });
      assert.ok(first.is === 'rotated' && second.is === 'rotated');
      assert.equal(second.key.kid, first.key.kid);
      assert.deepEqual(await statesAt(store, 2_050), ['signing', 'retired']);
    });

    it('are no longer published when withdrawn, and lose their private part', async () => {
      const store = await fresh();
      await rotate(store, { withdraw: true });
      assert.deepEqual(await statesAt(store, 2_000), ['signing', 'withdrawn']);
      assert.equal((await publishedKeyPairs(store, null, 2_000)).length, 1);
      const rows = await store
        .selectFrom('signing_keys')
        .select('jwk')
        .where('published_until', 'is not', null)
        .execute();
      assert.deepEqual(
        rows.map(({ jwk }) => jwk),
        [''],
      );
    });

    it('lose their private part when they are no longer published, and not before', async () => {
      const store = await fresh();
      await rotate(store);
      assert.equal(await forgetWithdrawnKeys(store, 2_999), 0);
      assert.equal(await forgetWithdrawnKeys(store, 3_000), 1);
      assert.equal((await publishedKeyPairs(store, null, 3_000)).length, 1);
    });

    it('are replaced by a schedule only when they are old enough', async () => {
      const store = await fresh();
      assert.equal((await rotate(store, { ifOlderThanMs: 1_101 })).is, 'young');
      assert.equal((await rotate(store, { ifOlderThanMs: 1_100 })).is, 'rotated');
    });

    it('still sign when the clock is set back before all of them', async () => {
      const store = await fresh();
      await rotate(store, { publishedForMs: 0 });
      const [signing] = await publishedKeyPairs(store, null, 10);
      assert.equal(signing.signsFrom, 1_000);
    });

    for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const) {
      it(`of ${algorithm} publish no private part`, async () => {
        const store = await fresh({ ...settings, algorithm });
        const [{ alg, publicJwk, privateJwk }] = await publishedKeyPairs(store, null, 1_000);
        assert.equal(alg, algorithm);
        assert.ok(privateJwk.d);
        for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi']) assert.equal(member in publicJwk, false, member);
      });
    }

    describe('encrypted at rest', () => {
      const [old, current] = [randomBytes(32), randomBytes(32)];
      const kept = async (store: Store) => [
        ...(await store.selectFrom('signing_keys').select('jwk').where('jwk', '!=', '').execute()).map(
          ({ jwk }) => jwk,
        ),
        ...(await store.selectFrom('server_secrets').select('value').execute()).map(({ value }) => value),
      ];

      it('the table holds no private part in clear', async () => {
        const sealer = createSealer([current]);
        const store = await fresh({ ...settings, sealer });
        await sharedSecret(store, 'dpop_nonce', sealer);
        await rotateSigningKey(store, { ...settings, sealer }, { now: 2_000, publishedForMs: 100 });
        const texts = await kept(store);
        assert.equal(texts.length, 4);
        assert.ok(texts.every(isSealed));
        assert.equal((await publishedKeyPairs(store, sealer, 2_000)).length, 2);
        assert.equal(await sealEverything(store, sealer), 0);
      });

      it('secrets in clear are sealed, sealed again under a new key, and open to the same text', async () => {
        const store = await fresh();
        const cookieKey = await findCookieKey(store, null);
        const [{ privateJwk }] = await publishedKeyPairs(store, null, 1_000);
        assert.equal(await sealEverything(store, createSealer([old])), 2);
        assert.ok((await kept(store)).every(isSealed));
        const both = createSealer([current, old]);
        assert.equal(await sealEverything(store, both), 2);
        const sealer = createSealer([current]);
        assert.equal(await sealEverything(store, sealer), 0);
        assert.equal(await findCookieKey(store, sealer), cookieKey);
        assert.deepEqual((await publishedKeyPairs(store, sealer, 1_000))[0].privateJwk, privateJwk);
      });

      it('without the key, or with another one, no secret is opened and none is changed', async () => {
        const store = await fresh({ ...settings, sealer: createSealer([old]) });
        const before = await kept(store);
        for (const sealer of [null, createSealer([current])]) {
          await assert.rejects(sealEverything(store, sealer), /a key that is not here/);
          await assert.rejects(publishedKeyPairs(store, sealer, 1_000), /a key that is not here/);
          await assert.rejects(findCookieKey(store, sealer), /a key that is not here/);
        }
        assert.deepEqual(await kept(store), before);
      });
    });
  });
});
