import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { copyBuiltPackages } from '../../support/built-packages.ts';
import { authorize } from '../../support/person.ts';
import { freePort, root, run, type RunningProcess, temporaryFolder, until } from '../../support/process.ts';
import { admin } from '../../support/server.ts';

const execute = promisify(execFile);

/**
 * Does what a new user does, from an empty folder to a production start, with the packed packages and the Node.js of the
 * system. Prints each command with its time. It installs from the registry of npm, so it is not among the tests.
 *
 * `node test/flows/project/new-user.ts`
 */
async function tryAsNewUser(): Promise<void> {
  const folder = await temporaryFolder();
  const running: RunningProcess[] = [];
  const project = join(folder.path, 'orders');
  const packed = join(folder.path, 'packed');
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = {
    // Without the Node.js of this repository.
    PATH: (process.env.PATH ?? '')
      .split(delimiter)
      .filter((path) => !path.startsWith(root))
      .join(delimiter),
    PORT: String(port),
    CLAIMGATE_ADMIN_EMAIL: admin.email,
    CLAIMGATE_ADMIN_PASSWORD: admin.password,
  };
  const begin = (command: string, more: Record<string, string> = {}) => {
    const shell = run(['-c', `exec ${command}`], { program: '/bin/sh', cwd: project, env: { ...env, ...more } });
    running.push(shell);
    return shell;
  };
  const start = performance.now();
  let from = start;
  const print = (text: string) => {
    process.stdout.write(`${((performance.now() - from) / 1_000).toFixed(1).padStart(6)} s  ${text}\n`);
    from = performance.now();
  };
  const done = async (command: string, expected = 0) => {
    const shell = begin(command);
    assert.equal(await shell.ended, expected, shell.output());
    print(command.replaceAll(`${packed}/`, ''));
    return shell.output();
  };
  const ask = async (document: string, token?: string) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query: document }),
    });
    return { status: response.status, text: await response.text() };
  };
  const isReady = (server: RunningProcess) =>
    until(async () => {
      if (server.child.exitCode !== null) throw new Error(server.output());
      return (await fetch(`${url}/health/ready`).catch(() => null))?.status === 200;
    }, 60_000);
  try {
    await mkdir(project);
    await mkdir(packed);
    await copyBuiltPackages(join(folder.path, 'dist'));
    const folders = ['claimgate', 'claimgate-server'].map((name) => join(folder.path, 'dist', name));
    await execute('npm', ['pack', '--pack-destination', packed, ...folders]);
    const archives = (await readdir(packed)).map((name) => join(packed, name)).join(' ');
    const { stdout: version } = await execute('node', ['--version'], { env });
    print(`made the packages; the Node.js of the system is ${version.trim()}`);
    const first = performance.now();

    await done(`npm install --loglevel=error --no-audit --no-fund node@24.21.0 ${archives}`);
    await done('npx claimgate init --yes');
    await done('npm install --loglevel=error --no-audit --no-fund');
    const server = begin('npm run dev');
    await isReady(server);
    print('npm run dev, until it is ready');
    assert.equal((await ask('{ orders { item } }')).status, 401);
    const line = 'npm run -s sign-in -- --token --scope "openid orders:read"';
    const signIn = begin(`${line} > token`);
    await until(() => signIn.output().includes('Waiting for the answer'), 60_000);
    await fetch(await authorize(new URL(/http:\S+\/oauth\/authorize\S+/.exec(signIn.output())?.[0] ?? '')));
    assert.equal(await signIn.ended, 0, signIn.output());
    const token = (await readFile(join(project, 'token'), 'utf8')).trim();
    await rm(join(project, 'token'));
    const answer = await ask('{ orders { item customer } }', token);
    assert.equal(answer.status, 200, answer.text);
    print(`${line}, and a guarded query with the token`);
    await done('npm test');
    process.stdout.write(`${((performance.now() - first) / 1_000).toFixed(1).padStart(6)} s  these six commands\n`);

    const schema = join(project, 'schema/orders.graphql');
    const text = await readFile(schema, 'utf8');
    await writeFile(schema, text.replace(' @auth(scope: "customers:read")', ''));
    await done('npm test', 1);
    await writeFile(schema, text);
    await done('npm run check');
    await server.stop();
    await until(async () => !(await fetch(url).catch(() => null)));
    const production = begin('npm start', {
      NODE_ENV: 'production',
      CLAIMGATE_KEY: Buffer.alloc(32, 5).toString('base64'),
    });
    await isReady(production);
    assert.equal((await ask('{ orders { item } }', token)).status, 200);
    print('NODE_ENV=production npm start, until it is ready');
  } finally {
    for (const one of running) await one.stop();
    await until(async () => !(await fetch(url).catch(() => null)));
    await folder.remove();
  }
}

await tryAsNewUser();
