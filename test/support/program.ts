import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin, stop } from 'esbuild';
import { writeBrowserFiles } from '../../src/packages/browser-files.ts';
import { cheapCost } from './passwords.ts';
import { root, temporaryFolder } from './process.ts';

/** The variable with the path of the file that `buildProgram` made. */
const programVariable = 'TEST_PROGRAM';

/** The arguments of Node.js that run the sources, as `npm start` does. */
export const sources: readonly string[] = ['--conditions=claimgate-source', join(root, 'src/main.ts')];

/**
 * The arguments of Node.js that run our program. If `buildProgram` has built the program, it is a few files. They start
 * in half the time. Tests of the start run the sources.
 *
 * Most of these processes end soon. With more room for new objects from the beginning, Node.js does not collect garbage
 * during their start.
 */
export const program: readonly string[] = process.env[programVariable]
  ? ['--min-semi-space-size=16', process.env[programVariable]]
  : sources;

/** Builds the program for every test process that starts later. @returns a function that removes it */
export async function buildProgram(): Promise<() => Promise<void>> {
  const folder = await temporaryFolder();
  // The program finds the schema by a relative path. Therefore it is as deep in its folder as the sources are in
  // theirs.
  const outdir = join(folder.path, 'src/api');
  await symlink(join(root, 'schema'), join(folder.path, 'schema'));
  await mkdir(join(folder.path, 'src/explorer'), { recursive: true });
  for (const name of ['client', 'bundle']) {
    await symlink(join(root, 'src/explorer', name), join(folder.path, 'src/explorer', name));
  }
  // In a run of all tests, many servers show the explorer. In a run of a few files, a server bundles it at the first
  // visit, as in a clone.
  if (process.env['npm_lifecycle_event'] === 'test') {
    await writeBrowserFiles(join(folder.path, 'src/explorer/built'), join(folder.path, 'licences.txt'));
  }
  await build({
    entryPoints: [join(root, 'src/main.ts')],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    conditions: ['claimgate-source'],
    // Packages that other packages use only if they are installed.
    external: ['pg-native', 'bufferutil', 'utf-8-validate'],
    // The tests start this program several hundred times. Its names stay: oidc-provider finds a model by the name of its
    // class.
    minifyWhitespace: true,
    legalComments: 'none',
    // Packages that are not ES modules need these names.
    banner: {
      js: [
        "import { createRequire as $createRequire } from 'node:module';",
        'const require = $createRequire(import.meta.url);',
        'const __filename = import.meta.filename;',
        'const __dirname = import.meta.dirname;',
      ].join(' '),
    },
    plugins: [cheapPasswords],
    logLevel: 'error',
  });
  await stop();
  process.env[programVariable] = join(outdir, 'main.mjs');
  return folder.remove;
}

/**
 * Gives the built program a cheap password hash. Otherwise the several thousand sign-ins of the tests need more
 * processor time than all else that the servers do. The sources and the packages keep their hash, and its own tests run
 * it.
 */
const cheapPasswords: Plugin = {
  name: 'cheap passwords',
  setup(build) {
    build.onLoad({ filter: /src\/identity\/accounts\/password-hash\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replace('{ memory: 19_456, passes: 2, parallelism: 1 }', JSON.stringify(cheapCost));
      if (contents === text)
        throw new Error(`${path}: expected the cost of a password hash, to lower it for the tests`);
      return { contents, loader: 'ts' };
    });
  },
};
