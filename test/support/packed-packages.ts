import { build, stop } from 'esbuild';
import { packedImports, packedVariable } from './imports.ts';
import { temporaryFolder } from './process.ts';

/**
 * Packs the packages of `packedImports` into a few files, for every test process that starts later and preloads
 * `imports.ts`.
 *
 * @returns a function that removes the files
 */
export async function packPackages(): Promise<() => Promise<void>> {
  const folder = await temporaryFolder();
  await build({
    entryPoints: Object.fromEntries([...packedImports].map((name) => [name, name])),
    outdir: folder.path,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    // A process must have one copy of graphql-js.
    external: ['graphql'],
    // oidc-provider finds a model by the name of its class.
    keepNames: true,
    legalComments: 'none',
    banner: {
      // CommonJS modules need this name.
      js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  await stop();
  process.env[packedVariable] = folder.path;
  return folder.remove;
}
