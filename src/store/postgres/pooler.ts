import pg from 'pg';
import { connectionOptions, type PostgresTimeouts } from './options.ts';

/**
 * Whether a pooler (PgBouncer) refused a connection because it does not pass settings on. Then the process connects
 * without settings, and each transaction sets its own time limits.
 */
export function refusesSettings(error: unknown): boolean {
  return error instanceof Error && /unsupported startup parameter/i.test(error.message);
}

/**
 * Returns the statement that begins a transaction with its own time limits, in one round trip. Behind a pooler,
 * settings of the session would also affect other clients.
 */
export function beginWithTimeouts({ statementMs, idleMs }: PostgresTimeouts): string {
  return `begin; set local statement_timeout = ${statementMs}; set local idle_in_transaction_session_timeout = ${idleMs}`;
}

/**
 * Opens a connection outside of the pools. Its errors do not end the process. The caller ends it.
 *
 * @throws what the driver throws
 */
export async function connectAlone(url: string): Promise<pg.Client> {
  return connectOnce(url, true).catch((error: unknown) => {
    if (refusesSettings(error)) return connectOnce(url, false);
    throw error;
  });
}

async function connectOnce(url: string, settings: boolean): Promise<pg.Client> {
  const client = new pg.Client(connectionOptions(url, { settings }));
  // Without a listener, an error of an idle connection would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/**
 * Whether the connection goes through a pooler. Then the statements of one connection may reach several sessions. The
 * function compares the process ID that the server sent at the beginning with the ID of the process that answers. The
 * result is also true for a pooler with session pooling, which gives each client its own session.
 *
 * @throws what the driver throws
 */
export async function leadsToPooler(url: string): Promise<boolean> {
  const client = await connectAlone(url);
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    // The types of the driver do not have this member.
    const { processID } = client as { processID?: number | null };
    return rows[0]?.pid !== processID;
  } finally {
    await client.end().catch(() => {});
  }
}
