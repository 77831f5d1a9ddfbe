import { execFile } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Misuse } from '../misuse.ts';

/** The packages of Claimgate. */
export const packageNames = ['claimgate', 'claimgate-server'] as const;

/** A folder with a package that was built. */
interface PackageFolder {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

/**
 * Finds the packages that the present command runs from. They are installed beside each other. In a clone, they are in
 * the folder `dist`.
 *
 * @param program - the path of the running program. Default: that of this process
 * @throws Misuse if the packages are not built
 */
export function ownPackages(program: string = process.argv[1] ?? ''): readonly PackageFolder[] {
  const real = realpathSync(program);
  // `lib/main.js` of the server, or `src/main.ts` of a clone.
  const top = dirname(dirname(real));
  const parent = basename(top) === 'claimgate-server' ? dirname(top) : join(top, 'dist');
  return packageNames.map((name) => {
    // A package manager may have installed the kit inside the server.
    const places = [join(parent, name), join(top, 'node_modules', name)];
    const folder = places.find((place) => existsSync(join(place, 'package.json')));
    if (folder === undefined) {
      throw new Misuse(`${parent}: expected the package ${name} there; in a clone, run npm run build first`);
    }
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { name, version, folder };
  });
}

/** Returns the dependencies on the packages: the files that `packInto` writes. */
export function dependenciesOn(packages: readonly PackageFolder[], folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(packages.map(({ name, version }) => [name, `file:${folder}/${name}-${version}.tgz`]));
}

/**
 * Writes package files of the packages into a folder. Needs no network.
 *
 * @throws Misuse if npm is not available
 */
export async function packInto(packages: readonly PackageFolder[], folder: string): Promise<void> {
  const folders = packages.map((one) => one.folder);
  try {
    await promisify(execFile)('npm', ['pack', '--ignore-scripts', '--pack-destination', folder, ...folders]);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new Misuse(`npm pack: expected it to write the packages of Claimgate; ${reason}`, { cause: error });
  }
}
