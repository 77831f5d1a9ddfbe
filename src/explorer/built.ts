import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { BuiltAssets } from './assets/built-assets.ts';

/** The files of the package for the browser. A clone has no such folder. `npm run build` writes it. */
const builtFolder = new URL('../explorer/built/', import.meta.url);
/** The name of the file in it that lists the others. */
const listName = 'assets.json';

/** The addresses of what only a clone has: the code for the browser, and the bundler. */
const clone = {
  client: new URL('../explorer/client/', import.meta.url),
  bundle: new URL('../explorer/bundle/bundle.ts', import.meta.url),
};

/**
 * Reads the files of the package for the browser, or bundles them in a clone.
 *
 * @throws Error if the files are not built and cannot be bundled
 */
export async function builtAssets(): Promise<BuiltAssets> {
  if (existsSync(new URL(listName, builtFolder))) return readBuilt();
  // The package does not have this module, and esbuild is not one of its dependencies.
  const { bundle } = (await import(clone.bundle.href)) as {
    bundle: (client: URL) => Promise<BuiltAssets>;
  };
  return bundle(clone.client);
}

/** Reads the files that the list names, and no others. */
async function readBuilt(): Promise<BuiltAssets> {
  const { entries, files } = JSON.parse(await readFile(new URL(listName, builtFolder), 'utf8')) as {
    entries: BuiltAssets['entries'];
    files: readonly string[];
  };
  const read = async (ending: string) =>
    new Map(
      await Promise.all(
        files.map(async (name) => [name, await readFile(new URL(`${name}${ending}`, builtFolder))] as const),
      ),
    );
  return { entries, files: await read(''), brotli: await read('.br') };
}
