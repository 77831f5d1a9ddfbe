import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CompiledQuery, type KyselyPlugin, type RootOperationNode } from 'kysely';
import { findAccount, findAccountByEmail, listAccounts } from '../../../src/identity/accounts/accounts.ts';
import { applicationsByAccount, findApplications } from '../../../src/identity/applications/applications.ts';
import { findGrants, grantsByAccount } from '../../../src/identity/grants/grants.ts';
import {
  findSignInSessions,
  noteBrowser,
  noteSight,
  signInSessionsByAccount,
} from '../../../src/identity/sessions/sessions.ts';
import { artifactsOfModel } from '../../../src/store/artifacts/artifacts.ts';
import { forgetUsed } from '../../../src/store/artifacts/used-artifacts.ts';
import { openDatabase } from '../../../src/store/database.ts';
import type { Store } from '../../../src/store/tables.ts';
import { temporaryFolder } from '../../support/process.ts';

describe('SQLite finds the rows of a request by an index, so that the cost does not grow with the table', () => {
  let store: Store;
  let folder: { path: string; remove(): Promise<void> };

  before(async () => {
    folder = await temporaryFolder();
    store = await openDatabase(`file:${join(folder.path, 'claimgate.db')}`);
  });

  after(async () => {
    await store.destroy();
    await folder.remove();
  });

  /** Runs a function, and returns how SQLite executes each of its statements. */
  async function plansOf(run: (store: Store) => Promise<unknown>): Promise<readonly string[]> {
    const nodes: RootOperationNode[] = [];
    const watch: KyselyPlugin = {
      transformQuery({ node }) {
        nodes.push(node);
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    await run(store.withPlugin(watch));
    const plans: string[] = [];
    for (const node of nodes) {
      const { sql, parameters, queryId } = store.getExecutor().compileQuery(node, { queryId: 'plan' });
      assert.ok(queryId);
      const explain = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
      const { rows } = await store.executeQuery<{ detail: string }>(explain);
      plans.push(...rows.map(({ detail }) => detail));
    }
    return plans;
  }

  const page = { first: 50, after: null };
  const statements: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
    'an account by its ID': (store) => findAccount(store, 'a'),
    'an account by its address': (store) => findAccountByEmail(store, 'a@example.com'),
    'a page of accounts': (store) => listAccounts(store, page),
    'applications by their IDs': (store) => findApplications(store, ['a', 'b']),
    'grants by their IDs': (store) => findGrants(store, ['a', 'b']),
    'the grants of accounts': (store) => grantsByAccount(store, ['a', 'b'], page),
    'the applications of accounts': (store) => applicationsByAccount(store, ['a', 'b'], page),
    'the sessions of accounts': (store) => signInSessionsByAccount(store, ['a', 'b'], page),
    'sessions by their names': (store) => findSignInSessions(store, ['a', 'b']),
    'the browser of a session': (store) => noteBrowser(store, 'a', { userAgent: 'a', browser: 'a' }, 1),
    'the last use of a session': (store) => noteSight(store, 'a', 1),
    'a token by its identifier': (store) => artifactsOfModel(store, 'AccessToken').find('a'),
    'a session by its identifier': (store) => artifactsOfModel(store, 'Session').find('a'),
    'a session by its uid': (store) => artifactsOfModel(store, 'Session').findByUid('a'),
    'the use of a code': (store) => artifactsOfModel(store, 'AuthorizationCode').consume('a'),
    'the removal of a session': (store) => artifactsOfModel(store, 'Session').destroyByUid('a'),
    'the used tokens of a grant': (store) => forgetUsed(store, 'RefreshToken', 'a', 10),
  };
  for (const [name, run] of Object.entries(statements)) {
    it(name, async () => {
      const plans = await plansOf(run);
      assert.ok(plans.length > 0);
      const table = /\b(accounts|applications|grants|artifacts|t)\b/;
      const found = plans.filter((plan) => /^(SCAN|SEARCH) /.test(plan) && table.test(plan.split(' ')[1] ?? ''));
      assert.ok(found.length > 0, plans.join('\n'));
      for (const plan of found) {
        // A page of a whole table is read along an index, and the reading ends after the page.
        assert.match(plan, /^SEARCH |USING (COVERING )?INDEX \w+_by_age/, plans.join('\n'));
        // All rows of a model have the same value.
        assert.doesNotMatch(plan, /\(model=\?\)/, plans.join('\n'));
      }
    });
  }

  it('the used tokens of a grant, and reads no unused ones', async () => {
    const plans = await plansOf((store) => forgetUsed(store, 'RefreshToken', 'a', 10));
    assert.ok(
      plans.some((plan) => /USING (COVERING )?INDEX artifacts_used \(model=\? AND grant_id=\?/.test(plan)),
      plans.join('\n'),
    );
  });
});
