import { execFile } from 'node:child_process';
import { access, cp, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root, temporaryFolder, until } from './process.ts';

/** The variable with the folder in which a run of all tests keeps the packages. */
export const packagesVariable = 'TEST_PACKAGES';

/**
 * Copies the packages that `npm run build` writes into a folder. All files of a run share one build, which the first of
 * them makes. A test file that runs alone makes its own.
 */
export async function copyBuiltPackages(target: string): Promise<void> {
  const shared = process.env[packagesVariable];
  if (!shared) return build(target);
  const built = join(shared, 'dist');
  const isFirst = await mkdir(join(shared, 'begun')).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    try {
      await build(join(shared, 'unfinished'));
      await rename(join(shared, 'unfinished'), built);
    } catch (error) {
      await mkdir(join(shared, 'failed'));
      throw error;
    }
  }
  await until(async () => (await exists(built)) || (await exists(join(shared, 'failed'))), 120_000);
  await cp(built, target, { recursive: true, verbatimSymlinks: true });
}

/** Makes the folder that the files of a run share. @returns a function that removes it */
export async function shareBuiltPackages(): Promise<() => Promise<void>> {
  const folder = await temporaryFolder();
  process.env[packagesVariable] = folder.path;
  return folder.remove;
}

async function build(target: string): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, 'src/packages/build.ts'), target]);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
