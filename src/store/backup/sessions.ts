import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { createStore, isPostgres } from '../database.ts';
import { databasePath } from '../sqlite/location.ts';
import { BackupFault } from './fault.ts';
import { checkUnused } from './place.ts';

/** PostgreSQL lists a connection for a moment after its server has closed it. This is the longest wait, in milliseconds. */
const mostClosingMs = 1_000;
const pauseMs = 50;

/**
 * Checks that no server uses a database. On PostgreSQL, it finds the connections that have the name `claimgate`. It
 * does not find connections of other users, and servers behind a pooler that hides the name.
 *
 * @throws BackupFault if a server uses the database, or there is no database
 */
export async function checkNoServers(url: string): Promise<void> {
  if (!isPostgres(url)) {
    const path = databasePath(url);
    if (!existsSync(path)) throw new BackupFault(`there is no database at ${path}`);
    return checkUnused(path);
  }
  let count = await connectionsOfServers(url);
  for (let waitedMs = 0; count > 0 && waitedMs < mostClosingMs; waitedMs += pauseMs) {
    await sleep(pauseMs);
    count = await connectionsOfServers(url);
  }
  if (count > 0) {
    const noun = count === 1 ? 'connection of a server' : 'connections of servers';
    throw new BackupFault(`the database has ${count} ${noun}: stop every server on this database first`);
  }
}

async function connectionsOfServers(url: string): Promise<number> {
  const store = createStore(url);
  try {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from pg_stat_activity
      where datname = current_database() and application_name = 'claimgate' and pid != pg_backend_pid()`.execute(store);
    return rows[0]?.count ?? 0;
  } finally {
    await store.destroy();
  }
}
