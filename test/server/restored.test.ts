import assert from 'node:assert/strict';
import { hash, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { readServerConfig } from '../../src/server/configuration.ts';
import { proofChecker } from '../../src/server/proofs.ts';
import { endRestored } from '../../src/server/restore.ts';
import { endAfterRestore } from '../../src/identity/restored.ts';
import { checkAssertionLifetime } from '../../src/provider/clients/authentication.ts';
import { openDatabase } from '../../src/store/database.ts';
import { markRestored, restoredAt } from '../../src/store/backup/restored.ts';
import { storedKeyCopies } from '../../src/store/token/key-copies.ts';
import { storedReplays } from '../../src/store/token/replays.ts';
import type { Store } from '../../src/store/tables.ts';
import type { PresentedProof } from '../../src/token/dpop/proof.ts';
import { claimgate } from '../support/cli.ts';
import { query, refresh, signInFor } from '../support/client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { makeKey, sign, target } from '../support/tokens.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer, withStore } from '../support/server.ts';

/** Returns a new proof of possession for an access token. */
async function newProof(): Promise<PresentedProof> {
  const key = makeKey();
  const token = sign(key);
  const payload = {
    jti: randomUUID(),
    htm: target.method,
    htu: target.url,
    iat: Math.floor(Date.now() / 1_000),
    ath: hash('sha256', token, 'base64url'),
  };
  const header = { typ: 'dpop+jwt', kid: undefined, jwk: key.publicKey.export({ format: 'jwk' }) };
  return {
    proof: sign(key, { header, payload }),
    token,
    thumbprint: await calculateJwkThumbprint(key.publicJwk),
    target,
  };
}

onEachDatabase((database) => {
  describe('after a restore', () => {
    let server: TestServer;
    before(async () => {
      server = await startTestServer({ database });
    });
    after(() => server.dispose());

    it('S-6 a server that kept running refuses cached tokens, and finds the rows that are written later', async () => {
      const { accessToken, refreshToken } = await signInFor(server.url);
      const isRefused = async () =>
        (await query(server.url, '{ viewer { subject } }', { token: accessToken })).status === 401;
      assert.equal(await isRefused(), false);
      const counters = (store: Store) => store.selectFrom('counters').selectAll().execute();
      const before = await withStore(server, counters);
      // The command refuses to do this while a server runs. It is done here to show that such a server is safe too.
      await withStore(server, (store) => endAfterRestore(store, { algorithm: 'ES256', sealer: null }, Date.now()));
      await until(isRefused, 5_000);
      assert.equal((await refresh(server.url, { refreshToken }))['error'], 'invalid_grant');
      for (const { name, value } of await withStore(server, counters)) {
        assert.ok(value > Math.max(...before.map((counter) => counter.value), 1_700_000_000_000), name);
      }
      const again = await signInFor(server.url);
      assert.equal((await query(server.url, '{ viewer { subject } }', { token: again.accessToken })).status, 200);
      const revoked = await claimgate(['grant', 'list', '--json'], { env: { DATABASE_URL: server.databaseUrl } });
      assert.equal(revoked.json().length, 1);
      const [{ id }] = revoked.json();
      assert.equal(
        (await claimgate(['grant', 'revoke', '--', id], { env: { DATABASE_URL: server.databaseUrl } })).code,
        0,
      );
      await until(
        async () => (await query(server.url, '{ viewer { subject } }', { token: again.accessToken })).status === 401,
        5_000,
      );
    });

    it('S-7 restore --already-restored refuses while a server runs, and then ends everything', async () => {
      const { accessToken } = await signInFor(server.url);
      const env = { DATABASE_URL: server.databaseUrl };
      const refused = await claimgate(['restore', '--already-restored', '--yes'], { env });
      assert.equal(refused.code, 2, refused.out);
      assert.match(refused.err, /^claimgate restore: .*: stop every server on this database first\n$/);
      const asked = await claimgate(['restore', '--already-restored'], { env });
      assert.deepEqual([asked.code, asked.out], [2, '']);
      assert.match(asked.err, /add --yes\n$/);
      assert.equal((await query(server.url, '{ viewer { subject } }', { token: accessToken })).status, 200);
      await server.stop();
      const ended = await claimgate(['restore', '--already-restored', '--yes', '--json'], { env });
      assert.equal(ended.code, 0, ended.err);
      assert.deepEqual([ended.json()[0].grants, ended.json()[0].signingKeys], [1, 1]);
      const keys = (await claimgate(['key', 'list', '--json'], { env })).json();
      assert.equal(keys.filter(({ state }) => state === 'signing').length, 1);
      assert.ok(!keys.some(({ state }) => state === 'retired' || state === 'published'));
    });
  });

  it('S-10 the time of a restore is read when no server uses the database, and stored keys of issuers are forgotten', async () => {
    const { url, drop } = await database.create();
    try {
      const { config } = await readServerConfig({ DATABASE_URL: url }, '/tmp');
      const store = await openDatabase(url);
      const copies = storedKeyCopies(store);
      try {
        // The issuer may have withdrawn one of these keys after the backup.
        await copies.save('https://login.example.com', { keySet: { keys: [] }, fetchedAt: Date.now() });
        // A person may answer the question of the command minutes before the servers stop.
        const tooEarly = () => assert.fail('the time was read while a server was connected');
        await assert.rejects(endRestored(config, tooEarly), /stop every server on this database first/);
      } finally {
        await store.destroy();
      }
      assert.equal((await endRestored(config, () => 1_700_000_000_000)).restoredAt, 1_700_000_000_000);
      const after = await openDatabase(url);
      try {
        assert.equal(await restoredAt(after), 1_700_000_000_000);
        assert.equal(await storedKeyCopies(after).load('https://login.example.com'), null);
      } finally {
        await after.destroy();
      }
    } finally {
      await drop();
    }
  });

  it('S-8 DPoP proofs and client assertions from before a restore are refused', async () => {
    const { url, drop } = await database.create();
    const store = await openDatabase(url);
    try {
      assert.equal(await restoredAt(store), null);
      const now = Date.now();
      await markRestored(store, now);
      assert.equal(await restoredAt(store), now);
      const { config } = await readServerConfig({}, '/');
      const checked = async (restored: number) => {
        await markRestored(store, restored);
        const checker = await proofChecker(config, store);
        return checker.check(await newProof()).then(
          () => 'accepted',
          (error: Error) => error.message,
        );
      };
      // The window of proofs is one minute.
      assert.equal(await checked(now - 70_000), 'accepted');
      assert.match(await checked(now - 50_000), /proof/);
      assert.equal(await restoredAt(store), now - 50_000);
      const replays = storedReplays(store, now);
      assert.deepEqual([await replays.add('one', now), await replays.add('two', now + 1)], [false, true]);
    } finally {
      await store.destroy();
      await drop();
    }
    const at = 1_700_000_000;
    const check =
      (claims: Record<string, unknown>, isUnvetted: boolean, restored: number | null, now = at) =>
      () =>
        checkAssertionLifetime(claims, { now: now * 1_000, isUnvetted, restoredAt: restored && restored * 1_000 });
    assert.doesNotThrow(check({ exp: at + 300 }, false, null));
    assert.throws(check({ exp: at + 300, iat: at - 10 }, false, at));
    assert.throws(check({ exp: at + 300 }, false, at));
    // The clock of the client may have been ahead.
    assert.throws(check({ exp: at + 300, iat: at + 59 }, false, at));
    assert.doesNotThrow(check({ exp: at + 400, iat: at + 61 }, false, at, at + 61));
    // Before the restore, this expiry was too late.
    assert.doesNotThrow(check({ exp: at + 601 }, true, at, at + 2));
    assert.throws(check({ exp: at + 600 }, true, at, at + 2));
  });
});
