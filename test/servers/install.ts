import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { copyBuiltPackages } from '../support/built-packages.ts';
import { freePort, root, run, type RunningProcess, temporaryFolder } from '../support/process.ts';

const execute = promisify(execFile);

/** The files of the tables that run in the installed project. Their imports of `src/` become imports of the kit. */
const fixtures = [
  'conformance/auth/world.ts',
  'conformance/auth/world.sdl.ts',
  'conformance/auth/world.values.ts',
  'support/given.ts',
];

/** The packed kit. */
export interface PackedKit {
  readonly file: string;
  remove(): Promise<void>;
}

/** Builds and packs the kit, as it is published. */
export async function packKit(): Promise<PackedKit> {
  const { path, remove } = await temporaryFolder();
  await copyBuiltPackages(path);
  const packed = ['pack', join(path, 'claimgate'), '--pack-destination', path, '--json', '--loglevel=error'];
  const { stdout } = await execute('npm', packed, { cwd: path });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return { file: join(path, filename), remove };
}

/** A project of a team with its GraphQL servers, into which the kit was installed. */
export interface ServerProject {
  readonly path: string;
  remove(): Promise<void>;
}

/** How a project is installed. */
export interface Installation {
  /** The path of pnpm's program. Default: npm installs the project, by its lock file. */
  readonly pnpm?: string;
  /** Further packages, such as another Node.js. Default: none. */
  readonly others?: readonly string[];
}

/** Copies a project of this folder, and installs its packages and the kit. */
export async function installProject(
  name: 'project' | 'nest',
  kit: PackedKit,
  { pnpm, others = [] }: Installation = {},
): Promise<ServerProject> {
  const { path, remove } = await temporaryFolder();
  await cp(join(root, 'test/servers', name), path, { recursive: true });
  const options = ['--no-save', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  // All projects share a store, so that each package is fetched once.
  const store = join(dirname(kit.file), 'store');
  const [program, ...args] =
    pnpm === undefined
      ? ['npm', 'install', ...options]
      : [process.execPath, pnpm, 'add', `--config.store-dir=${store}`, `--config.cache-dir=${store}/cache`];
  await execute(program, [...args, kit.file, ...others], { cwd: path });
  if (name === 'project') await copyFixtures(join(path, 'tables/fixture'));
  return { path, remove };
}

async function copyFixtures(folder: string): Promise<void> {
  for (const file of fixtures) {
    const text = await readFile(join(root, 'test', file), 'utf8');
    const target = join(folder, file);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text.replaceAll(/'(?:\.\.\/)+src\/([^']+)\.ts'/g, "'claimgate/internal/$1.js'"));
  }
}

/** A program of the project that serves at an address. */
export interface Serving {
  readonly url: string;
  readonly process: RunningProcess;
}

/** Starts a program of a project. It listens on the port of the environment variable `PORT`. */
export async function startExample(
  project: ServerProject,
  file: string,
  issuer: string,
  node?: string,
): Promise<Serving> {
  const port = await freePort();
  const env = { PORT: String(port), ISSUER: issuer, NODE_ENV: 'production' };
  const options = { cwd: project.path, env, ...(node !== undefined && { program: node }) };
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    process: run(['--disable-warning=ExperimentalWarning', file], options),
  };
}
