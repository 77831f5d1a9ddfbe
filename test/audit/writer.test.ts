import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createAccount } from '../../src/identity/accounts/accounts.ts';
import { disableAccount } from '../../src/identity/accounts/disabling.ts';
import type { AuditFact } from '../../src/audit/facts.ts';
import { createAuditRecorder } from '../../src/audit/recorder.ts';
import { openDatabase } from '../../src/store/database.ts';
import { revocationFeed } from '../../src/store/token/revocations.ts';
import { refuseAudit } from '../support/audit.ts';
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

onEachDatabase((database) => {
  it('stores a change and its audit row together, or neither', async (t) => {
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
    revocationFeed(store, { issuer: 'https://issuer.example', memoryMs: 1_000, now: () => now }, (revocations) => {
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
    assert.deepEqual(heard, ['account'], 'this process gets the revocation once it is committed');
    assert.equal(written, 2);

    const nothing = await recorder.changing(
      (transaction) => disableAccount(transaction, 'nobody', now),
      (one) => one && factOf('account_disabled', one.id),
    );
    assert.equal(nothing, null);
    assert.equal((await rows()).length, 2, 'nothing was changed');

    await refuseAudit(store);
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
    assert.deepEqual(heard, ['account'], 'a revocation that was rolled back is not announced');
    assert.equal((await rows()).length, 2);
  });

  it('writes the event of some work in the transaction of its first change, or alone if the work changes nothing', async (t) => {
    const { url, drop } = await database.create();
    const store = await openDatabase(url);
    t.after(async () => {
      await store.destroy();
      await drop();
    });
    const recorder = createAuditRecorder({ store, now: () => now, onWritten() {}, onFault() {} });
    const types = async () =>
      (await store.selectFrom('audit_events').select('type').orderBy('sequence').execute()).map(({ type }) => type);
    const create = (email: string) =>
      recorder.changing(
        (transaction) => createAccount(transaction, { email, passwordHash: 'none', roles: [] }, now),
        ({ id }) => factOf('account_created', id),
      );
    const nothing = () =>
      recorder.changing(
        (transaction) => disableAccount(transaction, 'nobody', now),
        (one) => one && factOf('account_disabled', one.id),
      );
    const use = factOf('administration', 'use');

    await recorder.recording(use, async () => {
      await nothing();
      await create('ada@example.com');
      assert.deepEqual(await types(), ['account_created', 'administration'], 'with the first change');
      await create('bob@example.com');
    });
    assert.deepEqual(await types(), ['account_created', 'administration', 'account_created']);
    await recorder.recording(use, nothing);
    assert.deepEqual((await types()).slice(3), ['administration'], 'nothing was changed');
    const fails = async () => {
      await nothing();
      throw new Error('no');
    };
    await assert.rejects(recorder.recording(use, fails), /no/);
    await recorder.changing(
      async () => {},
      () => [],
    );
    assert.equal((await types()).length, 4);
    // Concurrent work records only its own events.
    await Promise.all([recorder.recording(use, () => create('eve@example.com')), create('dan@example.com')]);
    assert.equal((await types()).filter((type) => type === 'administration').length, 3);

    const count = (await types()).length;
    await Promise.all(Array.from({ length: 600 }, () => recorder.write(factOf('token_issued', 'x'))));
    assert.equal((await types()).length, count + 600);

    await refuseAudit(store);
    await assert.rejects(
      recorder.recording(use, () => create('fay@example.com')),
      /refused/,
    );
    const outcomes = await Promise.allSettled([1, 2].map(() => recorder.write(factOf('token_issued', 'x'))));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    const emails = (await store.selectFrom('accounts').select('email').execute()).map(({ email }) => email);
    assert.deepEqual(
      emails.toSorted(),
      ['ada', 'bob', 'dan', 'eve'].map((name) => `${name}@example.com`),
    );
  });
});
