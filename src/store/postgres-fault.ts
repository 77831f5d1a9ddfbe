import pg from 'pg';
import { connectionOptions } from './postgres.ts';

/** The oldest PostgreSQL that gets corrections. */
const oldestVersion = 140_000;

/** What would keep a PostgreSQL database from being used: it is asked, and nothing is changed. @returns null if nothing would */
export async function postgresFault(url: string): Promise<string | null> {
  const client = new pg.Client(connectionOptions(url));
  client.on('error', () => {});
  try {
    await client.connect();
    const setting = async (name: string) => {
      const { rows } = await client.query<{ value: string }>('select current_setting($1) as value', [name]);
      return rows[0]?.value ?? '';
    };
    if (Number(await setting('server_version_num')) < oldestVersion) {
      return `it is PostgreSQL ${await setting('server_version')}, and 14 or newer is needed`;
    }
    if ((await setting('transaction_read_only')) === 'on') return 'it is read-only';
    if ((await setting('synchronous_commit')) === 'off') {
      return 'its synchronous_commit is off: after a crash a used authorization code would be good again';
    }
    if ((await setting('server_encoding')) !== 'UTF8') return 'its encoding is not UTF8';
    return null;
  } catch (error) {
    return reasonOf(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The name of a host that has several addresses fails with one error for each. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join(', ');
  return error instanceof Error ? error.message : String(error);
}
