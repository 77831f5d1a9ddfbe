import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { query } from '../support/client.ts';
import { authorize } from '../support/person.ts';
import { freePort, type RunningProcess, run, until } from '../support/process.ts';
import { program, sources } from '../support/program.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { assertUntold } from '../support/tokens.ts';

const shell = promisify(execFile);

describe('npm run sign-in', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.dispose());

  /** Starts the command, and waits until it prints the URL to open. */
  async function startSignIn(...options: string[]): Promise<{ command: RunningProcess; address: URL }> {
    const env = { PORT: new URL(server.url).port };
    const command = run([...program, 'sign-in', ...options], { env, cwd: server.folder });
    await until(() => command.output().includes('Waiting for the answer'), 30_000);
    return { command, address: new URL(/http:\S+\/oauth\/authorize\S+/.exec(command.output())?.[0] ?? '') };
  }

  it('receives the code, and prints the command that exchanges it for tokens', async () => {
    const { command, address } = await startSignIn();
    const page = await fetch(await authorize(address));
    assert.match(await page.text(), /Close this page/);
    assert.equal(await command.ended, 0, command.output());

    const [exchange = '', viewer = ''] = command.output().match(/^ {2}curl .*$/gm) ?? [];
    const exchanged = JSON.parse((await shell('sh', ['-c', exchange])).stdout);
    const { accessToken, scope } = exchanged.data.exchangeAuthorizationCode;
    assert.deepEqual(scope, ['profile', 'applications', 'grants']);
    const asked = await shell('sh', ['-c', viewer], { env: { ...process.env, TOKEN: accessToken } });
    assert.deepEqual(JSON.parse(asked.stdout).data.viewer.scopes, ['applications', 'grants', 'profile']);
  });

  it('answers the browser with a page that has no value of the request, and other requests with 404', async () => {
    const { command, address } = await startSignIn();
    const answer = new URL(address.searchParams.get('redirect_uri') ?? '');
    const other = await fetch(new URL('/favicon.ico', answer));
    assert.equal(other.status, 404);
    assert.match(await other.text(), /Nothing is here/);
    const text = 'Never \u001b[2J<b>shown</b>';
    const state = address.searchParams.get('state') ?? '';
    answer.search = new URLSearchParams({
      error: 'access_denied',
      error_description: text,
      code: '',
      iss: server.url,
      state,
    }).toString();
    const denied = await fetch(answer);
    const page = await denied.text();
    assert.match(page, /<h1>You did not sign in<\/h1>/);
    assert.doesNotMatch(page, /shown|<script/);
    assert.ok(!page.includes(state));
    assert.match(denied.headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'sha256-[^']+';/);
    assert.equal(denied.headers.get('cache-control'), 'no-store');
    assert.equal(await command.ended, 1);
    assert.match(command.output(), /No code: Never \\u\{1b\}\[2J<b>/);
  });

  it('prints a code that has the quotes of a shell as a value of one argument', async () => {
    const { command, address } = await startSignIn();
    const answer = new URL(address.searchParams.get('redirect_uri') ?? '');
    const code = `a'; echo injected; '"`;
    const state = address.searchParams.get('state') ?? '';
    answer.search = new URLSearchParams({ code, iss: server.url, state }).toString();
    await fetch(answer);
    await command.ended;
    const [exchange = ''] = command.output().match(/^ {2}curl .*$/m) ?? [];
    const { stdout } = await shell('sh', ['-c', exchange.replace('curl', `printf '%s\\n'`)]);
    const { variables } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    assert.equal(variables.input.client.code, code);
  });

  it('prints a line that puts the token into a variable', async () => {
    const { command, address } = await startSignIn();
    await fetch(await authorize(address));
    await command.ended;
    const [, assign = '', viewer = ''] = /^ {2}(TOKEN=.*)$[^]*^ {2}(curl .*)$/m.exec(command.output()) ?? [];
    const { stdout } = await shell('sh', ['-c', `${assign}\n${viewer}`]);
    assert.deepEqual(JSON.parse(stdout).data.viewer.scopes, ['applications', 'grants', 'profile']);
  });

  it('I-9 prints only the token with --token, so that a shell can store it', async () => {
    const shell = [...program, 'sign-in', '--token', '--scope', 'openid profile'];
    const command = spawn(process.execPath, shell, {
      env: { PATH: process.env.PATH ?? '', PORT: new URL(server.url).port },
      cwd: server.folder,
    });
    const texts = { out: '', err: '' };
    command.stdout.on('data', (chunk: Buffer) => void (texts.out += chunk.toString()));
    command.stderr.on('data', (chunk: Buffer) => void (texts.err += chunk.toString()));
    const ended = once(command, 'close');
    await until(() => texts.err.includes('Waiting for the answer'), 30_000);
    assert.equal(texts.out, '');
    await fetch(await authorize(new URL(/http:\S+\/oauth\/authorize\S+/.exec(texts.err)?.[0] ?? '')));
    assert.deepEqual(await ended, [0, null], texts.err);
    assert.match(texts.out, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const token = texts.out.trim();
    const { body } = await query(server.url, '{ viewer { scopes } }', { token });
    assert.deepEqual(body.data.viewer.scopes, ['profile']);
    assertUntold(token, texts.err + server.output());
  });

  it('I-9 reports a refused sign-in on the standard error, with exit code 1, and prints no token', async () => {
    const { command, address } = await startSignIn('--token');
    const answer = new URL(address.searchParams.get('redirect_uri') ?? '');
    answer.search = new URLSearchParams({
      error: 'access_denied',
      iss: server.url,
      state: address.searchParams.get('state') ?? '',
    }).toString();
    await fetch(answer);
    assert.equal(await command.ended, 1);
    assert.match(command.output(), /\nNo code: access_denied\n$/);
  });

  it('I-9 reports a code that the token endpoint refuses, without the code', async () => {
    const { command, address } = await startSignIn('--token');
    const answer = new URL(address.searchParams.get('redirect_uri') ?? '');
    const code = 'a-code-that-was-never-issued';
    const state = address.searchParams.get('state') ?? '';
    answer.search = new URLSearchParams({ code, iss: server.url, state }).toString();
    await fetch(answer);
    assert.equal(await command.ended, 1);
    assert.match(command.output(), /\nNo token: the token endpoint answered 400, invalid_grant; sign in again\n$/);
    assert.ok(!command.output().includes(code));
  });

  it('I-9 refuses flags that contradict each other, with exit code 2', async () => {
    for (const args of [
      ['--token', '--scope', 'openid', '--scope', 'profile'],
      ['--token=x'],
      ['--token', '--no-token'],
      ['--token', 'more'],
    ]) {
      const command = run([...program, 'sign-in', ...args]);
      assert.equal(await command.ended, 2, command.output());
    }
  });

  it('reports that no server answers, that the server does not know the scope, or that the scope is malformed', async () => {
    const nobody = run([...program, 'sign-in'], {
      env: { PORT: String(await freePort()) },
      cwd: server.folder,
    });
    assert.equal(await nobody.ended, 1);
    assert.match(nobody.output(), /no Claimgate answers at .*: start it first/);
    const env = { PORT: new URL(server.url).port };
    const unknown = run([...program, 'sign-in', '--scope', 'profile orders:read'], {
      env,
      cwd: server.folder,
    });
    assert.equal(await unknown.ended, 1);
    assert.match(unknown.output(), /does not know the scope orders:read; expected some of openid, profile, /);
    const malformed = run([...program, 'sign-in', '--scope', 'openid  profile'], {
      env,
      cwd: server.folder,
    });
    assert.equal(await malformed.ended, 1);
    assert.match(
      malformed.output(),
      /--scope: expected names of scopes with one space between them, found "openid {2}/,
    );
  });

  it('requests the given scope', async () => {
    const { command, address } = await startSignIn('--scope', 'keys');
    assert.equal(address.searchParams.get('scope'), 'keys');
    assert.equal(await command.stop(), 'SIGTERM');
  });

  it('ends with 1 and the reason if the person denies', async () => {
    const { command, address } = await startSignIn();
    await fetch(await authorize(address, { decision: 'deny' }));
    assert.equal(await command.ended, 1);
    assert.match(command.output(), /No code: The person denied the request/);
  });

  it('is not ended by another caller of its listener', async () => {
    const { command, address } = await startSignIn();
    const callback = address.searchParams.get('redirect_uri') ?? '';
    assert.equal((await fetch(`${callback}?code=x&state=guessed`)).status, 404);
    assert.equal((await fetch(new URL('/', callback))).status, 404);
    await fetch(await authorize(address));
    assert.equal(await command.ended, 0);
  });
});

it('an unknown command or option ends with 2, and help lists the known ones', async () => {
  const unknown = run([...program, 'sing-in']);
  assert.equal(await unknown.ended, 2);
  assert.match(
    unknown.output(),
    /there is no command "sing-in"; expected one of start, [a-z, ]*sign-in, [a-z, ]*help; the nearest is sign-in/,
  );
  const option = run([...program, 'sign-in', '--scopes', 'x']);
  assert.equal(await option.ended, 2);
  assert.match(option.output(), /Unknown option '--scopes'/);
  const help = run([...sources, '--help']);
  assert.equal(await help.ended, 0);
  assert.match(help.output(), /claimgate sign-in/);
});
