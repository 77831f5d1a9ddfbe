import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { sql } from 'kysely';
import { readPassword } from '../../src/cli/secret.ts';
import { claimgate } from '../support/cli.ts';
import { query, refresh, registerApplication, signInFor } from '../support/client.ts';
import { onDatabase } from '../support/databases.ts';
import { run, temporaryFolder, until } from '../support/process.ts';
import { program } from '../support/program.ts';
import { addPerson, admin, startTestServer, type TestServer, withStore } from '../support/server.ts';

onDatabase('PostgreSQL', (database) => {
  describe('on the command line, with a running server,', () => {
    let server: TestServer;
    let env: Record<string, string>;
    before(async () => {
      server = await startTestServer({ database });
      env = { DATABASE_URL: server.databaseUrl };
    });
    after(() => server.dispose());

    const ask = (args: string, input?: string) =>
      claimgate(args.split(' '), { env, ...(input !== undefined && { input }) });
    const refused = async (token: string) =>
      (await query(server.url, '{ viewer { subject } }', { token })).status === 401;

    it('an account is created with a generated password, which signs in', async () => {
      const made = await ask('account create Grace@Example.com --role administrator --json');
      assert.equal(made.code, 0, made.err);
      const [{ id, password, ...account }] = made.json();
      assert.deepEqual(
        { ...account, createdAt: '' },
        {
          email: 'grace@example.com',
          roles: ['administrator'],
          disabled: false,
          createdAt: '',
        },
      );
      const { accessToken } = await signInFor(server.url, { account: { email: 'grace@example.com', password } });
      assert.equal(decodeJwt(accessToken).sub, id);
      const again = await ask('account create grace@example.com');
      assert.deepEqual([again.code, again.out], [1, '']);
      assert.match(again.err, /^claimgate account create: email: there is an account with this address\.\n$/);
    });

    it('an account is created with a password from standard input, which is never printed', async () => {
      const password = 'correct horse battery staple';
      const made = await ask('account create piped@example.com --password', `${password}\n`);
      assert.equal(made.code, 0, made.err);
      assert.match(made.out, /^Created the account piped@example\.com\.\n/);
      assert.ok(!(made.out + made.err).includes(password) && !made.out.includes('\u001b'));
      await signInFor(server.url, { account: { email: 'piped@example.com', password } });
      const short = await ask('account create short@example.com --password', 'short\n');
      assert.deepEqual([short.code, short.out], [1, '']);
      assert.match(short.err, /password: expected 12 to 1,024 characters/);
      assert.equal((await ask('account create none@example.com --password', '')).code, 2);
    });

    it('a disabled account is refused within two seconds, and enabled again it signs in', async () => {
      const person = await addPerson(server, 'leaving@example.com');
      const { accessToken, refreshToken } = await signInFor(server.url, { account: person });
      const done = await ask('account disable leaving@example.com');
      assert.equal(done.code, 0, done.err);
      await until(() => refused(accessToken), 2_000);
      assert.equal((await refresh(server.url, { refreshToken })).error, 'invalid_grant');
      await assert.rejects(signInFor(server.url, { account: person }), /do not belong together/);
      assert.equal((await ask(`account enable ${person.id}`)).code, 0);
      // Tokens that were issued within five seconds after the change are refused too, because they may have been in
      // transit.
      await until(async () => {
        await sleep(500);
        return !(await refused((await signInFor(server.url, { account: person })).accessToken));
      }, 10_000);
    });

    it('a new password ends sessions and grants, and signs in', async () => {
      const person = await addPerson(server, 'changing@example.com');
      const { accessToken, refreshToken } = await signInFor(server.url, { account: person });
      const password = 'another horse battery';
      assert.equal((await ask('account password changing@example.com', `${password}\r\n`)).code, 0);
      await until(() => refused(accessToken), 2_000);
      assert.equal((await refresh(server.url, { refreshToken })).error, 'invalid_grant');
      await assert.rejects(signInFor(server.url, { account: person }));
      await signInFor(server.url, { account: { ...person, password } });
    });

    it('roles are given and removed, and the last administrator keeps the role', async () => {
      await addPerson(server, 'promoted@example.com');
      const given = await ask('account roles promoted@example.com administrator --json');
      assert.deepEqual(given.json()[0].roles, ['administrator']);
      const taken = await ask('account roles promoted@example.com --none --json');
      assert.deepEqual(taken.json()[0].roles, []);
      for (const args of [
        'account roles promoted@example.com',
        'account roles promoted@example.com administrator --none',
      ]) {
        assert.equal((await ask(args)).code, 2);
      }
      const unknown = await ask('account roles promoted@example.com admin');
      assert.match(unknown.err, /"admin"; expected some of administrator\.\n$/);
      assert.equal((await ask('account disable grace@example.com')).code, 0);
      const last = await ask(`account disable ${admin.email}`);
      assert.deepEqual([last.code, last.out], [1, '']);
      assert.match(last.err, /last administrator/);
      const listed = (await ask('account list --json')).json();
      assert.deepEqual(
        listed.map(({ email, roles, disabled }) => [email, roles, disabled]).filter(([, roles]) => roles.length > 0),
        [
          ['grace@example.com', ['administrator'], true],
          [admin.email, ['administrator'], false],
        ],
      );
      assert.deepEqual((await ask(`account list --email ${admin.email} --json`)).json().length, 1);
    });

    it('an application is shown, updated, gets a new secret, and is deleted with its grants', async () => {
      const { accessToken } = await signInFor(server.url);
      const { clientId, clientSecret } = await registerApplication(server.url, accessToken, { name: 'A\u2014B' });
      const options = { clientId, redirectUri: 'https://app.example/callback', scope: 'profile grants' };
      const narrow = await signInFor(server.url, { ...options, clientSecret, scope: 'profile' });
      const wide = await signInFor(server.url, { ...options, clientSecret });

      assert.match((await ask(`application show ${clientId}`)).out, /scopes +profile applications grants/);
      const updated = await ask(`application update ${clientId} --scope profile --scope accounts --json`);
      assert.deepEqual(updated.json()[0].scopes, ['profile', 'accounts']);
      await until(() => refused(wide.accessToken), 2_000);
      assert.equal(await refused(narrow.accessToken), false);
      assert.equal((await ask(`application update ${clientId}`)).code, 2);
      const fault = await ask(`application update ${clientId} --redirect-uri http://a.example`);
      // F-8
      const disguised = await ask(`application update ${clientId} --name C1aim-gate`);
      assert.match(
        disguised.err,
        /^claimgate application update: name: expected a name of its own: this one looks like/,
      );
      assert.match(fault.err, /^claimgate application update: redirectUris\[0\]: a web application needs https\.\n$/);

      const [rotated] = (await ask(`application rotate-secret ${clientId} --json`)).json();
      const renewed = await refresh(server.url, { clientId, clientSecret, refreshToken: narrow.refreshToken });
      assert.equal(renewed.error, 'invalid_client');
      const input = { clientId, clientSecret: rotated.clientSecret, refreshToken: narrow.refreshToken };
      const { accessToken: last } = await refresh(server.url, input);

      const grants = (await ask(`grant list --application ${clientId} --json`)).json();
      assert.deepEqual(
        grants.map(({ account, scopes }) => [account, scopes]),
        [[admin.email, ['profile']]],
      );
      assert.equal((await ask(`application delete ${clientId}`)).code, 0);
      await until(() => refused(last), 2_000);
      const gone = await ask(`application show ${clientId}`);
      assert.deepEqual([gone.code, gone.err], [1, 'claimgate application show: there is no such application\n']);
      const first = await ask('application delete claimgate');
      assert.match(first.err, /comes with the server/);
      const listed = (await ask(`application list --account ${admin.email} --json`)).json();
      assert.deepEqual(listed, []);
      assert.deepEqual(
        (await ask('application list --json')).json().map((one) => one.clientId),
        ['claimgate-explorer', 'claimgate'],
      );
    });

    it('a grant is revoked', async () => {
      const { accessToken } = await signInFor(server.url);
      const id = String(decodeJwt(accessToken)['grant_id']);
      const revoked = await ask(`grant revoke ${id}`);
      assert.match(revoked.out, /^Revoked the grant/);
      await until(() => refused(accessToken), 2_000);
      assert.equal((await ask(`grant revoke ${id}`)).code, 1);
    });

    it('an ID may begin with a hyphen', async () => {
      const { code, err } = await ask('grant revoke -0123456789abcdefghij');
      assert.equal(code, 1, err);
      assert.match(err, /^claimgate grant revoke: .*grant/);
      assert.equal((await ask('grant revoke --unknown-option-of-a-command')).code, 2);
    });

    it('each change is in the audit trail, which is shown and followed', async () => {
      const events = (await ask('audit --last 1000 --json')).json();
      const done = events.filter(({ detail }) => detail?.startsWith('command line: ')).map(({ type }) => String(type));
      assert.deepEqual([...new Set(done)].toSorted(), [
        'account_created',
        'account_disabled',
        'account_enabled',
        'account_roles_changed',
        'application_deleted',
        'application_secret_rotated',
        'application_updated',
        'grant_revoked',
        'password_changed',
      ]);
      const ids = events.map(({ id }) => Number(id));
      assert.deepEqual(
        ids,
        ids.toSorted((a, b) => a - b),
      );
      const some = (await ask('audit --type ACCOUNT_CREATED --last 1 --json')).json();
      assert.deepEqual([some.length, some[0].type], [1, 'account_created']);
      assert.equal((await ask('audit --type nothing')).code, 2);
      assert.equal((await ask('audit --last 0')).code, 2);

      const args = [...program, 'audit', '--follow', '--json', '--last', '1'];
      const follower = run([...args, '--type', 'account_created'], { env });
      await until(() => follower.output().includes('account_created'));
      const [{ id }] = (await ask('account create followed@example.com --json')).json();
      await until(() => follower.output().includes(id));
      assert.equal(await follower.stop('SIGINT'), 0);
      assert.equal(follower.output().trim().split('\n').length, 2);
    });
  });

  it('a database that does not exist, is empty, older or newer is refused, and stays unchanged', async (t) => {
    const made = await database.create();
    t.after(made.drop);
    const list = (url: string) => claimgate(['account', 'list'], { env: { DATABASE_URL: url } });
    const nowhere = await list(made.url.startsWith('file:') ? `${made.url}-none` : `${made.url}_none`);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.err, /^claimgate account list: (there is no database at|database "\w+" does not exist)/);
    if (!made.url.startsWith('file:')) assert.match((await list(made.url)).err, /is empty: start the server first/);

    await withStore({ databaseUrl: made.url }, async (store) => {
      await sql`update kysely_migration set name = '9999_future' where name = '0015_leases'`.execute(store);
      const newer = await list(made.url);
      assert.deepEqual([newer.code, newer.out], [1, '']);
      assert.match(newer.err, /is newer than this Claimgate/);
      await sql`delete from kysely_migration where name = '9999_future'`.execute(store);
      const older = await list(made.url);
      assert.deepEqual([older.code, older.out], [1, '']);
      assert.match(older.err, /is older than this Claimgate/);
      const { rows } = await sql`select name from kysely_migration where name = '0015_leases'`.execute(store);
      assert.deepEqual(rows, []);
    });
  });
});

describe('on the command line', () => {
  it('nothing is created if there is no database', async (t) => {
    const folder = await temporaryFolder();
    t.after(folder.remove);
    const { code, err } = await claimgate(['audit'], { cwd: folder.path });
    assert.equal(code, 1);
    assert.match(err, /^claimgate audit: there is no database at /);
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('wrong usage is reported in one line, with the exit code 2', async () => {
    for (const args of [
      ['account'],
      ['account', 'constructor'],
      ['account', 'list', '--nothing'],
      ['grant', 'remove'],
    ]) {
      const { code, out, err } = await claimgate(args);
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err, /^claimgate.*(see claimgate help|expected one of).*\n$/);
    }
  });

  it('G-13 a word that does not exist is reported with the nearest one', async () => {
    for (const [args, expected] of [
      [['acount', 'list'], /no command "acount"; .*; the nearest is account$/m],
      [['account', 'lsit'], /expected one of list, .*; the nearest is list; see claimgate help account$/m],
      [['account', 'create', 'a@b', '--rol', 'x'], /Unknown option '--rol'; the nearest is --role; see/],
      [['sign-in', '--scop', 'x'], /Unknown option '--scop'.*; the nearest is --scope; see/],
      [['start', '--frobnicate'], /Unknown option '--frobnicate'[^;]*; see/],
    ] as const) {
      const { code, err } = await claimgate([...args]);
      assert.equal(code, 2, err);
      assert.match(err, expected);
    }
  });

  it('there are no accounts with a foreign issuer', async () => {
    const { code, err } = await claimgate(['account', 'list'], {
      env: { CLAIMGATE_ISSUER: 'https://login.example.com' },
    });
    assert.equal(code, 1);
    assert.match(err, /CLAIMGATE_ISSUER is set/);
  });

  it('each command has its own help', async () => {
    for (const command of ['account', 'application', 'grant', 'audit']) {
      const [asked, helped] = [await claimgate([command, '--help']), await claimgate(['help', command])];
      assert.equal(asked.out, helped.out);
      assert.match(asked.out, new RegExp(`^claimgate ${command}: `));
    }
    assert.match((await claimgate(['--help'])).out, /claimgate \[start\]/);
  });
});

describe('a password is read from a terminal', () => {
  /** A terminal with typed input. It records everything that it shows. */
  function terminal(...typed: string[]) {
    const input = Object.assign(new PassThrough(), { isTTY: true as const, setRawMode: () => input });
    let shown = '';
    const write = (text: string) => {
      shown += text;
      const next = text.endsWith(': ') ? typed.shift() : undefined;
      if (next !== undefined) setImmediate(() => input.write(next));
    };
    return { read: () => readPassword(input as never, write), shown: () => shown };
  }

  it('twice, and is not shown', async () => {
    const { read, shown } = terminal('correct horx\u007fse\r', 'correct horse\r');
    assert.equal(await read(), 'correct horse');
    assert.equal(shown(), 'New password: \nOnce more: \n');
  });

  it('and is refused if the two differ or the person cancels', async () => {
    await assert.rejects(terminal('one\r', 'two\r').read(), /not alike/);
    await assert.rejects(terminal('one\u0003').read(), /cancelled/);
  });
});
