import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The end of the name of an unfinished file. `restore`: beside the database. `partial`: beside a new backup. */
type UnfinishedKind = 'restore' | 'partial';

/** After this time, a file is removed even if a process has the number of its process, in milliseconds. */
const maxAgeMs = 24 * 3_600_000;

/** Returns a new path beside a file, for a copy that this process has not finished. The name has the process's number. */
export function unfinishedPath(path: string, kind: UnfinishedKind): string {
  return `${path}.${process.pid}-${randomBytes(6).toString('hex')}.${kind}`;
}

/**
 * Removes the unfinished copies of killed processes, with the files that SQLite keeps beside them. They have everything
 * that the database has, such as signing keys. Copies of running processes stay.
 *
 * Call this before this process makes a copy. Does nothing if the folder cannot be read or changed.
 *
 * @param path the database, whose unfinished restores are removed; or a backup, in whose folder every unfinished backup
 * is removed
 * @returns how many files were removed
 */
export function removeUnfinished(path: string, kind: UnfinishedKind): number {
  const folder = dirname(path);
  const start = kind === 'restore' ? `${basename(path)}.` : '';
  let removed = 0;
  for (const name of namesIn(folder)) {
    const [, pid] = name.startsWith(start) ? (patterns[kind].exec(name) ?? []) : [];
    if (pid === undefined) continue;
    const file = join(folder, name);
    try {
      if (isRunning(Number(pid)) && Date.now() - statSync(file).mtimeMs < maxAgeMs) continue;
      rmSync(file, { force: true });
      removed += 1;
    } catch {
      // The file has gone meanwhile, or it belongs to another user, who may remove it.
    }
  }
  return removed;
}

/** The names of unfinished copies. The group is the number of the process. */
const patterns: Readonly<Record<UnfinishedKind, RegExp>> = {
  restore: /\.(\d{1,10})-[0-9a-f]{12}\.restore(?:-wal|-shm|-journal)?$/,
  partial: /\.(\d{1,10})-[0-9a-f]{12}\.partial(?:-wal|-shm|-journal)?$/,
};

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * Whether another process has this number. In a container, a new process often has the number of the killed one. Therefore
 * the number of this process counts as free.
 */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
