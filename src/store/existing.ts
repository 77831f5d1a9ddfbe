import { existsSync } from 'node:fs';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { createStore, isPostgres, printableUrl } from './database.ts';
import { databasePath } from './sqlite/location.ts';
import { migrations } from './migrations.ts';
import type { Store } from './tables.ts';

/**
 * Opens the database of a server for a command. The server may be running. Nothing is created or migrated.
 *
 * @throws Error if there is no database, if it cannot be used, or if its tables are of another version
 */
export async function openExisting(url: string): Promise<Store> {
  if (!isPostgres(url) && !existsSync(databasePath(url)))
    throw new Error(`there is no database at ${databasePath(url)}`);
  const store = createStore(url);
  try {
    const fault = await tablesFault(store);
    if (fault !== null) throw new Error(`the database ${printableUrl(url)} ${fault}`);
    return store;
  } catch (error) {
    await store.destroy();
    throw error;
  }
}

/** Describes how the tables differ from the tables of this version; null if they do not differ. */
async function tablesFault(store: Store): Promise<string | null> {
  return faultOfVersion[await tablesVersion(store)];
}

const faultOfVersion = {
  none: 'is empty: start the server first, which makes its tables',
  newer: 'is newer than this Claimgate: use the version that the server has',
  older: 'is older than this Claimgate: start the server of this version first, which brings it up to date',
  current: null,
} as const;

/** Compares the tables of a database with the tables of this version. Changes nothing. */
export async function tablesVersion(store: Store): Promise<keyof typeof faultOfVersion> {
  const migrator = new Migrator({ db: store, provider: { getMigrations: async () => ({ ...migrations }) } });
  const known = await migrator.getMigrations();
  if (!known.some(({ executedAt }) => executedAt)) return 'none';
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(store);
  if (rows.some(({ name }) => !Object.hasOwn(migrations, name))) return 'newer';
  return known.every(({ executedAt }) => executedAt) ? 'current' : 'older';
}
