import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { codeForm, postForm, query, refresh, requestCode, signInFor } from '../support/client.ts';
import { databaseNamed, disposeOwn } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { freePort, root, run, type RunningProcess, temporaryFolder, until } from '../support/process.ts';
import { program } from '../support/program.ts';
import { admin } from '../support/server.ts';

const execute = promisify(execFile);

/**
 * Runs an upgrade of replicas: servers of an older version and of this version use one PostgreSQL database at the same
 * time. The sources of the older version come from the history of the repository. They run with the present packages.
 *
 * `node test/faults/two-versions.ts [COMMIT]`. Default: the commit before the newest migration
 *
 * @param report - called after each step
 * @throws AssertionError if one version does not work beside the other
 */
export async function runTwoVersions(commit: string, report: (step: string) => void): Promise<void> {
  const folder = await temporaryFolder();
  const database = await databaseNamed('PostgreSQL').create();
  const running: RunningProcess[] = [];
  const step = (text: string) => report(`${((performance.now() - start) / 1_000).toFixed(1)} s  ${text}`);
  const start = performance.now();
  try {
    const older = join(folder.path, 'older');
    await mkdir(older);
    await execute(
      'sh',
      ['-c', `git archive ${commit} src schema package.json | tar --extract --directory '${older}'`],
      {
        cwd: root,
      },
    );
    await symlink(join(root, 'node_modules'), join(older, 'node_modules'));
    const migrations = await readdir(join(older, 'src/store/migrations'));
    step(`sources of ${commit}, whose last migration is ${migrations.toSorted().at(-1)}`);

    const publicPort = await freePort();
    const url = `http://localhost:${publicPort}`;
    const serve = async (args: readonly string[], port: number) => {
      const server = run(args, {
        cwd: folder.path,
        env: {
          PORT: String(port),
          CLAIMGATE_PUBLIC_URL: url,
          DATABASE_URL: database.url,
          CLAIMGATE_ADMIN_EMAIL: admin.email,
          CLAIMGATE_ADMIN_PASSWORD: admin.password,
        },
      });
      running.push(server);
      const own = `http://127.0.0.1:${port}`;
      await until(async () => {
        if (server.child.exitCode !== null) throw new Error(server.output());
        return (await fetch(`${own}/health/ready`).catch(() => null))?.status === 200;
      });
      return { server, own };
    };
    const olderProgram = ['--conditions=claimgate-source', join(older, 'src/main.ts')];
    const old = await serve(olderProgram, publicPort);
    const first = await signInFor(url);
    step('the older version runs, and a person has signed in');

    const now = await serve(program, await freePort());
    const both = [old.own, now.own];
    step('this version runs beside it, and has changed the tables');
    const isAccepted = async (token: string, at: string) =>
      (await query(at, '{ viewer { subject } }', { token })).status === 200;
    for (const at of both) assert.ok(await isAccepted(first.accessToken, at), at);

    const person = () => new Person({ publicUrl: url, own: now.own });
    for (const [from, to] of [both, both.toReversed()] as [string, string][]) {
      const browser = from === now.own ? { person: person() } : {};
      const { input } = await requestCode(from === now.own ? from : url, browser);
      const { body } = await postForm(to, '/oauth/token', codeForm(input));
      assert.ok(body['access_token'], JSON.stringify(body));
      for (const at of both) assert.ok(await isAccepted(body['access_token'], at));
      const again = await postForm(from, '/oauth/token', codeForm(input));
      assert.equal(again.body['error'], 'invalid_grant');
      const renewed = await refresh(from, { refreshToken: body['refresh_token'] });
      assert.ok(renewed['accessToken'], JSON.stringify(renewed));
      const third = await refresh(to, { refreshToken: renewed['refreshToken'] });
      assert.ok(third['accessToken'], JSON.stringify(third));
      await postForm(from, '/oauth/revoke', { client_id: 'claimgate', token: third['refreshToken'] });
      for (const at of both) await until(async () => !(await isAccepted(third['accessToken'], at)), 3_000);
    }
    step('codes, refresh tokens and revocations of each version are those of the other');

    const readers = (await signInFor(url, { scope: 'profile audit keys' })).accessToken;
    for (const at of both) {
      const { body } = await query(at, '{ auditEvents(first: 5) { nodes { type } } signingKeys { nodes { kid } } }', {
        token: readers,
      });
      assert.equal(body.errors, undefined, JSON.stringify(body));
    }
    const rotated = await query(now.own, 'mutation { rotateSigningKey(input: {}) { signingKey { kid } } }', {
      token: readers,
    });
    assert.equal(rotated.body.errors, undefined, JSON.stringify(rotated.body));
    const kids = async (at: string) => {
      const answer = await fetch(`${at}/oauth/jwks`);
      return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid).toSorted();
    };
    await until(async () => (await kids(old.own)).length === 2, 5_000);
    assert.deepEqual(await kids(old.own), await kids(now.own));
    step('a key that this version published is published by the older version');

    assert.equal(await old.server.stop(), 0, old.server.output());
    const restarted = run(olderProgram, {
      cwd: folder.path,
      env: { PORT: String(publicPort), DATABASE_URL: database.url },
    });
    assert.equal(await restarted.ended, 1);
    assert.match(restarted.output(), /newer than this Claimgate/);
    assert.ok(await isAccepted(first.accessToken, now.own));
    step('the older version has stopped, and does not start again: the database is newer');
  } finally {
    for (const server of running) await server.stop();
    await database.drop();
    await folder.remove();
  }
}

/** Returns the commit before the newest migration was added; null if the history is not there, as in a copy of the files. */
export async function beforeNewestMigration(): Promise<string | null> {
  const newest = (await readdir(join(root, 'src/store/migrations'))).toSorted().at(-1) ?? '';
  const args = ['log', '--format=%h', '--diff-filter=A', '--', `src/store/migrations/${newest}`];
  const { stdout } = await execute('git', args, { cwd: root }).catch(() => ({ stdout: '' }));
  const added = stdout.trim().split('\n').at(-1);
  if (!added) return null;
  const parent = await execute('git', ['rev-parse', '--verify', '--short', `${added}~1`], { cwd: root }).catch(
    () => null,
  );
  return parent && parent.stdout.trim();
}

if (import.meta.main) {
  const commit = process.argv[2] ?? (await beforeNewestMigration());
  if (commit === null) throw new Error('the history of the repository is not here: name a commit');
  try {
    await runTwoVersions(commit, (step) => process.stdout.write(`${step}\n`));
  } finally {
    await disposeOwn();
  }
}
