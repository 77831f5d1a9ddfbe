import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../config.ts';
import { type EndedAtRestore, endAfterRestore } from '../identity/restored.ts';
import { sealEverything } from '../identity/keys/sealed.ts';
import { copyDatabase } from '../store/backup/backup.ts';
import { checkFile } from '../store/backup/content.ts';
import { BackupFault } from '../store/backup/fault.ts';
import { checkTarget, placeFile, removeFile } from '../store/backup/place.ts';
import { removeUnfinished, unfinishedPath } from '../store/backup/unfinished.ts';
import { checkNoServers } from '../store/backup/sessions.ts';
import { createStore, isPostgres, migrateDatabase, printableUrl } from '../store/database.ts';
import { tablesVersion } from '../store/existing.ts';
import { readSqlite } from '../store/sqlite/dialect.ts';
import { migrationTimeouts } from '../store/postgres/options.ts';
import { databasePath } from '../store/sqlite/location.ts';
import type { Store } from '../store/tables.ts';
import { newKeySettings, sealerOf } from './embedded/key-settings.ts';

type RestoreConfig = Pick<Config, 'databaseUrl' | 'databaseSessionUrl' | 'encryptionKeys' | 'keys' | 'lifetimes'>;

/** A finished restore. */
export interface Restored extends EndedAtRestore {
  /** When everything ended, in milliseconds since the epoch. */
  readonly restoredAt: number;
}

/**
 * Restores a SQLite database from a backup. The backup is copied, migrated to this version, and everything in it that
 * was issued before ends (`endAfterRestore`). The finished copy takes the place of the database in one step.
 *
 * @param file the path of the backup. It stays as it is
 * @param replace whether an existing database may be replaced
 * @param clock returns milliseconds since the epoch. Called when no server uses the database any more
 * @throws BackupFault if the backup, the key or the place cannot be used. Then nothing is changed
 */
export async function restoreFile(
  config: RestoreConfig,
  file: string,
  replace: boolean,
  clock: () => number,
): Promise<Restored> {
  const path = databasePath(config.databaseUrl);
  checkFile(file);
  checkTarget(path, replace);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  removeUnfinished(path, 'restore');
  const staged = unfinishedPath(path, 'restore');
  try {
    copyDatabase(readSqlite(file), staged);
    const ended = await endIn(config, `file:${staged}`, clock);
    checkFile(staged);
    placeFile(staged, path);
    return ended;
  } finally {
    removeFile(staged);
  }
}

/**
 * Ends everything in a database that another program has restored, such as `pg_restore` (`endAfterRestore`). Migrates
 * the database to this version first.
 *
 * @param clock returns milliseconds since the epoch. Called when no server uses the database any more
 * @throws BackupFault if the database or the key cannot be used, or servers are connected. Then nothing has ended
 */
export async function endRestored(config: RestoreConfig, clock: () => number): Promise<Restored> {
  const { databaseUrl } = config;
  await checkNoServers(databaseUrl);
  return endIn(config, databaseUrl, clock);
}

async function endIn(config: RestoreConfig, url: string, clock: () => number): Promise<Restored> {
  // A statement that deletes every artifact may take longer than a request may.
  const store = createStore(url, { timeouts: migrationTimeouts });
  try {
    await bringUp(config, url, store);
    // What servers accepted before this time ends. Therefore the time is not read while they may still run.
    const restoredAt = clock();
    return { restoredAt, ...(await endAfterRestore(store, newKeySettings(config), restoredAt)) };
  } finally {
    await store.destroy();
  }
}

/** Migrates a restored database to this version, and encrypts its secrets with the present key. */
async function bringUp(config: RestoreConfig, url: string, store: Store): Promise<void> {
  const version = await tablesVersion(store);
  if (version === 'none') throw new BackupFault(`the database ${printableUrl(url)} is empty: restore the backup first`);
  if (version === 'newer')
    throw new BackupFault('the backup is newer than this Claimgate: use the version of the servers that used it last');
  await migrateDatabase(isPostgres(url) ? (config.databaseSessionUrl ?? url) : url, store);
  try {
    await sealEverything(store, sealerOf(config));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BackupFault(`CLAIMGATE_KEY: expected the key that the backup was encrypted with; ${reason}`, {
      cause: error,
    });
  }
}
