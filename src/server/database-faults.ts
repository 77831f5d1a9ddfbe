import type { Config } from '../config.ts';
import { StartError } from '../errors.ts';
import { databaseFault, isPostgres, printableUrl } from '../store/database.ts';
import { leadsToPooler } from '../store/postgres/pooler.ts';
import { sessionFault } from '../store/postgres/fault.ts';
import { databaseReason } from '../store/outage/reason.ts';

type Urls = Pick<Config, 'databaseUrl' | 'databaseSessionUrl'>;

/**
 * Finds the reason why the server cannot use the database, or the address in `DATABASE_SESSION_URL`. This address is
 * checked only if the database can be used. Creates and changes nothing.
 */
export async function databaseFaults({ databaseUrl, databaseSessionUrl }: Urls): Promise<string[]> {
  const reason = await databaseFault(databaseUrl);
  if (reason !== null) return [databaseMessage(databaseUrl, reason)];
  if (databaseSessionUrl === undefined) return [];
  const other = await sessionFault(databaseSessionUrl, databaseUrl);
  return other === null ? [] : [sessionMessage(databaseSessionUrl, other)];
}

/**
 * Turns an error of a database driver into a StartError. A StartError is returned unchanged. Any other error is a
 * defect of the program. It is returned unchanged too, because its stack shows the place of the defect.
 *
 * @param bySession - whether the error came from the address in `DATABASE_SESSION_URL`. Ignored if this variable is not
 * set
 */
export function startFault({ databaseUrl, databaseSessionUrl }: Urls, error: unknown, bySession = false): unknown {
  const reason = error instanceof StartError ? null : databaseReason(error);
  if (reason === null) return error;
  if (bySession && databaseSessionUrl !== undefined)
    return new StartError([sessionMessage(databaseSessionUrl, reason)]);
  return new StartError([databaseMessage(databaseUrl, reason)]);
}

/**
 * Chooses the database address for `LISTEN`. `LISTEN` needs its own database session. A pooler that shares connections
 * does not offer one.
 *
 * @param warn - called with a message if there is no suitable address, or if the configured address may be unsuitable
 * @returns null if there is no suitable address. The server then finds changes only by reading the database once a
 * second. For SQLite, the address of the file, which has no `LISTEN`
 */
export async function sessionAddress(
  { databaseUrl, databaseSessionUrl }: Urls,
  warn: (sentence: string) => void,
): Promise<string | null> {
  const address = databaseSessionUrl ?? databaseUrl;
  // If the database is not available now, the listener reports the outage and tries again.
  if (!isPostgres(address) || !(await leadsToPooler(address).catch(() => false))) return address;
  if (databaseSessionUrl === undefined) {
    warn(
      'DATABASE_URL leads to a pooler: changes by other processes are found by reading once a second; set DATABASE_SESSION_URL to an address of the database without a pooler, or of a pooler by session, to learn of them at once',
    );
    return null;
  }
  warn('DATABASE_SESSION_URL leads to a pooler: it must pool by session, or notices are lost');
  return databaseSessionUrl;
}

function databaseMessage(url: string, reason: string): string {
  return `DATABASE_URL=${printableUrl(url)}: expected a database to read and write; ${reason}`;
}

function sessionMessage(url: string, reason: string): string {
  return `DATABASE_SESSION_URL=${printableUrl(url)}: expected another address of the database of DATABASE_URL; ${reason}`;
}
