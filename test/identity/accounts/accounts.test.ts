import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authenticate, createAccount, findAccount, listAccounts } from '../../../src/identity/accounts/accounts.ts';
import { disableAccount, enableAccount } from '../../../src/identity/accounts/disabling.ts';
import { resetPassword } from '../../../src/identity/accounts/password-change.ts';
import { hashPassword } from '../../../src/identity/accounts/password-hash.ts';
import { setRoles } from '../../../src/identity/accounts/roles.ts';
import { findGrants } from '../../../src/identity/grants/grants.ts';
import { sessionName } from '../../../src/identity/sessions/sessions.ts';
import { artifactsOfModel } from '../../../src/store/artifacts/artifacts.ts';
import { isRevoked } from '../../../src/store/token/revocations.ts';
import { addAccount, addApplication, addGrant, catalogue } from '../../api/fixture.ts';
import { onEachDatabase } from '../../support/databases.ts';
import { faultsOf, openTwo } from '../two-processes.ts';

const now = 1_000_000;

onEachDatabase((kind) => {
  const lastOne = { code: 'CONFLICT', message: /last administrator/ };
  describe('the last administrator', () => {
    it('cannot be disabled and cannot lose the role', async (t) => {
      const { here } = await openTwo(kind, t);
      const ada = await addAccount(here, 'ada@example.com', 'administrator');
      await addAccount(here, 'eve@example.com', 'administrators', 'Administrator', '"administrator"');
      await assert.rejects(disableAccount(here, ada.id, now), lastOne);
      await assert.rejects(setRoles(here, catalogue, ada.id, [], now), lastOne);
      assert.deepEqual(await findAccount(here, ada.id), ada);
      assert.deepEqual((await setRoles(here, catalogue, ada.id, ['administrator'], now))?.roles, ['administrator']);
    });

    it('does not count while disabled, and other accounts may be disabled', async (t) => {
      const { here } = await openTwo(kind, t);
      const ada = await addAccount(here, 'ada@example.com', 'administrator');
      const bob = await addAccount(here, 'bob@example.com', 'administrator');
      const eve = await addAccount(here, 'eve@example.com');
      assert.equal((await disableAccount(here, eve.id, now))?.disabled, true);
      assert.equal((await disableAccount(here, bob.id, now))?.disabled, true);
      await assert.rejects(disableAccount(here, ada.id, now), lastOne);
      // Disabling a disabled administrator again is allowed, because it does not change who is active.
      assert.equal((await disableAccount(here, bob.id, now + 1))?.disabled, true);
      assert.equal((await enableAccount(here, bob.id))?.disabled, false);
      assert.equal((await disableAccount(here, ada.id, now))?.disabled, true);
    });

    it('remains when two administrators disable each other, or remove each other’s role, at the same time', async (t) => {
      const { here, there } = await openTwo(kind, t);
      const ada = await addAccount(here, 'ada@example.com', 'administrator');
      const bob = await addAccount(here, 'bob@example.com', 'administrator');
      for (let round = 0; round < 15; round += 1) {
        const attempts = [
          round % 3 ? disableAccount(here, ada.id, now) : setRoles(here, catalogue, ada.id, [], now),
          round % 2 ? disableAccount(there, bob.id, now) : setRoles(there, catalogue, bob.id, [], now),
        ];
        assert.deepEqual(await faultsOf(attempts), ['CONFLICT']);
        for (const { id } of [ada, bob]) {
          await enableAccount(here, id);
          await setRoles(here, catalogue, id, ['administrator'], now);
        }
      }
    });
  });

  describe('an account', () => {
    it('is created once for each address, by parallel calls too', async (t) => {
      const { here, there } = await openTwo(kind, t);
      const attempts = [here, there, here, there].map((store, index) =>
        createAccount(
          store,
          { email: index % 2 ? 'Ada@Example.com ' : 'ada@example.com', passwordHash: '', roles: [] },
          now,
        ),
      );
      assert.deepEqual(await faultsOf(attempts), ['CONFLICT', 'CONFLICT', 'CONFLICT']);
      await assert.rejects(addAccount(here, 'ADA@example.com'), { code: 'CONFLICT' });
    });

    it('is listed newest first, once, and found by its address', async (t) => {
      const { here } = await openTwo(kind, t);
      for (let index = 0; index < 5; index += 1) await addAccount(here, `${index}@example.com`);
      const seen: string[] = [];
      let after = null;
      do {
        const { items, hasNextPage }: Awaited<ReturnType<typeof listAccounts>> = await listAccounts(here, {
          first: 2,
          after,
        });
        seen.push(...items.map(({ email }) => email));
        after = hasNextPage ? (items.at(-1) ?? null) : null;
      } while (after !== null);
      assert.deepEqual(
        seen.toSorted(),
        [0, 1, 2, 3, 4].map((index) => `${index}@example.com`),
      );
      const found = await listAccounts(here, { first: 2, after: null }, ' 3@EXAMPLE.com');
      assert.deepEqual(
        found.items.map(({ email }) => email),
        ['3@example.com'],
      );
    });

    it('is signed out everywhere when it is disabled', async (t) => {
      const { here } = await openTwo(kind, t);
      const ada = await addAccount(here, 'ada@example.com');
      const eve = await addAccount(here, 'eve@example.com');
      const sessions = artifactsOfModel(here, 'Session', () => now);
      const interactions = artifactsOfModel(here, 'Interaction', () => now);
      for (const { id, email } of [ada, eve]) {
        await sessions.upsert(email, { accountId: id, credentialEpoch: 0, uid: `uid of ${email}`, jti: email }, 60);
        await interactions.upsert(email, { result: { login: { accountId: id, credentialEpoch: 0 } } }, 60);
      }
      await disableAccount(here, ada.id, now);
      for (const kept of [sessions, interactions]) {
        assert.equal(await kept.find(ada.email), undefined);
        assert.ok(await kept.find(eve.email));
      }
      assert.ok(await isRevoked(here, 'session', sessionName(`uid of ${ada.email}`)));
      assert.ok(!(await isRevoked(here, 'session', sessionName(`uid of ${eve.email}`))));
    });

    it('loses its sessions and grants with a new password, and the old password is rejected', async (t) => {
      const { here } = await openTwo(kind, t);
      const passwordHash = await hashPassword('the old password');
      const ada = await createAccount(here, { email: 'ada@example.com', passwordHash, roles: [] }, now);
      const eve = await addAccount(here, 'eve@example.com');
      const { id } = await addApplication(here);
      await addGrant(here, 'a', ada.id, id);
      await addGrant(here, 'e', eve.id, id);
      await artifactsOfModel(here, 'Session', () => now).upsert(
        's',
        { accountId: ada.id, credentialEpoch: 0, uid: 'u' },
        60,
      );
      assert.ok(await resetPassword(here, ada.id, await hashPassword('the new password'), now));
      assert.equal(await authenticate(here, ada.email, 'the old password'), null);
      assert.equal((await authenticate(here, ada.email, 'the new password'))?.id, ada.id);
      assert.deepEqual(
        (await findGrants(here, ['a', 'e'])).map((grant) => grant?.id),
        [undefined, 'e'],
      );
      assert.ok(await isRevoked(here, 'grant', 'a'));
      assert.ok(await isRevoked(here, 'session', sessionName('u')));
      assert.equal(await resetPassword(here, 'unknown', passwordHash, now), null);
    });
  });
});
