import assert from 'node:assert/strict';
import { after, before, suite, type TestContext, test } from 'node:test';
import { decodeJwt } from 'jose';
import { disableAccount } from '../../src/identity/accounts.ts';
import { openDatabase } from '../../src/store/database.ts';
import { query, refreshMutation, signInFor } from '../support/client.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { assertUntold } from '../support/tokens.ts';

/** What A-11 allows, in milliseconds. */
const allowed = 2_000;
const viewer = '{ viewer { subject } }';
const revokeGrant = 'mutation ($id: ID!) { revokeGrant(input: { id: $id }) { grant { scopes } } }';
const revokeToken = `mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { __typename } }`;

async function accepts(server: TestServer, token: string): Promise<boolean> {
  const { status, body, headers } = await query(server.url, viewer, { token });
  if (status === 200) return true;
  assert.equal(status, 401, JSON.stringify(body));
  assert.equal(body.errors?.[0]?.extensions.code, 'INVALID_TOKEN');
  assert.match(body.errors?.[0]?.message ?? '', /it was revoked/);
  assert.match(headers.get('www-authenticate') ?? '', /error="invalid_token"/);
  return false;
}

/** Measures how long a token is still accepted, and says so. */
async function measure(t: TestContext, what: string, server: TestServer, token: string): Promise<void> {
  const from = performance.now();
  await until(async () => !(await accepts(server, token)), allowed + 1_000);
  const took = performance.now() - from;
  t.diagnostic(`${what}: refused after ${took.toFixed(0)} ms`);
  assert.ok(took <= allowed, `it took ${took} ms`);
}

suite('A-11 two processes on one database', () => {
  let here: TestServer;
  let there: TestServer;
  const seen: string[] = [];
  before(async () => {
    here = await startTestServer();
    there = await startTestServer({ beside: here });
  });
  after(async () => {
    await there.dispose();
    await here.dispose();
  });

  /** A token that both have accepted, and so have in their cache. */
  async function acceptedToken() {
    const tokens = await signInFor(here.url);
    seen.push(tokens.accessToken);
    for (const server of [here, there, here, there]) assert.ok(await accepts(server, tokens.accessToken));
    return tokens;
  }

  test('a token says its grant, its session, and when its person was authenticated', async () => {
    const { accessToken } = await signInFor(here.url);
    const { grant_id, sid, auth_time, iat = 0 } = decodeJwt(accessToken);
    assert.equal(typeof grant_id, 'string');
    assert.equal(typeof sid, 'string');
    assert.ok(typeof auth_time === 'number' && Math.abs(iat - auth_time) < 60);
  });

  test('a refreshed token says the same as the first', async () => {
    const { accessToken, refreshToken } = await signInFor(here.url);
    const variables = { input: { clientId: 'claimgate', refreshToken } };
    const { body } = await query(here.url, refreshMutation, { variables });
    const [first, second] = [accessToken, body.data.refreshAccessToken.accessToken].map((token) => decodeJwt(token));
    for (const claim of ['grant_id', 'sid', 'auth_time']) {
      assert.ok(first?.[claim] !== undefined && first[claim] === second?.[claim], claim);
    }
  });

  test('a revoked grant: refused at once where it was done, within two seconds elsewhere', async (t) => {
    for (let round = 1; round <= 5; round += 1) {
      const [doer, other] = round % 2 ? [here, there] : [there, here];
      const { accessToken } = await acceptedToken();
      const id = Buffer.from(`Grant:${String(decodeJwt(accessToken)['grant_id'])}`).toString('base64url');
      const { body } = await query(doer.url, revokeGrant, { token: accessToken, variables: { id } });
      assert.equal(body.errors, undefined, JSON.stringify(body));
      assert.equal(await accepts(doer, accessToken), false);
      await measure(t, `grant, round ${round}, the other process`, other, accessToken);
    }
  });

  test('another grant of the same account and application is not touched', async () => {
    const kept = await acceptedToken();
    const revoked = await acceptedToken();
    const id = Buffer.from(`Grant:${String(decodeJwt(revoked.accessToken)['grant_id'])}`).toString('base64url');
    await query(here.url, revokeGrant, { token: kept.accessToken, variables: { id } });
    assert.equal(await accepts(here, revoked.accessToken), false);
    assert.ok(await accepts(here, kept.accessToken));
  });

  test('a revoked refresh token takes its access tokens with it', async (t) => {
    const { accessToken, refreshToken } = await acceptedToken();
    const variables = { input: { clientId: 'claimgate', token: refreshToken } };
    const { body } = await query(here.url, revokeToken, { variables });
    assert.equal(body.errors, undefined, JSON.stringify(body));
    assert.equal(await accepts(here, accessToken), false);
    await measure(t, 'refresh token, the other process', there, accessToken);
  });

  test('what was revoked stays so after a restart', async () => {
    const { accessToken } = await acceptedToken();
    const id = Buffer.from(`Grant:${String(decodeJwt(accessToken)['grant_id'])}`).toString('base64url');
    await query(here.url, revokeGrant, { token: accessToken, variables: { id } });
    const restarted = await startTestServer({ beside: here });
    try {
      assert.equal(await accepts(restarted, accessToken), false);
    } finally {
      await restarted.stop();
    }
  });

  test('a disabled account, disabled by a third process: refused within two seconds by both', async (t) => {
    const { accessToken, refreshToken } = await acceptedToken();
    const store = await openDatabase(here.databaseUrl);
    t.after(() => store.destroy());
    assert.ok(await disableAccount(store, String(decodeJwt(accessToken).sub), Date.now()));
    await Promise.all([
      measure(t, 'account, one process', here, accessToken),
      measure(t, 'account, the other', there, accessToken),
    ]);
    const variables = { input: { clientId: 'claimgate', refreshToken } };
    const { body } = await query(here.url, refreshMutation, { variables });
    assert.equal(body.data.refreshAccessToken.error, 'invalid_grant');
  });

  test('neither has said a token in its log', () => {
    assert.ok(seen.length > 0);
    for (const token of seen) {
      for (const server of [here, there]) assertUntold(token, server.output());
    }
  });
});
