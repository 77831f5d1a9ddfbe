import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import {
  applicationsByAccount,
  findApplicationWithSecret,
  registerApplication,
} from '../../../src/identity/applications/applications.ts';
import {
  deleteApplication,
  rotateClientSecret,
  updateApplication,
} from '../../../src/identity/applications/changes.ts';
import { registerForAccount } from '../../../src/identity/applications/register-for-account.ts';
import { checkedChanges } from '../../../src/identity/applications/registration.ts';
import { findGrants, listGrants, saveGrant } from '../../../src/identity/grants/grants.ts';
import { secretMatches } from '../../../src/identity/keys/secrets.ts';
import { artifactsOfModel } from '../../../src/store/artifacts/artifacts.ts';
import type { Store } from '../../../src/store/tables.ts';
import { isRevoked, isTokenRevoked } from '../../../src/store/token/revocations.ts';
import { addAccount, addApplication, catalogue } from '../../api/fixture.ts';
import { onEachDatabase } from '../../support/databases.ts';
import { faultsOf, openTwo } from '../two-processes.ts';

const now = 1_000_000;

const example = {
  name: 'Example',
  tokenEndpointAuthMethod: 'none',
  applicationType: 'native',
  redirectUris: ['http://127.0.0.1/'],
  scopes: ['profile'],
} as const;

onEachDatabase((kind) => {
  describe('an application', () => {
    async function withGrants(t: TestContext) {
      const { here, there } = await openTwo(kind, t);
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
        await artifactsOfModel(here, 'RefreshToken', () => now).upsert(name, { grantId: name }, 60);
      }
      const left = async () =>
        (await listGrants(here, { first: 9, after: null })).items.map((grant) => grant.id).toSorted();
      return { here, there, id, ada, left };
    }

    it('loses the grants with a scope that it loses, and no others', async (t) => {
      const { here, id, left } = await withGrants(t);
      assert.deepEqual((await updateApplication(here, catalogue, id, { scopes: ['profile'] }, now))?.scopes, [
        'profile',
      ]);
      assert.deepEqual(await left(), ['narrow', 'other']);
      assert.ok(await isRevoked(here, 'grant', 'wide'));
      assert.equal(await artifactsOfModel(here, 'RefreshToken', () => now).find('wide'), undefined);
    });

    it('C-16 loses its own tokens when it loses a scope, and keeps them at other changes', async (t) => {
      const { here, id } = await withGrants(t);
      await updateApplication(here, catalogue, id, { scopes: ['grants', 'profile'], name: 'New' }, now);
      assert.ok(!(await isRevoked(here, 'account', id)));
      await updateApplication(here, catalogue, id, { scopes: ['profile'] }, now);
      const token = { token: 'jti', account: id };
      assert.ok(await isTokenRevoked(here, { ...token, issuedAt: now }));
      assert.ok(!(await isTokenRevoked(here, { ...token, issuedAt: now + 10_000 })));
    });

    it('C-16 is changed from its present state, while no other process changes it', async (t) => {
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

    it('F-5 counts towards the limit of its account, by parallel calls too', async (t) => {
      const { here, there } = await openTwo(kind, t);
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

    it('keeps its grants and other fields with a new name and new redirect URIs', async (t) => {
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

    it('is deleted with its grants and their tokens', async (t) => {
      const { here, id, left } = await withGrants(t);
      assert.equal((await deleteApplication(here, id, now))?.id, id);
      assert.deepEqual(await left(), ['other']);
      for (const grant of ['narrow', 'wide']) assert.ok(await isRevoked(here, 'grant', grant));
      assert.ok(await isRevoked(here, 'account', id));
      assert.equal(await deleteApplication(here, id, now), null);
      await assert.rejects(deleteApplication(here, 'claimgate', now), { code: 'CONFLICT' });
    });

    it('is deleted with the grants that it gets at the same time, and each is revoked', async (t) => {
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

    it('gets a new secret, and the old one is rejected', async (t) => {
      const { here } = await openTwo(kind, t);
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
