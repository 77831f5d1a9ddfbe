import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyBuiltPackages } from '../../support/built-packages.ts';
import { root, run, temporaryFolder } from '../../support/process.ts';

const execute = promisify(execFile);

/** The packages of Claimgate as they are installed, and folders for projects. */
export interface Workshop {
  readonly path: string;
  /** The program of the command, as it is installed. */
  readonly program: string;
  /** Runs `claimgate init` in a folder. @returns its exit code and everything that it printed */
  init(folder: string, args?: readonly string[]): Promise<{ code: number | string; output: string }>;
  remove(): Promise<void>;
}

/** Makes a folder with the built packages, beside their dependencies. */
export async function openWorkshop(): Promise<Workshop> {
  const { path, remove } = await temporaryFolder();
  const installed = join(path, 'installed');
  await mkdir(installed);
  await copyBuiltPackages(join(installed, 'dist'));
  await symlink(join(root, 'node_modules'), join(installed, 'node_modules'));
  const program = join(installed, 'dist/claimgate-server/lib/main.js');
  return {
    path,
    program,
    remove,
    async init(folder, args = []) {
      const command = run([program, 'init', ...args], { cwd: folder });
      return { code: await command.ended, output: command.output() };
    },
  };
}

/**
 * Installs the dependencies of a project without a network: the packages of Claimgate from their files, and links to the
 * packages of this repository.
 */
export async function install(project: string): Promise<void> {
  const modules = join(project, 'node_modules');
  await mkdir(modules);
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (!own.includes(name)) await symlink(join(root, 'node_modules', name), join(modules, name));
  }
  await unpackOwn(project, modules);
}

const own = ['claimgate', 'claimgate-server'];

/** Unpacks the packages of Claimgate, on which a project depends, into a folder. */
export async function unpackOwn(project: string, modules: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
  for (const name of own) {
    const file = join(project, String(manifest.dependencies[name]).slice('file:'.length));
    await mkdir(join(modules, name), { recursive: true });
    const place = ['--directory', join(modules, name), '--strip-components=1'];
    await execute('tar', ['--extract', '--file', file, ...place]);
  }
}
