import type pg from 'pg';
import { connectAlone } from './pooler.ts';
import { databaseReason, oneLine } from '../outage/reason.ts';

/** The oldest PostgreSQL that gets corrections. */
const oldestVersion = 140_000;

/** What would keep a PostgreSQL database from being used: it is asked, and nothing is changed. @returns null if nothing would */
export function postgresFault(url: string): Promise<string | null> {
  return asking(url, async (ask) => {
    if (Number(await ask("current_setting('server_version_num')")) < oldestVersion) {
      return `it is PostgreSQL ${await ask("current_setting('server_version')")}, and 14 or newer is needed`;
    }
    if ((await ask("current_setting('transaction_read_only')")) === 'on') return 'it is read-only';
    if ((await ask("current_setting('synchronous_commit')")) === 'off') {
      return 'its synchronous_commit is off: after a crash a used authorization code would be good again';
    }
    if ((await ask("current_setting('server_encoding')")) !== 'UTF8') return 'its encoding is not UTF8';
    const schema = await ask('current_schema()');
    if (schema === '') return 'no schema of its search_path exists or may be used: create one, or grant USAGE on it';
    const isNew = (await ask("to_regclass('kysely_migration') is null")) === 'true';
    if (isNew && (await ask("has_schema_privilege(current_schema(), 'CREATE')")) !== 'true') {
      return `its user may not make tables in the schema ${schema}: GRANT CREATE ON SCHEMA ${schema} TO ${await ask('current_user')}`;
    }
    return null;
  });
}

/** What would keep an address from serving what needs a session of the database at a URL. @returns null if nothing would */
export async function sessionFault(sessionUrl: string, url: string): Promise<string | null> {
  let session = '';
  const fault = await asking(sessionUrl, async (ask) => {
    session = await ask(identity);
    return (await ask("current_setting('transaction_read_only')")) === 'on' ? 'it is read-only' : null;
  });
  if (fault !== null) return fault;
  const differs = await asking(url, async (ask) => ((await ask(identity)) === session ? null : 'differs'));
  return differs === 'differs' ? 'it is another database' : null;
}

/** Names a database of a running server, whatever poolers call it. */
const identity = "concat_ws(' ', pg_postmaster_start_time(), current_database())";

/** Asks a database for one value after another. @returns what the questions come to, or why it cannot be asked */
async function asking(
  url: string,
  question: (ask: (expression: string) => Promise<string>) => Promise<string | null>,
): Promise<string | null> {
  let client: pg.Client | undefined;
  try {
    const connected = await connectAlone(url);
    client = connected;
    return await question(async (expression) => {
      const { rows } = await connected.query<{ value: string | null }>(`select (${expression})::text as value`);
      return rows[0]?.value ?? '';
    });
  } catch (error) {
    const said = oneLine(error instanceof Error ? error.message : String(error));
    return databaseReason(error) ?? `it does not answer as a PostgreSQL server does: ${said}`;
  } finally {
    await client?.end().catch(() => {});
  }
}
