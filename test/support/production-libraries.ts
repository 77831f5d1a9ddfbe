import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { root } from './process.ts';

const execute = promisify(execFile);

/** Copies the libraries that an installation for production has into `node_modules` of a folder. */
export async function copyProductionLibraries(folder: string): Promise<void> {
  const { stdout } = await execute('npm', ['ls', '--all', '--omit=dev', '--parseable'], { cwd: root });
  const libraries = stdout
    .trim()
    .split('\n')
    .map((path) => relative(root, path))
    .filter(Boolean);
  assert.ok(libraries.length > 50 && !libraries.some((path) => path.includes('playwright')), String(libraries.length));
  // Nested libraries are part of their parent library. Libraries for other systems are not installed.
  const own = libraries.filter((path) => path.split('node_modules/').length === 2 && existsSync(join(root, path)));
  // Links are made much faster than copies, if both folders are on one file system.
  const copy = ['--recursive', '--parents', ...own, folder];
  await execute('cp', ['--link', ...copy], { cwd: root }).catch(() => execute('cp', copy, { cwd: root }));
}
