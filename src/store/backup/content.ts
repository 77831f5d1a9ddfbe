import type { DatabaseSync } from 'node:sqlite';
import { isSealed } from '../connections/sealing.ts';
import { oneLine } from '../outage/reason.ts';
import { readSqlite } from '../sqlite/dialect.ts';
import { BackupFault } from './fault.ts';

/** What a database file contains, for the operator. */
export interface FileContent {
  /** The name of the last migration, such as `0020_audit_by_client`. */
  readonly migration: string;
  /** Whether private keys or secrets of the server are stored without encryption. */
  readonly keysInClear: boolean;
}

/**
 * Checks that a file is an undamaged database of Claimgate. Runs SQLite's `integrity_check`, which reads the whole file,
 * and checks the foreign keys.
 *
 * @throws BackupFault if the file is not a database, is damaged, or has no tables of Claimgate
 */
export function checkFile(path: string): FileContent {
  let database: DatabaseSync | undefined;
  try {
    database = readSqlite(path);
    const damage = damageOf(database);
    if (damage !== null) throw new BackupFault(`${path} is damaged: ${damage}`);
    return contentOf(database, path);
  } catch (error) {
    if (error instanceof BackupFault) throw error;
    const reason = error instanceof Error ? oneLine(error.message) : String(error);
    throw new BackupFault(`${path}: expected a file that claimgate backup made; ${reason}`, { cause: error });
  } finally {
    database?.close();
  }
}

function contentOf(database: DatabaseSync, path: string): FileContent {
  const isOurs = hasTable(database, 'kysely_migration') && hasTable(database, 'signing_keys');
  const last = isOurs && database.prepare('select max(name) as name from kysely_migration').get();
  if (!last || typeof last['name'] !== 'string') {
    throw new BackupFault(`${path}: expected a file that claimgate backup made; it has no tables of Claimgate`);
  }
  return { migration: last['name'], keysInClear: keysInClear(database) };
}

/** Returns the first damage that SQLite finds. Null: SQLite finds no damage. */
function damageOf(database: DatabaseSync): string | null {
  const [first] = database.prepare('PRAGMA integrity_check(1)').all();
  const found = String(first?.['integrity_check'] ?? 'integrity_check returned nothing');
  if (found !== 'ok') return oneLine(found);
  const [orphan] = database.prepare('PRAGMA foreign_key_check').all();
  return orphan ? `a row of ${String(orphan['table'])} refers to a missing row` : null;
}

function keysInClear(database: DatabaseSync): boolean {
  const stored = [
    ...database.prepare(`select jwk as value from signing_keys where jwk != ''`).all(),
    ...database.prepare('select value from server_secrets').all(),
  ];
  return stored.some(({ value }) => !isSealed(String(value)));
}

function hasTable(database: DatabaseSync, name: string): boolean {
  return database.prepare(`select 1 from sqlite_schema where type = 'table' and name = ?`).get(name) !== undefined;
}
