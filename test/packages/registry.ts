import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { root, temporaryFolder } from '../support/process.ts';

/** The part of a `package.json` that an installation needs. */
interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** A registry of npm on this machine. */
export interface Registry {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a registry with the packages that are installed in this project, in their versions of the lock file, and with
 * other folders. Package managers then install what a registry would give them, without a network.
 *
 * @param folders - folders of packages that are not installed here
 */
export async function startRegistry(folders: readonly string[]): Promise<Registry> {
  const scratch = await temporaryFolder();
  const known = new Map<string, Map<string, string>>();
  for (const folder of [...installed(), ...folders]) {
    const { name, version } = manifestOf(folder);
    known.set(name, (known.get(name) ?? new Map<string, string>()).set(version, folder));
  }
  const archives = new Map<string, Promise<Buffer>>();
  const archiveOf = (folder: string) => {
    const archive = archives.get(folder) ?? pack(folder, scratch.path);
    archives.set(folder, archive);
    return archive;
  };

  const server = createServer((request, response) => {
    const [name = '', version] = decodeURIComponent((request.url ?? '').slice(1)).split('/-/');
    answer(name, version).then(
      (body) => (body === null ? response.writeHead(404).end() : response.end(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;

  async function answer(name: string, version: string | undefined): Promise<Buffer | string | null> {
    const versions = known.get(name);
    const folder = versions?.get(version ?? '');
    if (folder !== undefined) return archiveOf(folder);
    if (!versions || version !== undefined) return null;
    const described = [...versions].map(
      ([one, place]) => [one, { ...manifestOf(place), dist: { tarball: `${url}${name}/-/${one}` } }] as const,
    );
    const latest = [...versions.keys()].toSorted(byVersion).at(-1);
    return JSON.stringify({ name, 'dist-tags': { latest }, versions: Object.fromEntries(described) });
  }

  return {
    url,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await scratch.remove();
    },
  };
}

/** The folders of the packages of the lock file that are installed. Those of other systems are not. */
function installed(): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { link?: boolean }>;
  };
  return Object.entries(packages)
    .filter(([path, { link }]) => path.startsWith('node_modules/') && !link)
    .map(([path]) => join(root, path))
    .filter((folder) => existsSync(folder));
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The archive of a package, as `npm pack` makes it of a folder that has nothing to leave out. */
async function pack(folder: string, scratch: string): Promise<Buffer> {
  const here = await mkdtemp(join(scratch, 'pack-'));
  await symlink(folder, join(here, 'package'));
  const tar = spawn('tar', ['-c', '-z', '-h', '-f', '-', '--exclude', 'package/node_modules', 'package'], {
    cwd: here,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  tar.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise((resolve) => tar.once('close', resolve));
  if (code !== 0) throw new Error(`tar ended with ${String(code)} for ${folder}`);
  return Buffer.concat(chunks);
}

/** Orders versions by their numbers. */
function byVersion(one: string, other: string): number {
  const [left = [], right = []] = [one, other].map((version) => version.split(/[.-]/).map(Number));
  const index = left.findIndex((number, place) => number !== right[place]);
  return index === -1 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}
