import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { copyBuiltPackages } from '../../support/built-packages.ts';
import { authorize } from '../../support/person.ts';
import { freePort, root, run, type RunningProcess, temporaryFolder, until } from '../../support/process.ts';
import { admin } from '../../support/server.ts';

const execute = promisify(execFile);

/** How a new user works. */
interface NewUser {
  /**
   * `npm`: installs the packed packages into the empty folder, and runs `init` from there. `pnpm`: runs `init` with the
   * Node.js of the clone.
   */
  readonly manager: 'npm' | 'pnpm';
  /** The version of the user's Node.js, which is installed from the registry. Default: the Node.js of the system. */
  readonly node?: string;
}

/** After this time, a command is killed, in milliseconds. */
const mostCommandMs = 400_000;

/** The version of pnpm, which is installed from the registry. */
const pnpmVersion = '10.20.0';
/** The package that has the program of Node.js for this machine. */
const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** The commands of each package manager. */
const commandsOf = {
  npm: {
    install: 'npm install --loglevel=error --no-audit --no-fund',
    run: 'npm run',
    signIn: 'npm run -s sign-in -- --token --scope "openid orders:read"',
    test: 'npm test',
    start: 'npm start',
  },
  pnpm: {
    install: 'pnpm install',
    run: 'pnpm run',
    signIn: 'pnpm --silent run sign-in --token --scope "openid orders:read"',
    test: 'pnpm test',
    start: 'pnpm start',
  },
} as const;

/**
 * Does what a new user does, from an empty folder to a production start, with the packed packages. It installs from the
 * registry of npm.
 *
 * @param say - gets a line with each command and its time
 * @returns the time of the six commands from the empty folder to a passing test, in seconds
 */
export async function tryAsNewUser({ manager, node }: NewUser, say: (line: string) => void): Promise<number> {
  const folder = await temporaryFolder();
  const running: RunningProcess[] = [];
  const project = join(folder.path, 'orders');
  const packed = join(folder.path, 'packed');
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const commands = commandsOf[manager];
  const { NODE_EXTRA_CA_CERTS } = process.env;
  const env = {
    PATH: await toolsIn(join(folder.path, 'tools'), { manager, ...(node !== undefined && { node }) }),
    PORT: String(port),
    // pnpm needs it where a proxy has a certificate of its own.
    ...(NODE_EXTRA_CA_CERTS !== undefined && { NODE_EXTRA_CA_CERTS }),
    CLAIMGATE_ADMIN_EMAIL: admin.email,
    CLAIMGATE_ADMIN_PASSWORD: admin.password,
  };
  const begin = (command: string, more: Record<string, string> = {}) => {
    const shell = run(['-c', `exec ${command}`], { program: '/bin/sh', cwd: project, env: { ...env, ...more } });
    running.push(shell);
    return shell;
  };
  let from = performance.now();
  const print = (text: string) => {
    say(`${((performance.now() - from) / 1_000).toFixed(1).padStart(6)} s  ${text}`);
    from = performance.now();
  };
  const done = async (command: string, expected = 0) => {
    const shell = begin(command);
    const timer = setTimeout(() => void shell.stop('SIGKILL'), mostCommandMs);
    assert.equal(await shell.ended, expected, shell.output());
    clearTimeout(timer);
    print(command.replaceAll(`${packed}/`, '').replaceAll(`${folder.path}/`, '').replaceAll(process.execPath, 'node'));
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
    await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'));
    const folders = ['claimgate', 'claimgate-server'].map((name) => join(folder.path, 'dist', name));
    await execute('npm', ['pack', '--pack-destination', packed, ...folders]);
    const archives = (await readdir(packed)).map((name) => join(packed, name)).join(' ');
    const { stdout: version } = await execute('node', ['--version'], { env });
    print(`made the packages; ${manager}, and Node.js ${version.trim()}`);
    const first = performance.now();

    if (manager === 'npm') {
      await done(`${commands.install} node@24.21.0 ${archives}`);
      await done('npx claimgate init --yes');
    } else {
      const program = join(folder.path, 'dist/claimgate-server/lib/main.js');
      await done(`${process.execPath} ${program} init --yes --package-manager ${manager}`);
    }
    await done(commands.install);
    const server = begin(`${commands.run} dev`);
    await isReady(server);
    print(`${commands.run} dev, until it is ready`);
    assert.equal((await ask('{ orders { item } }')).status, 401);
    const signIn = begin(`${commands.signIn} > token`);
    await until(() => signIn.output().includes('Waiting for the answer'), 60_000);
    await fetch(await authorize(new URL(/http:\S+\/oauth\/authorize\S+/.exec(signIn.output())?.[0] ?? '')));
    assert.equal(await signIn.ended, 0, signIn.output());
    const token = (await readFile(join(project, 'token'), 'utf8')).trim();
    await rm(join(project, 'token'));
    const answer = await ask('{ orders { item customer } }', token);
    assert.equal(answer.status, 200, answer.text);
    print(`${commands.signIn}, and a guarded query with the token`);
    await done(commands.test);
    const seconds = (performance.now() - first) / 1_000;
    say(`${seconds.toFixed(1).padStart(6)} s  these commands`);

    const schema = join(project, 'schema/orders.graphql');
    const text = await readFile(schema, 'utf8');
    await writeFile(schema, text.replace(' @auth(scope: "customers:read")', ''));
    await done(commands.test, 1);
    await writeFile(schema, text);
    await done(`${commands.run} check`);
    await server.stop();
    await until(async () => !(await fetch(url).catch(() => null)));
    const production = begin(commands.start, {
      NODE_ENV: 'production',
      CLAIMGATE_KEY: Buffer.alloc(32, 5).toString('base64'),
    });
    await isReady(production);
    assert.equal((await ask('{ orders { item } }', token)).status, 200);
    print(`NODE_ENV=production ${commands.start}, until it is ready`);
    return seconds;
  } finally {
    for (const one of running) await one.stop();
    await until(async () => !(await fetch(url).catch(() => null)));
    await folder.remove();
  }
}

/** Installs the user's Node.js and package manager. @returns the value of `PATH` without the Node.js of this repository */
async function toolsIn(folder: string, { manager, node }: NewUser): Promise<string> {
  const system = (process.env.PATH ?? '').split(delimiter).filter((path) => !path.startsWith(root));
  const names = [
    ...(node === undefined ? [] : [`${nodePackage}@${node}`]),
    ...(manager === 'npm' ? [] : [`pnpm@${pnpmVersion}`]),
  ];
  if (names.length === 0) return system.join(delimiter);
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await execute('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', ...names]);
  const link = (path: string, name: string) => symlink(join(folder, 'node_modules', path), join(bin, name));
  if (node !== undefined) await link(`${nodePackage}/bin/node`, 'node');
  if (manager === 'pnpm') await link('pnpm/bin/pnpm.cjs', 'pnpm');
  return [bin, ...system].join(delimiter);
}
