import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, stop } from 'esbuild';
import type { BuiltAssets, Entry } from '../assets/built-assets.ts';
import { capSearch } from './cap-search.ts';
import { entries } from './entries.ts';
import { shortenEditor } from './shorten-editor.ts';

/** The files for the browser, and the files of which they are made. */
export interface Bundle extends BuiltAssets {
  /** The absolute paths of the files of which a part is in the bundle. */
  readonly inputs: readonly string[];
}

/**
 * Bundles the code for the browser. Takes about a second. Writes no file.
 *
 * @param client - the folder `explorer/client/`
 * @throws Error with the messages of esbuild
 */
export async function bundle(client: URL): Promise<Bundle> {
  const folder = fileURLToPath(client);
  try {
    const { metafile, outputFiles } = await build({
      absWorkingDir: folder,
      entryPoints: Object.entries(entries).map(([out, file]) => ({ in: file, out })),
      outdir: 'out',
      write: false,
      metafile: true,
      bundle: true,
      splitting: true,
      format: 'esm',
      minify: true,
      target: 'es2022',
      jsx: 'automatic',
      // The worker of the editor imports what its own package exports, and the browser's build of each package.
      platform: 'browser',
      entryNames: '[name]-[hash]',
      chunkNames: 'chunk-[hash]',
      assetNames: '[name]-[hash]',
      loader: { '.ttf': 'file' },
      define: { 'process.env.NODE_ENV': '"production"' },
      // Without these two, the button Prettify does nothing and reports nothing.
      alias: {
        'prettier/parser-graphql': 'prettier/plugins/graphql',
        'prettier/parser-babel': 'prettier/plugins/babel',
        // The main entry of graphql-ws has code for servers, and the server does not speak the older protocol. Both would
        // bring graphql-js into the page of Apollo Sandbox.
        'graphql-ws/client': 'graphql-ws/client',
        'graphql-ws': 'graphql-ws/client',
        'subscriptions-transport-ws': './sandbox/frame/no-older-protocol.ts',
      },
      legalComments: 'none',
      plugins: [shortenEditor, capSearch],
      logLevel: 'silent',
    });
    return {
      entries: entriesOf(metafile),
      inputs: inputsOf(metafile).map((path) => resolve(folder, path)),
      files: new Map(outputFiles.map(({ path, contents }) => [basename(path), contents])),
    };
  } finally {
    // esbuild's own process would keep its memory.
    await stop();
  }
}

/** Reads from the report of esbuild which files each entry needs. */
function entriesOf({ outputs }: Metafile): Record<string, Entry> {
  const found: Record<string, Entry> = {};
  for (const [path, { entryPoint, cssBundle }] of Object.entries(outputs)) {
    const name = Object.keys(entries).find((one) => basename(path).startsWith(`${one}-`));
    if (entryPoint === undefined || name === undefined || !path.endsWith('.js')) continue;
    const [script = '', ...imports] = [...loadedWith(path, outputs)].map((one) => basename(one));
    found[name] = { script, style: cssBundle === undefined ? null : basename(cssBundle), imports };
  }
  return found;
}

/** Lists the files of which a part is in the bundle. */
function inputsOf({ outputs }: Metafile): string[] {
  return [...new Set(Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)))];
}

/** Returns a script and every script that is loaded with it, itself first. */
function loadedWith(path: string, outputs: Metafile['outputs']): ReadonlySet<string> {
  const loaded = new Set([path]); // The loop also visits scripts that it adds.
  for (const one of loaded) {
    for (const { kind, path: next } of outputs[one]?.imports ?? []) if (kind === 'import-statement') loaded.add(next);
  }
  return loaded;
}
