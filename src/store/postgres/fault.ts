import type pg from 'pg';
import { connectAlone } from './pooler.ts';
import { databaseReason, oneLine } from '../outage/reason.ts';

/** The oldest supported version of PostgreSQL: 14. */
const oldestVersion = 140_000;

/** Checks whether a PostgreSQL database can be used, without changing anything. @returns why it cannot; null if it can */
export function postgresFault(url: string): Promise<string | null> {
  return withAnswers(url, async (ask) => {
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

/**
 * Checks the URL for connections that need their own session. It must answer, accept writes and lead to the database of
 * the server. Does not check whether it leads to a pooler.
 *
 * @param url the database of the server
 * @returns what is wrong; null if no fault was found
 */
export async function sessionFault(sessionUrl: string, url: string): Promise<string | null> {
  let session = '';
  const fault = await withAnswers(sessionUrl, async (ask) => {
    session = await ask(identity);
    return (await ask("current_setting('transaction_read_only')")) === 'on' ? 'it is read-only' : null;
  });
  if (fault !== null) return fault;
  const differs = await withAnswers(url, async (ask) => ((await ask(identity)) === session ? null : 'differs'));
  return differs === 'differs' ? 'it is another database' : null;
}

/** Identifies a database of a running server, independent of the names that poolers use. */
const identity = "concat_ws(' ', pg_postmaster_start_time(), current_database())";

/**
 * Evaluates expressions in a database, one after another.
 *
 * @returns the result of `check`, or why the database does not answer
 */
async function withAnswers(
  url: string,
  check: (ask: (expression: string) => Promise<string>) => Promise<string | null>,
): Promise<string | null> {
  let client: pg.Client | undefined;
  try {
    const connected = await connectAlone(url);
    client = connected;
    return await check(async (expression) => {
      const { rows } = await connected.query<{ value: string | null }>(`select (${expression})::text as value`);
      return rows[0]?.value ?? '';
    });
  } catch (error) {
    const message = oneLine(error instanceof Error ? error.message : String(error));
    return databaseReason(error) ?? `it does not answer as a PostgreSQL server does: ${message}`;
  } finally {
    await client?.end().catch(() => {});
  }
}
