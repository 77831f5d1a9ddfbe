import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isRecord } from '../protocol/record.ts';
import type { ConfigFile } from './file.ts';
import type { Members } from '../protocol/options/object.ts';
import { fileFaults, fileSettings } from './file-settings.ts';
import { exportFault, loadFault } from './load-fault.ts';
import type { LimitTables } from './objects/limits.ts';
import { usablePart } from './usable-part.ts';

/**
 * Reads the configuration file.
 *
 * @param givenPath - the path of the file. Undefined: `claimgate.config.{ts,js,mjs}` in the directory, if there is one
 * @param tables - the limits that other rooms define
 * @returns the content of the file, its faults, and its folder. If the file has a fault, the content is only the part that
 *   can be judged further. Without a file, the folder is the directory
 */
export async function readConfigFile(
  givenPath: string | undefined,
  directory: string,
  tables: LimitTables,
): Promise<{ file: ConfigFile; faults: readonly string[]; folder: string }> {
  const [path, another] = configFilesIn(directory, givenPath);
  if (!path) return { file: {}, faults: [], folder: directory };
  const folder = dirname(path);
  if (another) return { file: {}, faults: [`${path} and ${another}: expected one configuration file`], folder };
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await import(pathToFileURL(path).href);
  } catch (error) {
    return { file: {}, faults: [await loadFault(path, error)], folder };
  }
  const wrong = exportFault(path, exported);
  if (wrong) return { file: {}, faults: [wrong], folder };
  return { ...checkedConfig(path, isRecord(exported['default']) ? exported['default'] : {}, tables), folder };
}

/**
 * Returns the paths of the configuration files that exist. More than one is a fault of the configuration.
 *
 * @param givenPath - the path of the file. Default: the files `claimgate.config.{ts,js,mjs}` of the directory
 */
export function configFilesIn(directory: string, givenPath?: string): readonly string[] {
  const names = givenPath ? [givenPath] : ['ts', 'js', 'mjs'].map((ending) => `claimgate.config.${ending}`);
  return names.map((name) => resolve(directory, name)).filter((name) => existsSync(name));
}

/**
 * Checks the content of a configuration file.
 *
 * @param place - the start of each fault
 * @returns the content, and its faults. If it has a fault, the content is only the part that can be judged further
 */
export function checkedConfig(
  place: string,
  file: ConfigFile,
  tables: LimitTables,
): { file: ConfigFile; faults: readonly string[] } {
  const faults = [...fileFaults(file as Readonly<Record<string, unknown>>, tables)].map(
    (fault) => `${place}: ${fault}`,
  );
  return { file: faults.length > 0 ? usablePart(file as Members, fileSettings(tables)) : file, faults };
}
