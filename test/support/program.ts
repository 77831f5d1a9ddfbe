import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { root, temporaryFolder } from './process.ts';

/** Names the file that `buildProgram` made. */
const programVariable = 'TEST_PROGRAM';

/** What Node is called with to run the sources, as `npm start` does. */
export const sources: readonly string[] = ['--conditions=claimgate-source', join(root, 'src/main.ts')];

/**
 * What Node is called with to run our own program. Where it was built, it is the same sources in a few files: several hundred
 * processes start in half the time. Tests of how it starts run the sources themselves.
 */
export const program: readonly string[] = process.env[programVariable] ? [process.env[programVariable]] : sources;

/** Builds the program for every test process that is started from now on. @returns how to remove it */
export async function buildProgram(): Promise<() => Promise<void>> {
  const folder = await temporaryFolder();
  // As deep in it as the sources are in theirs, from where they find the schema.
  const outdir = join(folder.path, 'src/api');
  await symlink(join(root, 'schema'), join(folder.path, 'schema'));
  await build({
    entryPoints: [join(root, 'src/main.ts')],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    conditions: ['claimgate-source'],
    // What packages look for and do without.
    external: ['pg-native', 'bufferutil', 'utf-8-validate'],
    // Of the packages that are no ES modules.
    banner: {
      js: [
        "import { createRequire as $createRequire } from 'node:module';",
        'const require = $createRequire(import.meta.url);',
        'const __filename = import.meta.filename;',
        'const __dirname = import.meta.dirname;',
      ].join(' '),
    },
    logLevel: 'error',
  });
  await stop();
  process.env[programVariable] = join(outdir, 'main.mjs');
  return folder.remove;
}
