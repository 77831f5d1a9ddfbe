import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { disableAccount, enableAccount } from '../../src/identity/accounts/disabling.ts';
import { setRoles } from '../../src/identity/accounts/roles.ts';
import { deleteApplication, updateApplication } from '../../src/identity/applications/changes.ts';
import { addSigningKey, newSigningKey } from '../../src/identity/keys/signing-keys.ts';
import { issueOperatorToken, maxOperatorTokenSeconds } from '../../src/identity/operator-token.ts';
import type { Store } from '../../src/identity/store.ts';
import { insertable } from '../../src/store/many.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { addAccount, addApplication, catalogue } from '../api/fixture.ts';
import { type DatabaseKind, onEachDatabase } from '../support/databases.ts';
import { openTwo } from './two-processes.ts';

const now = 1_700_000_000_000;
const server = { issuer: 'http://localhost:4000', audience: 'http://localhost:4000/graphql', catalogue, sealer: null };

onEachDatabase((kind: DatabaseKind) => {
  describe('a token that an operator issues', () => {
    async function open(t: TestContext) {
      const { here, there } = await openTwo(kind, t);
      await addSigningKey(here, await newSigningKey('ES256', now - 1_000), null);
      await addAccount(here, 'ada@example.com', 'administrator');
      return { here, there };
    }
    const issue = (store: Store, accountId: string, clientId: string, scopes: readonly string[], at = now) =>
      inTransaction(store, (transaction) =>
        issueOperatorToken(transaction, server, { accountId, clientId, scopes, lifetimeSeconds: 60 }, at),
      );
    const grantsOf = async (store: Store) =>
      (await store.selectFrom('grants').select('scopes').execute()).map(({ scopes }): string[] => JSON.parse(scopes));

    it('I-8 has no scope whose role, application or permission was lost at the same time', async (t) => {
      const { here, there } = await open(t);
      const rounds = 10;
      for (let round = 0; round < rounds; round += 1) {
        const account = await addAccount(here, `person${round}@example.com`, 'administrator');
        const application = await addApplication(here, { scopes: null });
        const rival = [
          () => setRoles(there, catalogue, account.id, [], now),
          () => updateApplication(there, catalogue, application.id, { scopes: ['profile'] }, now),
          () => deleteApplication(there, application.id, now),
        ][round % 3];
        const [issued, changed] = await Promise.allSettled([
          issue(here, account.id, application.id, ['accounts']),
          rival?.(),
        ]);
        assert.equal(changed.status, 'fulfilled');
        if (issued.status === 'rejected') assert.match(issued.reason.code, /^(?:FORBIDDEN|NOT_FOUND)$/);
        assert.deepEqual(await grantsOf(here), []);
      }
    });

    it('I-8 is not issued while tokens of this time are revoked', async (t) => {
      const { here } = await open(t);
      const { id } = await addAccount(here, 'grace@example.com');
      const application = await addApplication(here, { scopes: null });
      await disableAccount(here, id, now);
      await assert.rejects(issue(here, id, application.id, ['profile']), { code: 'CONFLICT', message: /is disabled/ });
      await enableAccount(here, id);
      await assert.rejects(issue(here, id, application.id, ['profile']), {
        code: 'CONFLICT',
        message: /try again in 5 s/,
      });
      assert.deepEqual(await grantsOf(here), []);
      assert.ok((await issue(here, id, application.id, ['profile'], now + 6_000)).accessToken);
    });

    it('I-8 ends the oldest grant of an account with 10,000 grants', async (t) => {
      const { here } = await open(t);
      const { id } = await addAccount(here, 'grace@example.com');
      const application = await addApplication(here, { scopes: null });
      const rows = Array.from({ length: 10_000 }, (_, index) => ({
        id: `grant${index}`,
        account_id: id,
        application_id: application.id,
        scopes: '[]',
        payload: '{}',
        created_at: index,
        expires_at: now * 2,
      }));
      for (const some of insertable(rows)) await here.insertInto('grants').values(some).execute();
      const { ended } = await issue(here, id, application.id, ['profile']);
      assert.deepEqual(
        ended.map((grant) => grant.id),
        ['grant0'],
      );
      assert.equal((await grantsOf(here)).length, 10_000);
    });

    it('I-8 has a lifetime of at most 24 hours', async (t) => {
      const { here } = await open(t);
      const { id: accountId } = await addAccount(here, 'grace@example.com');
      const { id: clientId } = await addApplication(here, { scopes: null });
      for (const lifetimeSeconds of [0, -1, 1.5, Number.NaN, Infinity, maxOperatorTokenSeconds + 1]) {
        const request = { accountId, clientId, scopes: ['profile'], lifetimeSeconds };
        await assert.rejects(
          inTransaction(here, (transaction) => issueOperatorToken(transaction, server, request, now)),
          { code: 'BAD_USER_INPUT', message: /^lifetime: expected 1 to 86400 seconds$/ },
        );
      }
    });
  });
});
