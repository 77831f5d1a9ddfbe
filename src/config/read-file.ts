import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRecord } from '../protocol/record.ts';
import type { ConfigFile } from './file.ts';
import { fileFaults } from './file-settings.ts';
import { exportFault, loadFault } from './load-fault.ts';
import type { LimitTables } from './objects/limits.ts';

/**
 * Reads the configuration file.
 *
 * @param givenPath - the path of the file. Undefined: `claimgate.config.{ts,js,mjs}` in the directory, if there is one
 * @param tables - the limits that other rooms define
 * @returns the content of the file, and its faults. If the file has a fault, the content is an empty object
 */
export async function readConfigFile(
  givenPath: string | undefined,
  directory: string,
  tables: LimitTables,
): Promise<{ file: ConfigFile; faults: readonly string[] }> {
  const names = givenPath ? [givenPath] : ['ts', 'js', 'mjs'].map((ending) => `claimgate.config.${ending}`);
  const [path, another] = names.map((name) => resolve(directory, name)).filter((name) => existsSync(name));
  if (!path) return { file: {}, faults: [] };
  if (another) return { file: {}, faults: [`${path} and ${another}: expected one configuration file`] };
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await import(pathToFileURL(path).href);
  } catch (error) {
    return { file: {}, faults: [await loadFault(path, error)] };
  }
  const wrong = exportFault(path, exported);
  if (wrong) return { file: {}, faults: [wrong] };
  const file = isRecord(exported['default']) ? exported['default'] : {};
  const faults = [...fileFaults(file, tables)].map((fault) => `${path}: ${fault}`);
  return { file: faults.length > 0 ? {} : file, faults };
}
