import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { revokeAccessToken } from '../../../src/identity/grants/access-tokens.ts';
import { disableAccount } from '../../../src/identity/accounts/disabling.ts';
import { findAccount } from '../../../src/identity/accounts/accounts.ts';
import { grantPayload } from '../../../src/identity/grants/grants.ts';
import { revokeGrant, takeBackGrant } from '../../../src/identity/grants/revoke.ts';
import { setRoles } from '../../../src/identity/accounts/roles.ts';
import { endSession } from '../../../src/identity/sessions/end-sessions.ts';
import { sessionName } from '../../../src/identity/sessions/sessions.ts';
import { artifactsOfModel } from '../../../src/store/artifacts/artifacts.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { isRevoked, revocationFeed, revoking, sweepRevocations } from '../../../src/store/token/revocations.ts';
import type { Revocation } from '../../../src/token/ports.ts';
import { createRevocations } from '../../../src/token/revocation/revocations.ts';
import { addAccount, addApplication, addGrant, catalogue } from '../../api/fixture.ts';
import { onEachDatabase } from '../../support/databases.ts';

onEachDatabase((database) => {
  const issuer = 'https://claimgate.example';
  const memory = 600_000;
  const day = 24 * 60 * 60_000;

  /** Opens two stores on one database, like two processes, and collects the revocations that each receives. */
  async function openTwo(t: TestContext) {
    const { url, drop } = await database.create();
    const clock = { now: 1_000_000 };
    const open = async () => {
      const store = await openDatabase(url);
      const heard: Revocation[] = [];
      const feed = revocationFeed(store, { issuer, memoryMs: memory, now: () => clock.now }, (some) =>
        heard.push(...some),
      );
      return { store, heard, feed };
    };
    const [here, there] = [await open(), await open()];
    t.after(async () => {
      await here.store.destroy();
      await there.store.destroy();
      await drop();
    });
    const ada = await addAccount(here.store, 'ada@example.com', 'administrator');
    // The last administrator cannot be disabled, so the test adds another one.
    await addAccount(here.store, 'bob@example.com', 'administrator');
    const application = await addApplication(here.store);
    for (const id of ['g', 'h']) await addGrant(here.store, id, ada.id, application.id);
    return { here, there, clock, ada };
  }

  const ofGrant = (id: string): Revocation => ({
    kind: 'grant',
    issuer,
    id,
    issuedUntil: Number.MAX_SAFE_INTEGER,
    expiresAt: 1_000_000 + memory,
    revokedAt: 1_000_000,
  });

  describe('A-11 a revocation', () => {
    it('of a grant applies at once in its process, and is read by every other', async (t) => {
      const { here, there, clock, ada } = await openTwo(t);
      await revokeGrant(here.store, 'g', clock.now);
      assert.ok(await takeBackGrant(here.store, 'h', ada.id, clock.now));
      assert.deepEqual(here.heard, [ofGrant('g'), ofGrant('h')]);
      assert.deepEqual(there.heard, []);
      const { revocations, cursor } = await there.feed.since(null);
      assert.deepEqual(revocations, here.heard);
      assert.deepEqual(await there.feed.since(cursor), { revocations: [], cursor });
    });

    it('of the grant of another person fails', async (t) => {
      const { here, clock } = await openTwo(t);
      const eve = await addAccount(here.store, 'eve@example.com');
      assert.equal(await takeBackGrant(here.store, 'g', eve.id, clock.now), null);
      assert.deepEqual(here.heard, []);
      assert.deepEqual((await here.feed.since(null)).revocations, []);
      assert.ok(await grantPayload(here.store, 'g'));
    });

    it('follows the loss of a role', async (t) => {
      const { here, clock, ada } = await openTwo(t);
      await here.store.updateTable('grants').set({ scopes: '["accounts"]' }).where('id', '=', 'h').execute();
      await setRoles(here.store, catalogue, ada.id, [], clock.now);
      assert.deepEqual(here.heard, [ofGrant('h')]);
    });

    it('of an account follows when it is disabled, and concerns the tokens issued until then', async (t) => {
      const { here, clock, ada } = await openTwo(t);
      assert.equal((await disableAccount(here.store, ada.id, clock.now))?.disabled, true);
      assert.equal(await disableAccount(here.store, 'nobody', clock.now), null);
      assert.equal((await findAccount(here.store, ada.id))?.disabled, true);
      const [only, second] = here.heard;
      assert.equal(second, undefined);
      assert.deepEqual(only, {
        kind: 'account',
        issuer,
        id: ada.id,
        issuedUntil: clock.now + 5000,
        expiresAt: clock.now + memory,
        revokedAt: clock.now,
      });
    });

    it('of one access token is stored once, even if it is repeated', async (t) => {
      const { here, there, clock } = await openTwo(t);
      for (const store of [here.store, there.store, here.store])
        await revokeAccessToken(store, 't', clock.now, clock.now + day);
      const { revocations } = await there.feed.since(null);
      assert.deepEqual(revocations, [{ ...ofGrant('t'), kind: 'token', issuedUntil: clock.now + day + 300_000 }]);
      assert.deepEqual(here.heard, revocations);
      assert.deepEqual(there.heard, []);
    });

    it('F-5 of one access token is deleted soon after its expiry, from the table and from memory', async (t) => {
      const { here, there, clock, ada } = await openTwo(t);
      const index = createRevocations({ feed: there.feed, clock: () => clock.now });
      const lifetime = 60_000;
      const token = (id: string) => ({
        principal: { issuer, subject: ada.id },
        tokenId: id,
        grantId: null,
        sessionId: null,
        issuedAt: 1_000,
      });
      for (let number = 0; number < 20; number++) {
        await revokeAccessToken(here.store, `t${number}`, clock.now, clock.now + lifetime);
      }
      await revokeGrant(here.store, 'g', clock.now);
      await index.refresh();
      assert.equal(index.size, 21);
      clock.now += lifetime + 299_000;
      await index.refresh();
      assert.ok(index.isRevoked(token('t7')));
      assert.equal(await sweepRevocations(here.store, 0, clock.now), 0);
      clock.now += 120_000;
      await index.refresh();
      assert.equal(index.size, 1);
      const afresh = createRevocations({ feed: there.feed, clock: () => clock.now });
      await afresh.refresh();
      assert.equal(afresh.size, 1);
      assert.equal(await sweepRevocations(here.store, 0, clock.now), 20);
      assert.ok(await isRevoked(here.store, 'grant', 'g'));
    });

    it('of a session uses its name in tokens, which cannot find the session', async (t) => {
      const { here, clock } = await openTwo(t);
      const sessions = artifactsOfModel(here.store, 'Session', () => clock.now);
      for (const uid of ['u', 'v']) await sessions.upsert(`session of ${uid}`, { uid }, 60);
      await endSession(here.store, 'u', clock.now);
      assert.deepEqual(here.heard, [{ ...ofGrant(sessionName('u')), kind: 'session' }]);
      assert.equal(await sessions.find('session of u'), undefined);
      assert.ok(await sessions.find('session of v'));
      assert.notEqual(sessionName('u'), 'u');
    });

    it('that is rolled back applies nowhere', async (t) => {
      const { here, there, clock } = await openTwo(t);
      const work = revoking(here.store, clock.now, async (_transaction, revoke) => {
        await revoke([{ kind: 'token', id: 't', issuedUntil: clock.now }]);
        throw new Error('too late');
      });
      await assert.rejects(work, /too late/);
      assert.deepEqual(here.heard, []);
      assert.deepEqual((await there.feed.since(null)).revocations, []);
    });

    it('is deleted when its tokens have expired, and its number is not used again', async (t) => {
      const { here, there, clock } = await openTwo(t);
      await revokeGrant(here.store, 'g', clock.now);
      const { cursor } = await there.feed.since(null);
      clock.now += memory + 1;
      assert.deepEqual((await here.feed.since(null)).revocations, []);
      assert.equal(await sweepRevocations(here.store, clock.now - memory, clock.now), 1);
      await revokeGrant(here.store, 'h', clock.now);
      assert.equal((await there.feed.since(cursor)).revocations[0]?.id, 'h');
    });

    it('is read in parts if there are many', async (t) => {
      const { here, there, clock } = await openTwo(t);
      const many = Array.from({ length: 2_500 }, (_, index) => `t${index}`);
      await revoking(here.store, clock.now, async (_transaction, revoke) => {
        await revoke(many.map((id) => ({ kind: 'token', id, issuedUntil: clock.now + 1 })));
      });
      const read: string[] = [];
      let cursor: string | null = null;
      for (
        let part = await there.feed.since(cursor);
        part.revocations.length > 0;
        part = await there.feed.since(cursor)
      ) {
        read.push(...part.revocations.map(({ id }) => id));
        cursor = part.cursor;
      }
      assert.deepEqual(read, many);
    });
  });
});
