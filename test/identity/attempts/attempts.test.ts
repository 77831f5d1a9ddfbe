import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { authenticate, createAccount } from '../../../src/identity/accounts/accounts.ts';
import { type AttemptLimits, defaultAttemptLimits } from '../../../src/identity/attempts/limits.ts';
import { type Attempts, createAttempts } from '../../../src/identity/attempts/attempts.ts';
import { networkOf } from '../../../src/identity/attempts/network.ts';
import { hashPassword } from '../../../src/identity/accounts/password-hash.ts';
import type { Store } from '../../../src/identity/store.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { sweepRateLimits } from '../../../src/store/rate-limits.ts';
import { onEachDatabase, type TestDatabase } from '../../support/databases.ts';

const minute = 60_000;
const here = '203.0.113.7';
const elsewhere = '198.51.100.1';

onEachDatabase((database) => {
  let kept: TestDatabase;
  let store: Store;
  const statements: string[] = [];
  const clock = { now: Date.UTC(2025, 0, 31, 12) };

  before(async () => {
    kept = await database.create();
    store = await openDatabase(kept.url, { onStatement: (sql) => statements.push(sql) });
  });
  after(async () => {
    await store.destroy();
    await kept.drop();
  });
  beforeEach(async () => {
    await store.deleteFrom('rate_limits').execute();
    statements.length = 0;
  });

  const attemptsWith = (changes: Partial<AttemptLimits> = {}): Attempts =>
    createAttempts({ store, now: () => clock.now, limits: { ...defaultAttemptLimits, ...changes } });

  /**
   * Sends wrong passwords.
   * @returns how many of them the server checked
   */
  async function guess(attempts: Attempts, count: number, email = 'ada@example.com', address = here): Promise<number> {
    let checked = 0;
    for (let index = 0; index < count; index += 1) {
      await attempts.guessPassword(email, address, async () => {
        checked += 1;
        return null;
      });
    }
    return checked;
  }
  const right = (attempts: Attempts, email = 'ada@example.com', address = here) =>
    attempts.guessPassword(email, address, async () => 'found');

  describe('a password', () => {
    it('is checked 10 times in 15 minutes, and then refused even if it is right', async () => {
      const attempts = attemptsWith();
      assert.equal(await guess(attempts, 30), 10);
      assert.deepEqual(await right(attempts), { kind: 'refused', seconds: 900 });
      clock.now += 5 * minute;
      assert.deepEqual(await right(attempts), { kind: 'refused', seconds: 600 });
      clock.now += 10 * minute;
      assert.deepEqual(await right(attempts), { kind: 'right', found: 'found' });
    });

    it('is still checked from other addresses: guessing locks out only the guessing address', async () => {
      const attempts = attemptsWith();
      await guess(attempts, 30);
      assert.equal((await right(attempts, 'ada@example.com', elsewhere)).kind, 'right');
      assert.equal((await right(attempts, 'bob@example.com', here)).kind, 'right');
    });

    it('that is right resets the count of the account, and does not count', async () => {
      const attempts = attemptsWith({ address: 25 });
      for (const _ of [1, 2]) {
        assert.equal(await guess(attempts, 9), 9);
        assert.equal((await right(attempts)).kind, 'right');
      }
      for (let index = 0; index < 200; index += 1) assert.equal((await right(attempts)).kind, 'right');
      // The address still counts all 18 wrong passwords.
      assert.equal(await guess(attempts, 9), 7);
      assert.equal((await right(attempts, 'bob@example.com')).kind, 'refused');
    });

    it('counts for the same account for every spelling of its email address', async () => {
      const attempts = attemptsWith();
      let checked = 0;
      for (const email of ['ada@example.com', 'ADA@example.com', ' ada@example.com', 'Ada@Example.COM\t']) {
        checked += await guess(attempts, 5, email);
      }
      assert.equal(checked, 10);
    });

    it('is checked 100 times for one address, over all accounts', async () => {
      const attempts = attemptsWith();
      let checked = 0;
      for (let index = 0; index < 130; index += 1) checked += await guess(attempts, 1, `someone${index}@example.com`);
      assert.equal(checked, 100);
      assert.equal((await right(attempts, 'bob@example.com')).kind, 'refused');
      assert.equal((await right(attempts, 'bob@example.com', elsewhere)).kind, 'right');
    });

    it('F-10 counts for the /48 of an IPv6 address too, with 10 times the limit, for one account and for all', async () => {
      const attempts = attemptsWith({ account: 4, address: 6 });
      const subnet = (index: number) => `2001:db8:1:${index.toString(16)}::1`;
      let checked = 0;
      for (let index = 0; index < 14; index += 1) {
        checked += await guess(attempts, 6, 'ada@example.com', subnet(index));
      }
      assert.equal(checked, 40);
      assert.equal((await right(attempts, 'ada@example.com', subnet(99))).kind, 'refused');
      assert.equal((await right(attempts, 'ada@example.com', '2001:db8:2::1')).kind, 'right');
      for (let index = 14; index < 40; index += 1) {
        checked += await guess(attempts, 1, `someone${index}@example.com`, subnet(index));
      }
      assert.equal(checked, 60);
      assert.equal((await right(attempts, 'bob@example.com', subnet(99))).kind, 'refused');
      assert.equal((await right(attempts, 'bob@example.com', '2001:db8:2::1')).kind, 'right');
    });

    it('F-10 that is refused for a /64 does not count for its neighbours in the /48', async () => {
      const attempts = attemptsWith({ account: 4, address: 4 });
      await guess(attempts, 200, 'ada@example.com', '2001:db8:1:1::1');
      for (let index = 0; index < 100; index += 1) {
        await guess(attempts, 1, `someone${index}@example.com`, '2001:db8:1:1::1');
      }
      assert.equal((await right(attempts, 'ada@example.com', '2001:db8:1:2::1')).kind, 'right');
    });

    it('F-12 that is right is checked, for any number of parallel sign-ins from one address', async () => {
      const other = await openDatabase(kept.url);
      const two = [store, other].map((store) =>
        createAttempts({ store, now: () => clock.now, limits: defaultAttemptLimits }),
      );
      const answers = await Promise.all(
        Array.from({ length: 300 }, async (_, index) =>
          two[index % 2]?.guessPassword(`person${index % 40}@example.com`, here, async () => {
            await setTimeout(5);
            return 'found';
          }),
        ),
      );
      assert.deepEqual(
        answers.filter((answer) => answer?.kind !== 'right'),
        [],
      );
      await other.destroy();
    });

    it('F-12 that could not be checked does not count', async () => {
      const attempts = attemptsWith({ account: 3, accountEverywhere: 3, address: 3 });
      for (let index = 0; index < 10; index += 1) {
        const failing = attempts.guessPassword('ada@example.com', here, async () => {
          throw new Error('the database is away');
        });
        await assert.rejects(failing, /is away/);
      }
      assert.equal((await right(attempts)).kind, 'right');
    });

    it('for a locked account does not prevent other accounts at the address from signing in', async () => {
      const attempts = attemptsWith();
      await guess(attempts, 500);
      assert.equal((await right(attempts, 'bob@example.com')).kind, 'right');
    });

    it('guessed from many addresses is slowed, and its owner can still sign in', async () => {
      const attempts = attemptsWith({ accountEverywhere: 40 });
      for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4']) {
        assert.equal(await guess(attempts, 20, 'ada@example.com', address), 10);
      }
      assert.equal(await guess(attempts, 20, 'ada@example.com', '10.0.0.5'), 3);
      assert.equal((await right(attempts)).kind, 'right');
      assert.equal(await guess(attempts, 20, 'bob@example.com', '10.0.0.5'), 10);
      clock.now += 60 * minute;
      assert.equal(await guess(attempts, 20, 'ada@example.com', '10.0.0.5'), 10);
    });

    it('is checked equally often in parallel, over two servers on one database', async () => {
      const other = await openDatabase(kept.url);
      const two = [store, other].map((store) =>
        createAttempts({ store, now: () => clock.now, limits: defaultAttemptLimits }),
      );
      const checked = await Promise.all(
        Array.from({ length: 50 }, (_, index) => guess(two[index % 2] ?? attemptsWith(), 1)),
      );
      assert.equal(checked.filter(Boolean).length, 10);
      await other.destroy();
    });

    it('is not checked if it cannot be counted', async () => {
      const broken = await database.create();
      const gone = await openDatabase(broken.url);
      const attempts = createAttempts({ store: gone, now: () => clock.now, limits: defaultAttemptLimits });
      await gone.schema.dropTable('rate_limits').execute();
      let checked = false;
      await assert.rejects(
        attempts.guessPassword('ada@example.com', here, async () => {
          checked = true;
          return 'found';
        }),
      );
      assert.equal(checked, false);
      await assert.rejects(attempts.client('claimgate', here));
      await gone.destroy();
      await broken.drop();
    });

    it('costs the same statements whether the account exists or not', async () => {
      const fields = { email: 'known@example.com', passwordHash: await hashPassword('a password'), roles: [] };
      await createAccount(store, fields, clock.now);
      const attempts = attemptsWith();
      const asked: string[][] = [];
      for (const email of ['known@example.com', 'unknown@example.com']) {
        statements.length = 0;
        for (let index = 0; index < 12; index += 1) {
          await attempts.guessPassword(email, here, () => authenticate(store, email, 'wrong'));
        }
        asked.push([...statements]);
      }
      assert.ok(asked[0] && asked[0].length > 12);
      assert.deepEqual(asked[0], asked[1]);
    });

    it('stores no address and no account in plain text', async () => {
      await guess(attemptsWith(), 2);
      const rows = await store.selectFrom('rate_limits').selectAll().execute();
      assert.equal(rows.length, 3);
      assert.doesNotMatch(JSON.stringify(rows), /ada|example|203/);
    });
  });

  describe('a client', () => {
    async function fail(attempts: Attempts, count: number, mistake: 'authentication' | 'grant', address = here) {
      let heard = 0;
      for (let index = 0; index < count; index += 1) {
        const attempt = await attempts.client('shop', address);
        if (attempt.refusedForSeconds !== null) continue;
        heard += 1;
        await attempt.failed(mistake);
      }
      return heard;
    }

    it('may fail to authenticate 30 times from one address', async () => {
      const attempts = attemptsWith();
      assert.equal(await fail(attempts, 50, 'authentication'), 30);
      assert.equal((await attempts.client('shop', here)).refusedForSeconds, 900);
      assert.equal((await attempts.client('shop', elsewhere)).refusedForSeconds, null);
      assert.equal((await attempts.client('blog', here)).refusedForSeconds, null);
      clock.now += 15 * minute;
      assert.equal((await attempts.client('shop', here)).refusedForSeconds, null);
    });

    it('may send wrong codes and refresh tokens 10 times as often', async () => {
      assert.equal(await fail(attemptsWith({ client: 3 }), 50, 'grant'), 30);
    });

    it('that succeeds resets its own count, and not the count of its address', async () => {
      const attempts = attemptsWith({ client: 5, clientAddress: 8 });
      assert.equal(await fail(attempts, 4, 'authentication'), 4);
      await (await attempts.client('shop', here)).succeeded();
      assert.equal(await fail(attempts, 9, 'authentication'), 4);
    });

    it('that fails from many addresses is slowed, and not locked out', async () => {
      const attempts = attemptsWith({ clientEverywhere: 60 });
      assert.equal(await fail(attempts, 50, 'authentication', '10.0.0.1'), 30);
      assert.equal(await fail(attempts, 50, 'authentication', '10.0.0.2'), 30);
      assert.equal(await fail(attempts, 50, 'authentication', '10.0.0.3'), 3);
      assert.equal((await attempts.client('shop', here)).refusedForSeconds, null);
    });

    it('F-10 counts for the /48 of an IPv6 address too, with 10 times the limit', async () => {
      const attempts = attemptsWith({ client: 2, clientAddress: 3 });
      const subnet = (index: number) => `2001:db8:1:${index.toString(16)}::1`;
      let heard = 0;
      for (let index = 0; index < 15; index += 1) heard += await fail(attempts, 3, 'authentication', subnet(index));
      assert.equal(heard, 20);
      assert.equal((await attempts.client('shop', subnet(99))).refusedForSeconds, 900);
      assert.equal((await attempts.client('shop', '2001:db8:2::1')).refusedForSeconds, null);
      for (let index = 20; index < 30; index += 1) {
        const attempt = await attempts.client(`client${index}`, subnet(index));
        assert.equal(attempt.refusedForSeconds, null);
        await attempt.failed('authentication');
      }
      assert.equal((await attempts.client('blog', subnet(99))).refusedForSeconds, 900);
      assert.equal((await attempts.client('blog', '2001:db8:2::1')).refusedForSeconds, null);
    });

    it('that makes no mistake causes no write', async () => {
      const attempt = await attemptsWith().client('shop', here);
      await attempt.succeeded();
      assert.deepEqual(await store.selectFrom('rate_limits').selectAll().execute(), []);
      assert.equal(statements.filter((sql) => !sql.startsWith('select')).length, 0);
    });
  });

  it('F-10 registrations count for the /48 of an IPv6 address too', async () => {
    const attempts = attemptsWith({ registration: 1 });
    const heard = [];
    for (let index = 0; index < 12; index += 1) {
      heard.push((await attempts.register(`2001:db8:1:${index.toString(16)}::1`)) === null);
    }
    assert.deepEqual([heard.filter(Boolean).length, heard.at(-1)], [10, false]);
    assert.equal(await attempts.register('2001:db8:2::1'), null);
  });

  it('counts expire after their time, and not before', async () => {
    await guess(attemptsWith(), 3);
    assert.equal(await sweepRateLimits(store, clock.now), 0);
    assert.equal(await sweepRateLimits(store, clock.now + 15 * minute), 2);
    assert.equal(await sweepRateLimits(store, clock.now + 60 * minute), 1);
  });
});

for (const [address, own, around] of [
  ['203.0.113.7', '203.0.113.7', null],
  ['203.0.113.7:4711', '203.0.113.7', null],
  ['::ffff:203.0.113.7', '203.0.113.7', null],
  ['::FFFF:CB00:7107', '203.0.113.7', null],
  ['[::ffff:203.0.113.7]:4711', '203.0.113.7', null],
  ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7', null],
  ['64:ff9b::203.0.113.7', '203.0.113.7', null],
  ['64:ff9b::cb00:7107', '203.0.113.7', null],
  ['64:ff9b:1::203.0.113.7', '64:ff9b:1:0::/64', '64:ff9b:1::/48'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:db8:1:ffff::1', '2001:db8:1:ffff::/64', '2001:db8:1::/48'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['[2001:db8:1:2::1]:4711', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['[2001:db8:1:2::1]', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:db8::', '2001:db8:0:0::/64', '2001:db8:0::/48'],
  ['::1', '0:0:0:0::/64', '0:0:0::/48'],
  ['::203.0.113.7', '0:0:0:0::/64', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
  ['1::2:203.0.113.7', '1:0:0:0::/64', '1:0:0::/48'],
  ['', 'unknown', null],
  ['unknown', 'unknown', null],
  ['203.0.113', 'unknown', null],
  ['203.0.113.7, 203.0.113.8', 'unknown', null],
] as const) {
  it(`F-10 from ${address || 'nowhere'} is counted for ${own}${around === null ? '' : ` and ${around}`}`, () => {
    assert.deepEqual(networkOf(address), { own, around });
  });
}
