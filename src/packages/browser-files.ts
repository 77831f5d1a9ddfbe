import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { bundle } from '../explorer/bundle/bundle.ts';
import { licencesOf } from './licences.ts';

/**
 * The quality of Brotli. 11 makes the files 5 % smaller and takes ten times as long, in each build and each test of the
 * packages.
 */
const quality = 9;

/**
 * Bundles the explorer, and writes its files with their compressed forms (`.br`) and their list (`assets.json`), which
 * `explorer/built.ts` reads. Also writes the licences of the packages that are in the bundle.
 *
 * @param folder - the folder of the files
 * @param licences - the file of the licences
 */
export async function writeBrowserFiles(folder: string, licences: string): Promise<void> {
  const { entries, files, inputs } = await bundle(new URL('../explorer/client/', import.meta.url));
  await mkdir(folder, { recursive: true });
  await Promise.all(
    [...files].map(async ([name, bytes]) => {
      const compressed = await promisify(brotliCompress)(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      });
      await writeFile(join(folder, name), bytes);
      await writeFile(join(folder, `${name}.br`), compressed);
    }),
  );
  const list = { entries, files: [...files.keys()].toSorted() };
  await writeFile(join(folder, 'assets.json'), `${JSON.stringify(list, null, 2)}\n`);
  await writeFile(licences, await licencesOf(inputs));
}
