import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { signInFor, query } from '../support/client.ts';
import { getTokens, startIssuer } from '../support/issuer.ts';
import { root, temporaryFolder } from '../support/process.ts';
import { program } from '../support/program.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { assertUntold, makeKey, payloadOf, sign } from '../support/tokens.ts';

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Returns the outcome of the check whose name starts with this text. */
  readonly outcome: (name: string) => string | undefined;
}

/** Runs `claimgate token` like a person, with text on standard input. */
async function ask(
  input: string,
  { env = {}, cwd = root, args = [] }: { env?: Record<string, string>; cwd?: string; args?: readonly string[] } = {},
): Promise<Said> {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [...program, 'token', ...args], {
    cwd,
    env: { PATH, HOME, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }), ...env },
  });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    texts.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    texts.err += chunk.toString();
  });
  // The program may have read enough and exited before all input was written.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  if (input.length > 20) assertUntold(input, texts.out + texts.err);
  return {
    code: Number(code),
    ...texts,
    outcome: (name) => new RegExp(`^ {2}${name}.* {2}(passes|fails|unknown|not asked)`, 'm').exec(texts.out)?.[1],
  };
}

describe('claimgate token, with the embedded authorization server', () => {
  let server: TestServer;
  let env: Record<string, string>;
  let accessToken: string;
  before(async () => {
    server = await startTestServer();
    env = { DATABASE_URL: server.databaseUrl, CLAIMGATE_PUBLIC_URL: server.url };
    ({ accessToken } = await signInFor(server.url));
  });
  after(() => server.dispose());

  it('accepts a token, names its principal, and prints no colours into a file', async () => {
    const { code, out, outcome } = await ask(`${accessToken}\n`, { env });
    assert.equal(code, 0, out);
    assert.match(out, /Accepted\./);
    assert.match(out, new RegExp(`the account ${String(decodeJwt(accessToken).sub)}`));
    assert.match(out, /scopes +applications grants profile|scopes +profile applications grants/);
    assert.equal(outcome('signature'), 'passes');
    assert.ok(!out.includes('\u001b'));
  });

  it('continues after a failed check, and reports each reason', async () => {
    const [header = '', payload = ''] = accessToken.split('.');
    const { code, out, outcome } = await ask(`${header}.${payload}.${'A'.repeat(86)}`, { env });
    assert.equal(code, 1);
    assert.equal(outcome('signature'), 'fails');
    assert.equal(outcome('expiry'), 'passes');
    assert.equal(outcome('revocation'), 'not asked');
    assert.match(out, /its signature does not fit/);
    assert.match(out, /Refused\./);
  });

  it('refuses a token of an issuer that is not configured, and text that is not a token', async () => {
    const foreign = await ask(sign(makeKey()), { env });
    assert.deepEqual([foreign.code, foreign.outcome('form'), foreign.outcome('issuer')], [1, 'passes', 'fails']);
    const nothing = await ask('not a token, but long enough', { env });
    assert.deepEqual([nothing.code, nothing.outcome('form'), nothing.outcome('issuer')], [1, 'fails', 'not asked']);
    assert.equal((await ask('x'.repeat(200_000), { env })).code, 1);
  });

  it('reports that a token was revoked', async () => {
    const { accessToken: token } = await signInFor(server.url);
    const id = Buffer.from(`Grant:${String(decodeJwt(token)['grant_id'])}`).toString('base64url');
    const mutation = 'mutation ($id: ID!) { revokeGrant(input: { id: $id }) { grant { scopes } } }';
    await query(server.url, mutation, { token, variables: { id } });
    const { code, outcome } = await ask(token, { env });
    assert.deepEqual([code, outcome('signature'), outcome('revocation')], [1, 'passes', 'fails']);
  });

  it('reports that a token is bound to no key', async () => {
    const { code, outcome } = await ask(accessToken, { env, args: ['--dpop'] });
    assert.deepEqual([code, outcome('binding')], [1, 'fails']);
  });

  it('changes nothing: the files of a stopped server are as they were', async () => {
    const stopped = await startTestServer();
    const { accessToken: token } = await signInFor(stopped.url);
    await stopped.stop();
    const files = async () => {
      const names = await readdir(join(stopped.folder, 'data'));
      return Promise.all(names.sort().map(async (name) => [name, await readFile(join(stopped.folder, 'data', name))]));
    };
    const before = await files();
    const settings = { DATABASE_URL: stopped.databaseUrl, CLAIMGATE_PUBLIC_URL: stopped.url };
    assert.equal((await ask(token, { env: settings })).code, 0);
    assert.deepEqual(await files(), before);
    await stopped.dispose();
  });
});

it('claimgate token creates no database', async (t) => {
  const folder = await temporaryFolder();
  t.after(() => folder.remove());
  const { code, err } = await ask(sign(makeKey()), { cwd: folder.path });
  assert.equal(code, 2);
  assert.match(err, /there is no database/);
  assert.deepEqual(await readdir(folder.path), []);
});

it('claimgate token with a foreign issuer, and while that issuer is down', async (t) => {
  const folder = await temporaryFolder();
  t.after(() => folder.remove());
  const audience = 'https://api.example/graphql';
  const issuer = await startIssuer({ audience });
  const { access_token, id_token = '' } = await getTokens(issuer, 'openid profile');
  const env = { CLAIMGATE_ISSUER: issuer.issuer, CLAIMGATE_AUDIENCE: audience };
  const good = await ask(access_token, { env, cwd: folder.path });
  assert.equal(good.code, 0, good.out + good.err);
  assert.match(good.out, /the account ada/);
  const id = await ask(id_token, { env, cwd: folder.path });
  assert.deepEqual([id.code, id.outcome('header'), id.outcome('audience')], [1, 'fails', 'fails']);
  await issuer.stop();
  const down = await ask(access_token, { env, cwd: folder.path });
  assert.deepEqual([down.code, down.outcome('signature'), down.outcome('audience')], [1, 'unknown', 'passes']);
  assert.deepEqual(await readdir(folder.path), []);
});

for (const [what, claims] of [
  [
    '_claim_names',
    { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.example/' } } },
  ],
  ['hasgroups', { hasgroups: true }],
] as const) {
  it(`claimgate token reports that groups are missing in a token with ${what}, as Entra issues for more than 200`, async (t) => {
    const folder = await temporaryFolder();
    t.after(() => folder.remove());
    const key = makeKey('RS256');
    const now = Math.floor(Date.now() / 1_000);
    const issuer = 'https://login.microsoftonline.com/aaaabbbb/v2.0';
    const entry = {
      issuer,
      preset: 'entra',
      audiences: ['api'],
      keys: { jwks: { keys: [key.publicJwk] } },
      roles: { claim: ['groups'], scopes: { a: ['orders:read'] } },
    };
    await writeFile(
      join(folder.path, 'claimgate.config.mjs'),
      `export default { issuers: [${JSON.stringify(entry)}] };`,
    );
    const payload = {
      iss: issuer,
      aud: 'api',
      sub: 'ada',
      azp: 'app',
      uti: 'u',
      scp: 'x',
      iat: now,
      exp: now + 600,
      ...claims,
    };
    const { code, out, err } = await ask(sign(key, { header: { typ: 'JWT' }, payload }), {
      env: { CLAIMGATE_ISSUER: issuer, CLAIMGATE_AUDIENCE: 'https://api.example/graphql' },
      cwd: folder.path,
    });
    assert.equal(code, 0, out + err);
    assert.match(out, /^ {2}left out +groups: not in the token and never fetched/m);
    assert.doesNotMatch(out, /graph\.example/);
  });
}

it('claimgate token reports wrong usage with a token as argument, with none, and with a wrong configuration', async () => {
  const token = sign(makeKey(), { payload: payloadOf() });
  const argument = await ask('', { args: [token] });
  assert.equal(argument.code, 2);
  assertUntold(token, argument.out + argument.err);
  assert.equal((await ask('  \n')).code, 2);
  const wrong = await ask(token, { env: { PORT: 'many' } });
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /PORT/);
  assert.equal((await ask(token, { args: ['--colour'] })).code, 2);
});
