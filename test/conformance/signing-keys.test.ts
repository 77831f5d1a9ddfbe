import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRemoteJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { listAuditEvents } from '../../src/audit/trail.ts';
import { listSigningKeys } from '../../src/identity/keys/signing-keys.ts';
import { query, refresh, requestCode, exchange, signInFor } from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { run, until } from '../support/process.ts';
import { program } from '../support/program.ts';
import { startTestServer, type TestServer, withStore } from '../support/server.ts';

const viewer = '{ viewer { subject } }';
const rotateMutation = `mutation ($input: RotateSigningKeyInput!) {
  rotateSigningKey(input: $input) { signingKey { kid state } }
}`;

async function publishedBy(server: TestServer): Promise<string[]> {
  const response = await fetch(`${server.own}/oauth/jwks`);
  const set = (await response.json()) as JSONWebKeySet;
  for (const key of set.keys) {
    for (const member of ['d', 'p', 'q', 'k']) assert.equal(member in key, false);
  }
  return set.keys.map(({ kid }) => kid ?? '');
}

/** Runs `claimgate key …` on the database of a server. */
async function keyCommand(server: TestServer, args: readonly string[], env: Record<string, string> = {}) {
  const command = run([...program, 'key', ...args], {
    cwd: server.folder,
    env: { DATABASE_URL: server.databaseUrl, ...env },
  });
  const code = await command.ended;
  return { code, output: command.output() };
}

onDatabaseOrEach('SQLite', (database) => {
  describe('signing keys, replaced while two processes are in use', () => {
    let here: TestServer;
    let there: TestServer;
    before(async () => {
      const config = 'export default { keys: { publishForSeconds: 2, rotateEverySeconds: 0 } }';
      here = await startTestServer({ database, config });
      there = await startTestServer({ beside: here });
    });
    after(async () => {
      await there.dispose();
      await here.dispose();
    });

    it('not one request fails, and each process signs with the new key in time', async (t) => {
      const tokens = await signInFor(here.url, { scope: 'openid profile' });
      let { refreshToken } = tokens;
      const access = [tokens.accessToken];
      const kids = new Set<string>();
      let stop = false;
      let requests = 0;
      const using = (async () => {
        while (!stop) {
          const server = requests % 2 === 0 ? here : there;
          const renewed = await refresh(server.own, { refreshToken });
          assert.ok(renewed['accessToken'], JSON.stringify(renewed));
          ({ refreshToken } = renewed as { refreshToken: string });
          access.push(renewed['accessToken']);
          kids.add(String(decodeProtectedHeader(renewed['accessToken']).kid));
          for (const one of [here, there]) {
            const { status, body } = await query(one.own, viewer, { token: renewed['accessToken'] });
            assert.equal(status, 200, JSON.stringify(body));
          }
          requests += 3;
          // Pauses between requests, so that the keys change during the loop and the machine is not overloaded.
          await sleep(50);
        }
      })();
      for (let round = 1; round <= 3; round += 1) {
        const before = await publishedBy(there);
        const { code, output } = await keyCommand(here, ['rotate'], {
          CLAIMGATE_CONFIG: join(here.folder, 'claimgate.config.mjs'),
        });
        assert.equal(code, 0, output);
        const from = performance.now();
        const isNew = async (server: TestServer) => (await publishedBy(server)).length === before.length + 1;
        await until(async () => (await isNew(here)) && (await isNew(there)));
        t.diagnostic(`round ${round}: both publish it after ${(performance.now() - from).toFixed(0)} ms`);
        await until(() => kids.size === round + 1 || (round === 1 && kids.size === 2), 10_000);
        await sleep(500);
      }
      stop = true;
      await using;
      t.diagnostic(`${requests} requests, ${kids.size} keys`);
      // Tokens that the first key signed stay valid until they expire.
      for (const token of access) {
        for (const server of [here, there]) assert.equal((await query(server.own, viewer, { token })).status, 200);
      }
    });

    it('a code from before the rotation is redeemed after it', async () => {
      const { input } = await requestCode(here.url);
      const before = await publishedBy(here);
      assert.equal((await keyCommand(here, ['rotate', '--now'])).code, 0);
      await until(async () => (await publishedBy(here)).length > before.length);
      const known = await publishedBy(here);
      const signedByNew = async () => {
        const { accessToken } = await signInFor(here.url);
        return !before.includes(String(decodeProtectedHeader(accessToken).kid));
      };
      await until(signedByNew, 10_000);
      const { accessToken } = await exchange(here.url, input);
      assert.ok(known.includes(String(decodeProtectedHeader(accessToken).kid)));
      assert.equal((await query(there.own, viewer, { token: accessToken })).status, 200);
    });

    it('tokens of a withdrawn key are refused by both within two seconds, and refresh tokens still work', async (t) => {
      const { accessToken, refreshToken } = await signInFor(here.url, { scope: 'profile keys' });
      const { body } = await query(here.url, rotateMutation, {
        token: accessToken,
        variables: { input: { withdraw: true } },
      });
      assert.equal(body.data?.rotateSigningKey.signingKey.state, 'SIGNING', JSON.stringify(body));
      const from = performance.now();
      const isRefused = async (server: TestServer) =>
        (await query(server.own, viewer, { token: accessToken })).status === 401;
      await until(async () => (await isRefused(here)) && (await isRefused(there)), 2_000);
      t.diagnostic(`refused by both after ${(performance.now() - from).toFixed(0)} ms`);
      const renewed = await refresh(there.own, { refreshToken });
      assert.equal((await query(here.url, viewer, { token: renewed['accessToken'] })).status, 200);
    });

    it('the list shows each key and its state, without private keys, and only with the scope', async () => {
      const { accessToken } = await signInFor(here.url, { scope: 'profile keys' });
      const document =
        '{ signingKeys(first: 2) { nodes { id kid alg state signsFrom publishedUntil } pageInfo { hasNextPage endCursor } } }';
      const { body } = await query(here.url, document, { token: accessToken });
      const { nodes, pageInfo } = body.data?.signingKeys ?? {};
      assert.equal(nodes?.length, 2, JSON.stringify(body));
      assert.equal(pageInfo.hasNextPage, true);
      const listed = await keyCommand(here, ['list', '--json']);
      const states = listed.output
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { state: string }).state);
      assert.equal(states.filter((state) => state === 'signing').length, 1);
      assert.ok(states.includes('withdrawn') && states.includes('retired'));
      assert.doesNotMatch(listed.output, /"d"/);
      const other = await signInFor(here.url, { scope: 'profile' });
      assert.equal((await query(here.url, document, { token: other.accessToken })).status, 403);
      const audit = '{ auditEvents(type: KEY_PUBLISHED) { nodes { detail } } }';
      const auditor = await signInFor(here.url, { scope: 'audit' });
      const events = await query(here.url, audit, { token: auditor.accessToken });
      assert.ok(events.body.data?.auditEvents.nodes.length >= 4, JSON.stringify(events.body));
    });
  });

  for (const algorithm of ['ES256', 'EdDSA', 'RS256']) {
    it(`tokens signed with ${algorithm} are verified by jose with the published keys, and by the API`, async (t) => {
      const server = await startTestServer({
        database,
        config: `export default { keys: { algorithm: '${algorithm}' } }`,
      });
      t.after(() => server.dispose());
      const { accessToken, idToken } = await signInFor(server.url, { scope: 'openid profile' });
      const keys = createRemoteJWKSet(new URL('/oauth/jwks', server.url));
      const options = { issuer: server.url, algorithms: [algorithm] };
      await jwtVerify(accessToken, keys, { ...options, audience: `${server.url}/graphql`, typ: 'at+jwt' });
      await jwtVerify(idToken ?? '', keys, { ...options, audience: 'claimgate' });
      assert.equal((await query(server.url, viewer, { token: accessToken })).status, 200);
    });
  }

  it('keys are replaced on schedule, once for all processes together, also after one is killed', async (t) => {
    const config = 'export default { keys: { publishForSeconds: 2, rotateEverySeconds: 6 } }';
    const here = await startTestServer({ database, config });
    const there = await startTestServer({ beside: here });
    t.after(async () => {
      await there.dispose();
      await here.dispose();
    });
    const first = await publishedBy(here);
    await until(async () => (await publishedBy(here)).length === first.length + 1, 10_000);
    await there.stop('SIGKILL');
    await until(async () => (await publishedBy(here)).length === first.length + 3, 20_000);
    const recorded = async () =>
      withStore(here, (store) => listAuditEvents(store, { type: 'key_published' }, { first: 100, after: null }));
    const replaced = async () => withStore(here, async (store) => (await listSigningKeys(store)).length - 1);
    await until(async () => (await recorded()).items.length >= (await replaced()) - 1, 5_000);
    assert.ok((await recorded()).items.length <= (await replaced()), 'one row for each, whoever did it');
    const { output } = await keyCommand(here, ['list', '--json']);
    const keys = output
      .trim()
      .split('\n')
      .map((line) => Date.parse((JSON.parse(line) as { signsFrom: string }).signsFrom));
    // Newest first. Each key begins six seconds after the previous key, plus the time until a server notices.
    for (const [index, begins] of keys.slice(0, -1).entries()) {
      const apart = begins - (keys[index + 1] ?? 0);
      assert.ok(apart >= 6_000 && apart < 10_000, `${apart}`);
    }
    const { accessToken } = await signInFor(here.url);
    assert.equal((await query(here.url, viewer, { token: accessToken })).status, 200);
  });

  it('with CLAIMGATE_KEY the database has no readable private key, and no server starts with another key or none', async (t) => {
    const key = randomBytes(32).toString('base64');
    const server = await startTestServer({ database, env: { CLAIMGATE_KEY: key } });
    t.after(() => server.dispose());
    const { refreshToken } = await signInFor(server.url, { scope: 'openid profile' });
    assert.equal((await keyCommand(server, ['rotate', '--now'], { CLAIMGATE_KEY: key })).code, 0);
    const wrong = await keyCommand(server, ['rotate', '--now'], { CLAIMGATE_KEY: randomBytes(32).toString('base64') });
    assert.equal(wrong.code, 1);
    assert.match(wrong.output, /a key that is not here/);
    assert.doesNotMatch(server.output(), /stored unencrypted/);
    if (database.name === 'SQLite') {
      await server.stop();
      const folder = join(server.databaseUrl.slice('file:'.length), '..');
      for (const name of await readdir(folder)) {
        const bytes = await readFile(join(folder, name));
        assert.equal(bytes.includes('"d":"'), false, name);
      }
    }
    for (const env of [{}, { CLAIMGATE_KEY: randomBytes(32).toString('base64') }]) {
      await assert.rejects(
        startTestServer({ beside: server, env }),
        /CLAIMGATE_KEY: expected the key that the database was encrypted with/,
      );
    }
    const replacement = randomBytes(32).toString('base64');
    const both = await startTestServer({ beside: server, env: { CLAIMGATE_KEY: `${replacement},${key}` } });
    await both.stop();
    const last = await startTestServer({ beside: server, env: { CLAIMGATE_KEY: replacement } });
    const renewed = await refresh(last.own, { refreshToken });
    assert.equal((await query(last.own, viewer, { token: renewed['accessToken'] })).status, 200);
    await last.stop();
  });
});
