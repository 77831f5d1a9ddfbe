import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { disableAccount, enableAccount } from '../../src/identity/accounts/disabling.ts';
import { resetPassword } from '../../src/identity/accounts/password-change.ts';
import { authenticate, createAccount, findAccount, listAccounts } from '../../src/identity/accounts/accounts.ts';
import { deleteApplication, rotateClientSecret, updateApplication } from '../../src/identity/applications/changes.ts';
import { registerForAccount } from '../../src/identity/applications/register-for-account.ts';
import {
  applicationsByAccount,
  findApplicationWithSecret,
  registerApplication,
} from '../../src/identity/applications/applications.ts';
import { checkedChanges } from '../../src/identity/applications/registration.ts';
import { findGrants, listGrants, saveGrant } from '../../src/identity/grants/grants.ts';
import { hashPassword } from '../../src/identity/accounts/password-hash.ts';
import { setRoles } from '../../src/identity/accounts/roles.ts';
import { secretMatches } from '../../src/identity/keys/secrets.ts';
import { sessionName } from '../../src/identity/sessions/sessions.ts';
import { artifacts } from '../../src/store/artifacts/artifacts.ts';
import { openDatabase } from '../../src/store/database.ts';
import { isRevoked, isTokenRevoked } from '../../src/store/token/revocations.ts';
import type { Store } from '../../src/store/tables.ts';
import { addAccount, addApplication, addGrant, catalogue } from '../api/fixture.ts';
import { onEachDatabase } from '../support/databases.ts';

const now = 1_000_000;

const example = {
  name: 'Example',
  tokenEndpointAuthMethod: 'none',
  applicationType: 'native',
  redirectUris: ['http://127.0.0.1/'],
  scopes: ['profile'],
} as const;

onEachDatabase((kind) => {
  /** Two connections to one database, as two processes have; in one process two of SQLite would only wait for each other. */
  async function openTwo(t: TestContext) {
    const { url, drop } = await kind.create();
    const here = await openDatabase(url);
    const there = kind.name === 'SQLite' ? here : await openDatabase(url);
    t.after(async () => {
      await here.destroy();
      if (there !== here) await there.destroy();
      await drop();
    });
    return { here, there };
  }

  const lastOne = { code: 'CONFLICT', message: /last administrator/ };
  /** Waits for all. @returns the codes of those that failed */
  const faultsOf = async (attempts: readonly Promise<unknown>[]): Promise<unknown[]> => {
    const settled = await Promise.allSettled(attempts);
    return settled.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
  };

  suite('the last administrator', () => {
    test('is neither disabled nor loses the role', async (t) => {
      const { here } = await openTwo(t);
      const ada = await addAccount(here, 'ada@example.com', 'administrator');
      await addAccount(here, 'eve@example.com', 'administrators', 'Administrator', '"administrator"');
      await assert.rejects(disableAccount(here, ada.id, now), lastOne);
      await assert.rejects(setRoles(here, catalogue, ada.id, [], now), lastOne);
      assert.deepEqual(await findAccount(here, ada.id), ada);
      assert.deepEqual((await setRoles(here, catalogue, ada.id, ['administrator'], now))?.roles, ['administrator']);
    });

    test('is not counted while disabled, and others may be disabled', async (t) => {
      const { here } = await openTwo(t);
      const ada = await addAccount(here, 'ada@example.com', 'administrator');
      const bob = await addAccount(here, 'bob@example.com', 'administrator');
      const eve = await addAccount(here, 'eve@example.com');
      assert.equal((await disableAccount(here, eve.id, now))?.disabled, true);
      assert.equal((await disableAccount(here, bob.id, now))?.disabled, true);
      await assert.rejects(disableAccount(here, ada.id, now), lastOne);
      // Who is disabled already can be disabled again, and lose the role.
      assert.equal((await disableAccount(here, bob.id, now + 1))?.disabled, true);
      assert.equal((await enableAccount(here, bob.id))?.disabled, false);
      assert.equal((await disableAccount(here, ada.id, now))?.disabled, true);
    });

    test('remains where two disable each other at once, or take each other the role', async (t) => {
      const { here, there } = await openTwo(t);
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

  suite('an account', () => {
    test('is one for each address, whoever else creates it at once', async (t) => {
      const { here, there } = await openTwo(t);
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

    test('is listed newest first, each once, and found by its address', async (t) => {
      const { here } = await openTwo(t);
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

    test('that is disabled is signed out everywhere', async (t) => {
      const { here } = await openTwo(t);
      const ada = await addAccount(here, 'ada@example.com');
      const eve = await addAccount(here, 'eve@example.com');
      const sessions = artifacts(here, 'Session', () => now);
      const interactions = artifacts(here, 'Interaction', () => now);
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

    test('with a new password is signed out, its grants are gone, and the old password is no good', async (t) => {
      const { here } = await openTwo(t);
      const passwordHash = await hashPassword('the old password');
      const ada = await createAccount(here, { email: 'ada@example.com', passwordHash, roles: [] }, now);
      const eve = await addAccount(here, 'eve@example.com');
      const { id } = await addApplication(here);
      await addGrant(here, 'a', ada.id, id);
      await addGrant(here, 'e', eve.id, id);
      await artifacts(here, 'Session', () => now).upsert('s', { accountId: ada.id, credentialEpoch: 0, uid: 'u' }, 60);
      assert.ok(await resetPassword(here, ada.id, await hashPassword('the new password'), now));
      assert.equal(await authenticate(here, ada.email, 'the old password'), null);
      assert.equal((await authenticate(here, ada.email, 'the new password'))?.id, ada.id);
      assert.deepEqual(
        (await findGrants(here, ['a', 'e'])).map((grant) => grant?.id),
        [undefined, 'e'],
      );
      assert.ok(await isRevoked(here, 'grant', 'a'));
      assert.ok(await isRevoked(here, 'session', sessionName('u')));
      assert.equal(await resetPassword(here, 'nobody', passwordHash, now), null);
    });
  });

  suite('an application', () => {
    async function withGrants(t: TestContext) {
      const { here, there } = await openTwo(t);
      const ada = await addAccount(here, 'ada@example.com');
      const { id } = await addApplication(here, { scopes: ['profile', 'grants'] });
      const other = await addApplication(here);
      for (const [name, applicationId, scopes] of [
        ['narrow', id, ['profile']],
        ['wide', id, ['profile', 'grants']],
        ['other', other.id, ['profile', 'grants']],
      ] as const) {
        const grant = { id: name, accountId: ada.id, applicationId, scopes, payload: {}, expiresAt: now + 1_000 };
        await saveGrant(here, grant, now);
        await artifacts(here, 'RefreshToken', () => now).upsert(name, { grantId: name }, 60);
      }
      const left = async () =>
        (await listGrants(here, { first: 9, after: null })).items.map((grant) => grant.id).toSorted();
      return { here, there, id, ada, left };
    }

    test('that may ask for less loses the grants that hold more, and no others', async (t) => {
      const { here, id, left } = await withGrants(t);
      assert.deepEqual((await updateApplication(here, catalogue, id, { scopes: ['profile'] }, now))?.scopes, [
        'profile',
      ]);
      assert.deepEqual(await left(), ['narrow', 'other']);
      assert.ok(await isRevoked(here, 'grant', 'wide'));
      assert.equal(await artifacts(here, 'RefreshToken', () => now).find('wide'), undefined);
    });

    test('C-16 that loses a scope loses the tokens that it got for itself, and with another change keeps them', async (t) => {
      const { here, id } = await withGrants(t);
      await updateApplication(here, catalogue, id, { scopes: ['grants', 'profile'], name: 'New' }, now);
      assert.ok(!(await isRevoked(here, 'account', id)));
      await updateApplication(here, catalogue, id, { scopes: ['profile'] }, now);
      const token = { token: 'jti', account: id };
      assert.ok(await isTokenRevoked(here, { ...token, issuedAt: now }));
      assert.ok(!(await isTokenRevoked(here, { ...token, issuedAt: now + 10_000 })));
    });

    test('C-16 is changed by what it is while nobody else changes it, over several processes', async (t) => {
      const { here, there, id } = await withGrants(t);
      const rules = { catalogue, publicUrl: 'https://id.example' };
      const asked = { scopes: ['profile', 'audit'] };
      const owner = () =>
        updateApplication(there, catalogue, id, (present) => checkedChanges(asked, present, rules, false), now);
      for (let round = 0; round < 5; round++) {
        await updateApplication(here, catalogue, id, asked, now);
        const narrowed = updateApplication(here, catalogue, id, { scopes: ['profile'] }, now);
        const faults = await faultsOf([owner(), owner(), narrowed, owner(), owner()]);
        assert.deepEqual((await findApplicationWithSecret(here, id))?.application.scopes, ['profile']);
        assert.ok(faults.every((code) => code === 'BAD_USER_INPUT'));
      }
    });

    test('F-5 is one of so many that an account may register, however many ask at once', async (t) => {
      const { here, there } = await openTwo(t);
      const [ada, eve] = [await addAccount(here, 'ada@example.com'), await addAccount(here, 'eve@example.com')];
      const register = (store: Store, registeredBy: string) =>
        registerForAccount(store, { ...example, registeredBy }, now, 3);
      const faults = await faultsOf([
        ...Array.from({ length: 4 }, () => register(here, ada.id)),
        ...Array.from({ length: 4 }, () => register(there, ada.id)),
      ]);
      assert.deepEqual(
        faults,
        Array.from({ length: 5 }, () => 'CONFLICT'),
      );
      const [of] = await applicationsByAccount(here, [ada.id], { first: 9, after: null });
      assert.equal(of?.items.length, 3);
      assert.ok(await register(here, eve.id));
    });

    test('with another name and other redirect URIs keeps its grants, and what was left out', async (t) => {
      const { here, id, left } = await withGrants(t);
      const changed = await updateApplication(
        here,
        catalogue,
        id,
        { name: 'New', redirectUris: ['https://b.example/'] },
        now,
      );
      assert.deepEqual(
        [changed?.name, changed?.redirectUris, changed?.scopes],
        ['New', ['https://b.example/'], ['profile', 'grants']],
      );
      assert.deepEqual(await left(), ['narrow', 'other', 'wide']);
      assert.equal(await updateApplication(here, catalogue, 'none', { name: 'New' }, now), null);
      assert.equal((await updateApplication(here, catalogue, id, {}, now))?.name, 'New');
    });

    test('that is deleted takes its grants and what they gave along', async (t) => {
      const { here, id, left } = await withGrants(t);
      assert.equal((await deleteApplication(here, id, now))?.id, id);
      assert.deepEqual(await left(), ['other']);
      for (const grant of ['narrow', 'wide']) assert.ok(await isRevoked(here, 'grant', grant));
      assert.ok(await isRevoked(here, 'account', id));
      assert.equal(await deleteApplication(here, id, now), null);
      await assert.rejects(deleteApplication(here, 'claimgate', now), { code: 'CONFLICT' });
    });

    test('that is deleted while it is given grants leaves none that nobody has heard the end of', async (t) => {
      const { here, there, id, ada } = await withGrants(t);
      const names = Array.from({ length: 12 }, (_, index) => `racing-${index}`);
      const given = names.map((name) =>
        saveGrant(
          there,
          { id: name, accountId: ada.id, applicationId: id, scopes: [], payload: {}, expiresAt: now + 1 },
          now,
        ),
      );
      const [saved] = await Promise.all([Promise.allSettled(given), deleteApplication(here, id, now)]);
      assert.deepEqual((await findGrants(here, names)).filter(Boolean), []);
      for (const [index, { status }] of saved.entries()) {
        if (status === 'fulfilled') assert.ok(await isRevoked(here, 'grant', `racing-${index}`), `racing-${index}`);
      }
    });

    test('gets a new secret, and the old one is no good', async (t) => {
      const { here } = await openTwo(t);
      const registration = { ...(await addApplication(here)), tokenEndpointAuthMethod: 'client_secret_post' as const };
      const { application, clientSecret } = await registerApplication(here, registration, now);
      const rotated = await rotateClientSecret(here, application.id);
      const { secretHash = null } = (await findApplicationWithSecret(here, application.id)) ?? {};
      assert.ok(secretMatches(rotated ?? '', secretHash ?? ''));
      assert.ok(!secretMatches(clientSecret ?? '', secretHash ?? ''));
      assert.equal(await rotateClientSecret(here, 'none'), null);
      await assert.rejects(rotateClientSecret(here, registration.id), { code: 'BAD_USER_INPUT' });
    });
  });
});
