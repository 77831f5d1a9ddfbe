import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditType } from '../../src/audit/event-types.ts';
import { admitAudit, refuseAudit } from '../support/audit.ts';
import {
  authorizeAddress,
  codeForm,
  exchangeMutation,
  postForm,
  query,
  refresh,
  refreshMutation,
  requestCode,
  revokeMutation,
  signInFor,
} from '../support/client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { admin, startTestServer, type TestServer, withStore } from '../support/server.ts';
import { comeBack, type RunningStranger, startStranger, strangerSecret } from '../support/stranger.ts';

/** An act of several requests, all sent except the last one. */
interface Act {
  readonly name: string;
  /** The audit rows that the act writes. */
  readonly rows: readonly AuditType[];
  /**
   * Sends the last request.
   * @returns the answer as text
   */
  readonly last: () => Promise<string>;
  /** The answer if the act succeeds, and the answer if its audit row cannot be written. */
  readonly done: RegExp;
  readonly refused: RegExp;
}

const redirectUri = 'https://app.example/callback';
const createMutation = 'mutation ($input: CreateAccountInput!) { createAccount(input: $input) { account { id } } }';
const beginMutation = `mutation ($input: BeginAuthorizationInput!) {
  beginAuthorization(input: $input) { ... on BegunAuthorization { authorizationUrl transaction } }
}`;

/**
 * A wait that is longer than the grace period for refresh tokens, and longer than the time in which two uses of a code
 * count as a race. In milliseconds.
 */
const untilReuse = 2_500;

const tokens = /"accessToken":"[\w.-]{20,}/;
const fault = /INTERNAL_SERVER_ERROR/;
const reuse = { done: /^400 .*invalid_grant/, refused: /^500 .*server_error/ };

/** Sends the last requests, and returns their answers as text. */
function client(url: string) {
  return {
    ask: async (document: string, input: Record<string, unknown>, token?: string): Promise<string> => {
      const { body } = await query(url, document, { variables: { input }, ...(token && { token }) });
      return JSON.stringify(body);
    },
    post: async (fields: Record<string, string>): Promise<string> => {
      const { status, body } = await postForm(url, '/oauth/token', fields);
      return `${status} ${JSON.stringify(body)}`;
    },
    page: async (response: Promise<Response>): Promise<string> => {
      const { status, headers } = await response;
      return `${status} ${headers.get('location') ?? ''}`;
    },
  };
}

/**
 * Signs in at the issuer of a connection and returns.
 * @returns the input of the exchange
 */
async function comeThrough(url: string) {
  const begun = JSON.parse(await client(url).ask(beginMutation, { connection: 'one', redirectUri }));
  const { authorizationUrl, transaction } = begun.data.beginAuthorization;
  return { connection: 'one', transaction, ...(await comeBack(authorizationUrl)) };
}

async function handleOf(url: string) {
  const { data } = JSON.parse(await client(url).ask(exchangeMutation, { connection: await comeThrough(url) }));
  return { connection: 'one', refreshToken: String(data.exchangeAuthorizationCode.refreshToken) };
}

/** Acts that consume a single-use credential, prepared up to their last request. */
async function onceOnly({ url }: TestServer): Promise<Act[]> {
  const { ask } = client(url);
  const [coming, handle] = await Promise.all([comeThrough(url), handleOf(url)]);
  return [
    {
      name: 'a code that is traded through a connection',
      rows: ['token_issued'],
      last: () => ask(exchangeMutation, { connection: coming }),
      done: tokens,
      refused: fault,
    },
    {
      name: 'a refresh through a connection',
      rows: ['token_refreshed'],
      last: () => ask(refreshMutation, handle),
      done: tokens,
      refused: fault,
    },
  ];
}

/**
 * Acts that can be repeated after a refusal.
 * @param token - an administrator's access token
 */
async function repeatable({ url }: TestServer, token: string): Promise<Act[]> {
  const { ask, post, page } = client(url);
  const leaving = new Person();
  const arriving = new Person();
  const [{ input: code }, { refreshToken: reused }, { refreshToken: revoked }, handle] = await Promise.all([
    requestCode(url),
    signInFor(url),
    signInFor(url),
    handleOf(url),
    requestCode(url, { person: leaving }),
  ]);
  assert.match(await post(codeForm(code)), /^200/);
  assert.ok((await refresh(url, { refreshToken: reused }))['accessToken']);
  const used = performance.now();
  const arrival = await arriving.follow(await arriving.get(authorizeAddress(url)), url);
  const farewell = await leaving.follow(await leaving.get(`${url}/oauth/logout`), url);
  await sleep(untilReuse - (performance.now() - used));
  return [
    {
      name: 'a mutation of an administrator',
      rows: ['account_created', 'administration'],
      last: () => ask(createMutation, { email: 'new@example.com' }, token),
      done: /"id":/,
      refused: fault,
    },
    {
      name: 'a refresh token that is taken back',
      rows: ['token_revoked', 'grant_revoked'],
      last: () => ask(revokeMutation, { clientId: 'claimgate', token: revoked }),
      done: /"error":null/,
      refused: /"server_error"/,
    },
    {
      name: 'a code that comes again',
      rows: ['code_reuse', 'grant_revoked'],
      last: () => post(codeForm(code)),
      ...reuse,
    },
    {
      name: 'a refresh token that comes again',
      rows: ['refresh_reuse', 'grant_revoked'],
      last: () => post({ grant_type: 'refresh_token', client_id: 'claimgate', refresh_token: reused }),
      ...reuse,
    },
    {
      name: 'a sign-in',
      rows: ['sign_in'],
      last: () => page(arriving.submit(arrival, 'sign-in', { ...admin, decision: 'sign-in' })),
      done: /^303 .*\/oauth\/authorize\//,
      refused: /^500/,
    },
    {
      name: 'a sign-out that an application asks for',
      rows: ['sign_out'],
      last: () => page(leaving.submit(farewell, 'confirm', { logout: 'yes' })),
      done: /^303 .*\/success/,
      refused: /^500/,
    },
    {
      name: 'a handle that is taken back',
      rows: ['token_revoked'],
      last: () => ask(revokeMutation, { connection: 'one', token: handle.refreshToken }),
      done: /"error":null/,
      refused: fault,
    },
  ];
}

/** Counts the audit rows of each type. It leaves out the rows of our own tokens, which are written within a second. */
async function rowsOf(server: TestServer): Promise<Map<string, number>> {
  const rows = await withStore(server, (store) =>
    store.selectFrom('audit_events').select(['type', 'count', 'detail']).execute(),
  );
  const counts = new Map<string, number>();
  for (const { type, count, detail } of rows) {
    const isBatched =
      type === 'denial' || (/^token_(issued|refreshed)$/.test(type) && !detail?.startsWith('connection'));
    if (!isBatched) counts.set(type, (counts.get(type) ?? 0) + count);
  }
  return counts;
}

/** Returns everything that an act could have ended or created. */
async function kept(server: TestServer): Promise<unknown> {
  return withStore(server, async (store) => ({
    accounts: await store.selectFrom('accounts').select('email').orderBy('email').execute(),
    grants: await store.selectFrom('grants').select('id').orderBy('id').execute(),
    revocations: await store.selectFrom('revocations').select('sequence').execute(),
    sessions: await store
      .selectFrom('artifacts')
      .select('uid_hash')
      .where('model', '=', 'Session')
      .where('account_id', 'is not', null)
      .orderBy('uid_hash')
      .execute(),
    handles: await store.selectFrom('connection_grants').select(['id_hash', 'spent_at']).orderBy('id_hash').execute(),
  }));
}

onEachDatabase((database) => {
  let stranger: RunningStranger;
  async function start(): Promise<TestServer> {
    stranger = await startStranger();
    const entry = { name: 'one', issuer: stranger.issuer, clientId: 'RS256-basic', clientSecret: strangerSecret };
    const connections = [{ ...entry, redirectUris: [redirectUri] }];
    return startTestServer({
      database,
      config: `export default { lifetimes: { grace: 1 }, connections: ${JSON.stringify(connections)} }`,
      env: { CLAIMGATE_KEY: randomBytes(32).toString('base64') },
    });
  }

  it('an act is acknowledged only with its audit row, and refused without it, however soon the process is killed', async (t) => {
    const server = await start();
    t.after(async () => {
      await server.dispose();
      await stranger.stop();
    });
    const { accessToken } = await signInFor(server.url, { scope: 'accounts' });
    const stillGood = await repeatable(server, accessToken);
    const acts = [...stillGood, ...(await onceOnly(server))];

    // Without the audit table nothing can be recorded: each act is refused, and the data stays unchanged.
    const before = await kept(server);
    await withStore(server, (store) => refuseAudit(store));
    const refusals = await Promise.all(acts.map(async ({ last }) => last()));
    for (const [index, { name, refused }] of acts.entries()) assert.match(refusals[index] ?? '', refused, name);
    assert.deepEqual(await kept(server), before, 'nothing was changed');
    await withStore(server, (store) => admitAudit(store));

    const all = [...stillGood, ...(await onceOnly(server))];
    const present = await rowsOf(server);
    const expected = new Map(present);
    for (const type of all.flatMap(({ rows }) => rows)) expected.set(type, (expected.get(type) ?? 0) + 1);
    const answers = await Promise.all(all.map(async ({ last }) => last()));
    await server.stop('SIGKILL');
    for (const [index, { name, done }] of all.entries()) assert.match(answers[index] ?? '', done, name);
    assert.deepEqual(await rowsOf(server), expected);
  });
});
