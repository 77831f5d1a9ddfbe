import { hash } from 'node:crypto';
import { type FSWatcher, readdirSync, readFileSync, statSync, watch } from 'node:fs';
import { extname, join, relative } from 'node:path';

/** The files that a configuration may consist of. */
const sourceEndings: ReadonlySet<string> = new Set(
  '.ts .mts .cts .js .mjs .cjs .json .graphql .graphqls .gql'.split(' '),
);

/** Folders that have no sources. `data` is the default folder of the database. */
const ignoredFolders: ReadonlySet<string> = new Set(['node_modules', 'data', 'dist', 'coverage']);

/** The largest number of folders that are watched. A watcher of the system belongs to each. */
const maxFolders = 2_000;

/** How long no file may change before a change is reported, in milliseconds. An editor writes a file in several steps. */
const quietMs = 40;

/** Whether a path is a folder. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Watches the source files in folders and their subfolders. A file that is written without a change of its content is
 * not reported.
 *
 * @param onChange - called with the path of a changed file, relative to the working directory
 * @returns a function that stops watching
 */
export function watchSources(folders: readonly string[], onChange: (path: string) => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  const contents = new Map<string, string | null>();
  const touched = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  const report = () => {
    const changed = [...touched].find((path) => contents.get(path) !== contentOf(path));
    for (const path of touched) contents.set(path, contentOf(path));
    touched.clear();
    if (changed !== undefined) onChange(relative(process.cwd(), changed));
  };
  const touch = (path: string) => {
    if (!sourceEndings.has(extname(path))) return;
    touched.add(path);
    clearTimeout(timer);
    timer = setTimeout(report, quietMs);
  };
  const add = (folder: string, isNew: boolean) => {
    if (watchers.has(folder) || watchers.size >= maxFolders) return;
    const watcher = watch(folder, (_event, name) => {
      if (name === null) return;
      const path = join(folder, name);
      if (isFolder(path)) return isIgnored(name) ? undefined : add(path, true);
      touch(path);
    });
    watchers.set(folder, watcher);
    // The folder was removed. A new folder with its name is found by the watcher of its parent.
    watcher.on('error', () => {
      watcher.close();
      watchers.delete(folder);
    });
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !isIgnored(entry.name)) add(path, isNew);
      else if (isNew) touch(path);
      else if (sourceEndings.has(extname(path))) contents.set(path, contentOf(path));
    }
  };
  for (const folder of folders) add(folder, false);

  return () => {
    clearTimeout(timer);
    for (const watcher of watchers.values()) watcher.close();
  };
}

function isIgnored(name: string): boolean {
  return name.startsWith('.') || ignoredFolders.has(name);
}

/** Returns a hash of a file; null if it cannot be read. */
function contentOf(path: string): string | null {
  try {
    return hash('sha256', readFileSync(path));
  } catch {
    return null;
  }
}
