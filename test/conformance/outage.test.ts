import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import {
  type Answer,
  codeForm,
  exchange,
  postForm,
  query,
  registerApplication,
  requestCode,
  signInFor,
} from '../support/client.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const grants = '{ grants { nodes { id } } }';

/** Asserts that the API and the health checks report an unavailable database. */
async function assertUnavailable(server: TestServer, token: string, reasons: readonly string[]): Promise<void> {
  const told = (answer: Answer) => {
    assert.equal(answer.status, 503, JSON.stringify(answer.body));
    assert.equal(answer.headers.get('retry-after'), '5');
    const [error] = answer.body.errors ?? [];
    assert.equal(error?.extensions.code, 'DATABASE_UNAVAILABLE');
    assert.ok(reasons.includes(error?.extensions.reason), JSON.stringify(error));
  };
  told(
    await query(
      server.url,
      'mutation { registerApplication(input: { name: "x", redirectUris: ["https://x.example/"], applicationType: WEB, tokenEndpointAuthMethod: NONE }) { clientSecret } }',
      { token },
    ),
  );
  // A health result is cached for one second.
  const ready = () => fetch(`${server.url}/health/ready`);
  await until(async () => (await ready()).status === 503, 3_000);
  const { checks } = (await (await ready()).json()) as { checks: { database: { status: string; reason: string } } };
  assert.equal(checks.database.status, 'failed');
  assert.ok(reasons.includes(checks.database.reason), JSON.stringify(checks));
  assert.equal((await fetch(`${server.url}/health/live`)).status, 200);
}

describe('D-6 a PostgreSQL database', () => {
  let postgres: RunningPostgres;
  let server: TestServer;
  let token: string;
  before(async () => {
    postgres = await startPostgres();
    server = await startTestServer({
      env: { DATABASE_URL: postgres.url, CLAIMGATE_METRICS_TOKEN: 'm'.repeat(32) },
    });
    ({ accessToken: token } = await signInFor(server.url));
  });
  after(async () => {
    await server.dispose();
    await postgres.dispose();
  });

  const recovered = () => until(async () => (await fetch(`${server.url}/health/ready`)).status === 200, 30_000);
  async function administer(...statements: string[]): Promise<void> {
    const client = new pg.Client({ connectionString: postgres.url });
    client.on('error', () => {});
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  it('that becomes unavailable is reported as unavailable everywhere, and everything works again when it is back', async () => {
    const { input } = await requestCode(server.url);
    await postgres.kill();
    await assertUnavailable(server, token, ['away']);
    const read = await query(server.url, grants, { token });
    assert.equal(read.status, 503, JSON.stringify(read.body));

    const form = await postForm(server.url, '/oauth/token', codeForm(input));
    assert.equal(form.status, 503, JSON.stringify(form.body));
    assert.equal(form.body.error, 'temporarily_unavailable');
    assert.match(form.body.error_description, /away$/);
    assert.equal(form.headers.get('retry-after'), '5');
    assert.equal(form.headers.get('cache-control'), 'no-store');
    const revocation = await postForm(server.url, '/oauth/revoke', { token, client_id: 'claimgate' });
    assert.equal(revocation.status, 503);

    const page = await fetch(`${server.url}/oauth/authorize?client_id=claimgate`, { headers: { accept: 'text/html' } });
    assert.equal(page.status, 503);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(await page.text(), /try again in a few seconds/);

    await postgres.start();
    await recovered();
    // The client sent the code while the database was not readable, so the code is still valid.
    assert.ok((await exchange(server.url, input)).accessToken);
    assert.equal((await query(server.url, grants, { token })).status, 200);
  });

  it('that accepts no writes: nothing is half written, and reads work', async () => {
    const before = (await query(server.url, grants, { token })).body.data.grants.nodes.length;
    const { input } = await requestCode(server.url);
    await administer(
      'alter database postgres set default_transaction_read_only = on',
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'claimgate'`,
    );
    // Until new connections exist, the error reports ended connections and not a read-only database.
    await until(async () => {
      const answer = await postForm(server.url, '/oauth/token', codeForm(input));
      assert.equal(answer.status, 503, JSON.stringify(answer.body));
      return answer.body.error_description.endsWith('read-only');
    });
    await assertUnavailable(server, token, ['read-only']);
    await assert.rejects(requestCode(server.url), /the database is unavailable: read-only/);
    const read = await query(server.url, grants, { token });
    assert.equal(read.status, 200, JSON.stringify(read.body));
    assert.equal(read.body.data.grants.nodes.length, before + 1, 'the one whose code was not redeemed');
    await administer(
      'begin; set transaction read write; alter database postgres set default_transaction_read_only = off; commit',
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'claimgate'`,
    );
    await recovered();
    assert.ok((await exchange(server.url, input)).accessToken, 'the code was not burnt');
  });

  it('that is slow: a locked table is not waited for longer than four seconds', async () => {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query('begin');
    await client.query('lock table applications in access exclusive mode');
    const from = performance.now();
    const { input } = { input: { token, client_id: 'claimgate' } };
    const [endpoint, api] = await Promise.all([
      postForm(server.url, '/oauth/revoke', input),
      query(server.url, '{ applications { nodes { id } } }', { token }),
    ]);
    const took = performance.now() - from;
    await client.query('rollback');
    await client.end();
    assert.equal(endpoint.status, 503);
    assert.match(endpoint.body.error_description, /slow$/);
    assert.equal(api.body.errors?.[0]?.extensions.reason, 'slow', JSON.stringify(api.body));
    assert.ok(took < 8_000, `${took} ms`);
    await recovered();
    assert.equal((await query(server.url, '{ applications { nodes { id } } }', { token })).status, 200);
  });

  it('is logged once for each reason in ten seconds, and counted', async () => {
    const lines = () => server.output().split('the database is unavailable').length - 1;
    await until(() => lines() >= 3);
    assert.ok(lines() < 12, `${lines()}`);
    const answer = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${'m'.repeat(32)}` } });
    const text = await answer.text();
    for (const reason of ['away', 'read-only', 'slow']) {
      assert.match(text, new RegExp(`claimgate_database_failures_total\\{reason="${reason}"\\} [1-9]`));
    }
    assert.match(text, /claimgate_graphql_operations_total\{type="mutation",outcome="unavailable"\} [1-9]/);
    assert.match(text, /claimgate_database_pool_connections\{state="idle"\} [1-9]/);
  });
});

describe('D-6 a SQLite database', () => {
  it('that another process writes to for too long is reported as slow, and works again afterwards', async (t) => {
    const server = await startTestServer();
    t.after(() => server.dispose());
    const { accessToken: token } = await signInFor(server.url);
    const other = new DatabaseSync(server.databaseUrl.replace('file:', ''));
    t.after(() => other.close());
    other.exec('begin immediate');
    await assertUnavailable(server, token, ['slow']);
    other.exec('rollback');
    await registerApplication(server.url, token);
    await until(async () => (await fetch(`${server.url}/health/ready`)).status === 200);
  });
});
