import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { run, temporaryFolder } from '../support/process.ts';

const execute = promisify(execFile);

/** A package manager: how it installs into the working directory. */
export interface Manager {
  readonly name: string;
  readonly command: readonly [program: string, ...args: readonly string[]];
}

export const npm: Manager = { name: 'npm', command: ['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error'] };

/** A project of a team, in a folder of its own. */
export interface Project {
  readonly path: string;
  /** Runs a file of the project. @returns what it printed. @throws Error if it failed */
  node(args: readonly string[], program?: string): Promise<string>;
  remove(): Promise<void>;
}

/**
 * Creates a project and installs packages into it.
 *
 * @param packages - as they are given to the package manager, such as `graphql@16`
 * @param options.files - files of the project by their names: a text, or a file that is copied
 */
export async function createProject(
  packages: readonly string[],
  {
    registry,
    manager = npm,
    files,
  }: { registry: string; manager?: Manager; files: Readonly<Record<string, string | URL>> },
): Promise<Project> {
  const { path, remove } = await temporaryFolder();
  for (const [name, content] of Object.entries({ 'package.json': '{"private":true}', ...files })) {
    await (typeof content === 'string' ? writeFile(join(path, name), content) : cp(content, join(path, name)));
  }
  const [program, ...args] = manager.command;
  const cache = join(path, '.cache');
  await mkdir(cache);
  await execute(program, [...args, `--registry=${registry}`, ...packages], {
    cwd: path,
    env: { ...process.env, npm_config_cache: cache, XDG_DATA_HOME: cache, XDG_CACHE_HOME: cache },
  });
  return {
    path,
    remove,
    async node(arguments_, program) {
      const running = run(arguments_, { cwd: path, ...(program !== undefined && { program }) });
      const code = await running.ended;
      if (code !== 0) throw new Error(`${arguments_.join(' ')} ended with ${code}: ${running.output()}`);
      return running.output();
    },
  };
}

/** The packages below a folder `node_modules`, as `name@version`, each once for every copy. */
export async function installedPackages(project: string): Promise<readonly string[]> {
  const names: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.name.startsWith('@')) await visit(path);
      else {
        names.push(path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
        await visit(join(path, 'node_modules'));
      }
    }
  };
  // pnpm keeps each package in a folder of its own, and links it.
  const store = join(project, 'node_modules/.pnpm');
  const places = await readdir(store).catch(() => []);
  for (const place of places) await visit(join(store, place, 'node_modules'));
  if (places.length === 0) await visit(join(project, 'node_modules'));
  return names;
}
