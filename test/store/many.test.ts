import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { changePassword, resetPassword } from '../../src/identity/accounts/password-change.ts';
import { disableAccount, enableAccount } from '../../src/identity/accounts/disabling.ts';
import { findAccounts } from '../../src/identity/accounts/accounts.ts';
import { deleteApplication, updateApplication } from '../../src/identity/applications/changes.ts';
import { applicationsByAccount, findApplications } from '../../src/identity/applications/applications.ts';
import { sweepAuditEvents } from '../../src/audit/retention.ts';
import { findAuditEvents } from '../../src/audit/trail.ts';
import { writeAuditEvents } from '../../src/audit/write.ts';
import { findGrants, grantsByAccount, grantsByApplication } from '../../src/identity/grants/grants.ts';
import { setRoles } from '../../src/identity/accounts/roles.ts';
import { endOtherSessions } from '../../src/identity/sessions/end-sessions.ts';
import { findSignInSessions, signInSessionsByAccount } from '../../src/identity/sessions/sessions.ts';
import { sweep } from '../../src/store/sweep.ts';
import { createStore, migrateDatabase } from '../../src/store/database.ts';
import { migrationTimeouts } from '../../src/store/postgres/options.ts';
import { sweepRevocations } from '../../src/store/token/revocations.ts';
import type { Store } from '../../src/store/tables.ts';
import { addAccount, addApplication, catalogue } from '../api/fixture.ts';
import { onEachDatabase, type TestDatabase } from '../support/databases.ts';
import { root } from '../support/process.ts';

/** How many rows one account or one application has. */
const many = 20_000;
/** How many identifiers are looked up: more than a statement may have parameters. */
const lookedUp = { SQLite: 33_000, PostgreSQL: 66_000 };
/** 512 rows of the widest insert. SQLite allows 32,766 parameters and PostgreSQL 65,535. */
const mostParameters = 5_120;
const now = 1_000_000;

onEachDatabase((kind) => {
  describe('F-1 many rows', () => {
    let database: TestDatabase;
    let store: Store;
    let largest = 0;
    let account = { id: '' };
    let application = { id: '' };

    before(async () => {
      database = await kind.create();
      // The subject is the number of parameters, so a slow machine may take its time.
      store = createStore(database.url, {
        timeouts: migrationTimeouts,
        onStatement: (_sql, parameters) => {
          largest = Math.max(largest, parameters);
        },
      });
      await migrateDatabase(database.url, store);
      account = await addAccount(store, 'ada@example.com', 'administrator');
      await addAccount(store, 'eve@example.com', 'administrator');
      application = await addApplication(store);
    });
    after(async () => {
      assert.ok(largest <= mostParameters, `a statement had ${largest} parameters`);
      await store.destroy();
      await database.drop();
    });

    /** Selects a row for each number from 1 to 20,000, on both databases. */
    const numbers = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${sql.lit(many)})`;
    const addSessions = () =>
      sql`insert into artifacts (model, id_hash, payload, uid_hash, account_id, expires_at, signed_in_at)
        ${numbers} select 'Session', 'id ' || i, '{}', 'uid ' || i, ${sql.lit(account.id)}, ${sql.lit(now * 2)}, 1 from n`.execute(
        store,
      );
    const addGrants = () =>
      sql`insert into grants (id, account_id, application_id, scopes, payload, created_at, expires_at)
        ${numbers} select 'grant ' || i, ${sql.lit(account.id)}, ${sql.lit(application.id)}, '["accounts"]', '{}', i, ${sql.lit(now * 2)} from n`.execute(
        store,
      );
    const count = async (table: 'artifacts' | 'grants' | 'revocations'): Promise<number> => {
      const { n } = await store
        .selectFrom(table)
        .select((eb) => eb.fn.countAll().as('n'))
        .executeTakeFirstOrThrow();
      return Number(n);
    };

    const change = async () => {
      const { credential_epoch: credentialEpoch } = await store
        .selectFrom('accounts')
        .select('credential_epoch')
        .where('id', '=', account.id)
        .executeTakeFirstOrThrow();
      await enableAccount(store, account.id);
      const kept = { name: 'uid 7', newId: 'new' };
      assert.ok(await changePassword(store, { id: account.id, credentialEpoch }, 'a hash', kept, now));
    };
    const endings: readonly (readonly [string, () => Promise<unknown>, left: number])[] = [
      ['can be disabled', () => disableAccount(store, account.id, now), 0],
      ['can be given a password', () => resetPassword(store, account.id, 'a hash', now), 0],
      ['can change its password', change, 1],
      ['can be signed out everywhere else', () => endOtherSessions(store, account.id, 'uid 8', now), 1],
    ];
    for (const [what, end, left] of endings) {
      it(`F-1 an account with ${many} sessions ${what}`, async () => {
        await store.deleteFrom('artifacts').execute();
        await store.deleteFrom('revocations').execute();
        await addSessions();
        await end();
        assert.equal(await count('artifacts'), left);
        assert.ok((await count('revocations')) >= many - left);
      });
    }

    const grantEndings: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['an account loses a role', () => setRoles(store, catalogue, account.id, [], now)],
      ['an account gets a password', () => resetPassword(store, account.id, 'a hash', now)],
      ['an application loses a scope', () => updateApplication(store, catalogue, application.id, { scopes: [] }, now)],
      ['an application is deleted', () => deleteApplication(store, application.id, now)],
    ];
    for (const [what, end] of grantEndings) {
      it(`F-1 ${many} grants end when ${what}`, async () => {
        await store.deleteFrom('grants').execute();
        await addGrants();
        await end();
        assert.equal(await count('grants'), 0);
      });
    }

    it('F-1 any number of identifiers is looked up, and the answers are in their order', async () => {
      const facts = Array.from({ length: many }, (_, index) => ({
        fact: {
          type: 'sign_in' as const,
          outcome: 'allowed' as const,
          coordinate: null,
          rule: null,
          accountId: null,
          clientId: null,
          detail: String(index),
        },
        count: 1,
        at: now,
      }));
      await writeAuditEvents(store, facts);
      application = await addApplication(store, { registeredBy: account.id });
      await addGrants();
      await store.deleteFrom('artifacts').execute();
      await addSessions();
      const unknowns = lookedUp[kind.name];
      const unknown = Array.from({ length: unknowns }, (_, index) => `unknown\0 "${index}"`);
      const page = { first: 1, after: null };
      // One after another: the database has a time limit for each statement, and the machine may be busy.
      const found = [
        await findAccounts(store, [...unknown, account.id]),
        await findApplications(store, [...unknown, application.id]),
        await findGrants(store, [...unknown, 'grant 5']),
        await findSignInSessions(store, [...unknown, 'uid 5'], now),
      ];
      for (const list of found)
        assert.deepEqual([list.length, list[0], list.at(-1) === null], [unknowns + 1, null, false]);
      const events = await findAuditEvents(
        store,
        unknown.map((_, index) => String(index + 1)),
      );
      assert.deepEqual([events[0]?.id, events[many - 1]?.detail, events[many]], ['1', String(many - 1), null]);
      const pages = [
        await applicationsByAccount(store, [...unknown, account.id], page),
        await grantsByAccount(store, [...unknown, account.id], page),
        await grantsByApplication(store, [...unknown, application.id], page),
        await signInSessionsByAccount(store, [...unknown, account.id], page, now),
      ];
      for (const lists of pages) {
        assert.deepEqual([lists.length, lists[0]?.items.length, lists.at(-1)?.items.length], [unknowns + 1, 0, 1]);
      }
    });

    it('F-1 any number of expired rows is swept', async () => {
      await sweep(store, now * 3);
      await sweepRevocations(store, now * 3, now * 3);
      await sweepAuditEvents(store, now, 10);
      assert.equal(await count('artifacts'), 0);
      assert.equal(await count('grants'), 0);
    });
  });
});

/** The statements whose parameters come from a list of fixed length, with the reason for the fixed length. */
const ofFixedLength: Readonly<Record<string, readonly string[]>> = {
  // In parts of at most 512 rows.
  'audit/write.ts': ['.values(some)'],
  'store/token/revocations.ts': ['.values(some)'],
  // One condition for each column of the request.
  'store/pages.ts': ['sql.join(conditions,'],
  // In parts of at most 512 rows, and one row for each of four reasons.
  'store/recorded/write.ts': ['.values(some)', '.values(rows)'],
  // One for each of three limits.
  'store/rate-limits.ts': [`'in', hashes)`],
};

it('F-1 no statement in the source has a parameter for each row', async () => {
  const found: Record<string, string[]> = {};
  const folder = join(root, 'src');
  for await (const file of glob('{store,audit,identity,provider,server,api,cli}/**/*.ts', { cwd: folder })) {
    if (file.includes('/migrations/') || file.endsWith('generated.ts')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    // Statements with lists of values: `in` with a name or a list, `join`, and inserts of several rows.
    const patterns = [
      /'(?:not )?in',(?!\s*(?:\(eb\)|eb\b))[^)]*\)/g,
      /sql\.join\([^ )]*/g,
      /(?<=insertInto\('\w+'\)\s*)\.values\((?!\{|row\))[^)]*\)/g,
    ];
    const some = patterns.flatMap((pattern) => [...text.matchAll(pattern)]);
    const rest = some.filter(({ 0: match, index }) => !isLimitedSubselect(match, text, index)).map(([match]) => match);
    if (rest.length > 0) found[file] = rest;
  }
  assert.deepEqual(found, ofFixedLength);
});

/** Whether a condition with `in` has a subselect with a limit, inline or in a constant of the file. */
function isLimitedSubselect(match: string, text: string, index: number): boolean {
  const limited = String.raw`(?:selectFrom|find\(\))[^;]*limit\((?:limit|maxEnded|maxDeleted)\)`;
  const name = /'in', (\w+)\)/.exec(match)?.[1];
  if (name !== undefined) return new RegExp(`const ${name} =[^;]*${limited}`).test(text);
  return new RegExp(`^'in',[^;]*?${limited}`).test(text.slice(index));
}
