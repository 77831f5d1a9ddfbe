import pg from 'pg';
import { connectionOptions, type PostgresPatience } from './options.ts';

/**
 * Whether a pooler refused a connection since it passes no settings on (PgBouncer). Then the connection is made without them, and
 * each transaction begins with its own.
 */
export function refusesSettings(error: unknown): boolean {
  return error instanceof Error && /unsupported startup parameter/i.test(error.message);
}

/**
 * Begins a transaction whose time-outs are its own: behind a pooler a session's settings would be those of other clients, too.
 * One round trip.
 */
export function beginWithTimeouts({ statement, idle }: PostgresPatience): string {
  return `begin; set local statement_timeout = ${statement}; set local idle_in_transaction_session_timeout = ${idle}`;
}

/** A connection of its own, beside every pool. It hears its errors; the caller ends it. @throws what the driver throws */
export async function connectAlone(url: string): Promise<pg.Client> {
  return connectOnce(url, true).catch((error: unknown) => {
    if (refusesSettings(error)) return connectOnce(url, false);
    throw error;
  });
}

async function connectOnce(url: string, settings: boolean): Promise<pg.Client> {
  const client = new pg.Client(connectionOptions(url, { settings }));
  // Unheard, an error of an idle connection would end the process.
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
 * Whether the statements of one connection may reach several sessions of the database: the process that answers is not the one
 * that the connection was told of at its beginning. Poolers that give a client one session (session pooling) look the same.
 *
 * @throws what the driver throws
 */
export async function leadsToPooler(url: string): Promise<boolean> {
  const client = await connectAlone(url);
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    // Its types do not know the member.
    const { processID } = client as { processID?: number | null };
    return rows[0]?.pid !== processID;
  } finally {
    await client.end().catch(() => {});
  }
}
