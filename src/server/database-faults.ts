import type { Config } from '../config.ts';
import { StartError } from '../errors.ts';
import { databaseFault, isPostgres, printableUrl } from '../store/database.ts';
import { leadsToPooler } from '../store/postgres/pooler.ts';
import { sessionFault } from '../store/postgres/fault.ts';
import { databaseReason } from '../store/outage/reason.ts';

type Urls = Pick<Config, 'databaseUrl' | 'databaseSessionUrl'>;

/** What would keep the database from being used at its addresses, found without making or changing anything. */
export async function databaseFaults({ databaseUrl, databaseSessionUrl }: Urls): Promise<string[]> {
  const reason = await databaseFault(databaseUrl);
  if (reason !== null) return [databaseMessage(databaseUrl, reason)];
  if (databaseSessionUrl === undefined) return [];
  const other = await sessionFault(databaseSessionUrl, databaseUrl);
  return other === null ? [] : [sessionMessage(databaseSessionUrl, other)];
}

/**
 * What a driver threw while the server started, as a fault of the start. Another error stays as it is: it is a defect, and its
 * stack shows where.
 *
 * @param bySession whether it was thrown at the address of `DATABASE_SESSION_URL`, where there is one
 */
export function startFault({ databaseUrl, databaseSessionUrl }: Urls, error: unknown, bySession = false): unknown {
  const reason = error instanceof StartError ? null : databaseReason(error);
  if (reason === null) return error;
  if (bySession && databaseSessionUrl !== undefined)
    return new StartError([sessionMessage(databaseSessionUrl, reason)]);
  return new StartError([databaseMessage(databaseUrl, reason)]);
}

/**
 * The address for what needs a session of its own (`LISTEN`). A pooler that shares connections has none.
 *
 * @param warn told why there is none, in a sentence, or why the one that is given may not do
 * @returns null where there is none: what is new is found by looking
 */
export async function sessionAddress(
  { databaseUrl, databaseSessionUrl }: Urls,
  warn: (sentence: string) => void,
): Promise<string | null> {
  const address = databaseSessionUrl ?? databaseUrl;
  // Of an outage that begins now the listener itself tells, and goes on trying.
  if (!isPostgres(address) || !(await leadsToPooler(address).catch(() => false))) return address;
  if (databaseSessionUrl === undefined) {
    warn(
      'DATABASE_URL leads to a pooler: what other processes change is found by looking once a second; set DATABASE_SESSION_URL to an address of the database without a pooler, or of a pooler by session, to hear of it at once',
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
