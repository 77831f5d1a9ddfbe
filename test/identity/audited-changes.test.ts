import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sql } from 'kysely';
import { createAccount } from '../../src/identity/accounts.ts';
import { disableAccount } from '../../src/identity/account-state.ts';
import type { AuditFact } from '../../src/identity/audit.ts';
import { createAuditRecorder } from '../../src/identity/audit-recorder.ts';
import { openDatabase } from '../../src/store/database.ts';
import { revocationFeed } from '../../src/store/revocations.ts';
import type { Store } from '../../src/store/tables.ts';
import { onEachDatabase } from '../support/databases.ts';

const now = Date.UTC(2025, 0, 31, 12);
const factOf = (type: AuditFact['type'], detail: string): AuditFact => ({
  type,
  outcome: 'allowed',
  coordinate: null,
  rule: null,
  accountId: null,
  clientId: null,
  detail,
});

/** From now on the database refuses every row of the audit trail. */
async function refuseAudit(store: Store, isPostgres: boolean): Promise<void> {
  if (!isPostgres) {
    const trigger = `create trigger refused before insert on audit_events begin select raise(abort, 'refused'); end`;
    await sql.raw(trigger).execute(store);
    return;
  }
  const body = `begin raise exception 'refused'; end`;
  await sql.raw(`create function refused() returns trigger language plpgsql as $$ ${body} $$`).execute(store);
  await sql
    .raw('create trigger refused before insert on audit_events for each row execute function refused()')
    .execute(store);
}

onEachDatabase((database) => {
  it('a change and its audit row are there together, or not at all', async (t) => {
    const { url, drop } = await database.create();
    const store = await openDatabase(url);
    t.after(async () => {
      await store.destroy();
      await drop();
    });
    const onFault = (error: unknown) => {
      throw error;
    };
    let written = 0;
    const recorder = createAuditRecorder({ store, now: () => now, onWritten: () => (written += 1), onFault });
    const heard: string[] = [];
    revocationFeed(store, { issuer: 'https://issuer.example', memory: 1_000, now: () => now }, (revocations) => {
      for (const { kind } of revocations) heard.push(kind);
    });
    const rows = async () =>
      (await store.selectFrom('audit_events').select(['type', 'detail']).orderBy('sequence').execute()).map(
        ({ type, detail }) => [type, detail],
      );

    const account = await recorder.changing(
      (transaction) => createAccount(transaction, { email: 'ada@example.com', passwordHash: 'none', roles: [] }, now),
      ({ id }) => factOf('account_created', id),
    );
    await recorder.changing(
      (transaction) => disableAccount(transaction, account.id, now),
      (one) => one && factOf('account_disabled', one.id),
    );
    assert.deepEqual(await rows(), [
      ['account_created', account.id],
      ['account_disabled', account.id],
    ]);
    assert.deepEqual(heard, ['account'], 'this process hears of it once it is committed');
    assert.equal(written, 2);

    const nothing = await recorder.changing(
      (transaction) => disableAccount(transaction, 'nobody', now),
      (one) => one && factOf('account_disabled', one.id),
    );
    assert.equal(nothing, null);
    assert.equal((await rows()).length, 2, 'nothing was changed');

    await refuseAudit(store, url.startsWith('postgres'));
    await assert.rejects(
      recorder.changing(
        (transaction) => createAccount(transaction, { email: 'bob@example.com', passwordHash: 'none', roles: [] }, now),
        ({ id }) => factOf('account_created', id),
      ),
      /refused/,
    );
    await assert.rejects(
      recorder.changing(
        (transaction) => disableAccount(transaction, account.id, now + 1),
        (one) => one && factOf('account_disabled', one.id),
      ),
      /refused/,
    );
    const accounts = await store.selectFrom('accounts').select('email').execute();
    assert.deepEqual(
      accounts.map(({ email }) => email),
      ['ada@example.com'],
    );
    assert.deepEqual(heard, ['account'], 'nobody hears of a revocation that was undone');
    assert.equal((await rows()).length, 2);
  });
});
