import type { Selectable } from 'kysely';
import { takeNumbers } from '../store/counters.ts';
import { amongNumbers, insertable } from '../store/many.ts';
import { notify } from '../store/notices.ts';
import type { Store, Tables } from '../store/tables.ts';
import { inTransaction } from '../store/transaction.ts';
import { inOrder, type Page, type PageOf } from '../store/pages.ts';

/** What can happen. `administration`: the use of something that only an administrator's scope opens. */
export const auditTypes = [
  'denial',
  'administration',
  'grant_given',
  'grant_revoked',
  'token_issued',
  'token_refreshed',
  'token_revoked',
  'code_reuse',
  'refresh_reuse',
  'sign_in',
  'sign_in_failed',
  'sign_out',
  'account_created',
  'account_disabled',
  'account_enabled',
  'account_roles_changed',
  'password_changed',
  'key_published',
  'key_retired',
  'cookie_key_replaced',
  'application_registered',
  'application_updated',
  'application_deleted',
  'application_secret_rotated',
] as const;
export type AuditType = (typeof auditTypes)[number];
export type AuditOutcome = 'allowed' | 'denied' | 'failed';

/** What happened, to whom and by whom. Never a secret, and nothing that a caller wrote. */
export interface AuditFact {
  readonly type: AuditType;
  readonly outcome: AuditOutcome;
  /** `Type.field` of the schema; null where it stands for several. */
  readonly coordinate: string | null;
  /** Coordinate of the element whose rule decided. */
  readonly rule: string | null;
  /** The account that called; null for nobody, for an application alone, and for people whom other issuers know. */
  readonly accountId: string | null;
  /** The client ID of the application that called. */
  readonly clientId: string | null;
  readonly detail: string | null;
}

/** A fact as often as it happened in a short while. */
export interface CountedFact {
  readonly fact: AuditFact;
  readonly count: number;
  /** When it happened last, in milliseconds since the epoch. */
  readonly at: number;
}

/** A row of the audit trail. */
export interface AuditEvent extends AuditFact {
  /** A decimal number, which counts up. */
  readonly id: string;
  /** When it happened, or happened last, in milliseconds since the epoch. */
  readonly createdAt: number;
  readonly count: number;
}

/** Writes facts, all or none, in their order. */
export async function writeAuditEvents(store: Store, facts: readonly CountedFact[]): Promise<void> {
  await inTransaction(store, (transaction) => addAuditEvents(transaction, facts));
}

/** The same in a transaction that does something else too: it is recorded if it is done. Take no numbers after this. */
export async function addAuditEvents(transaction: Store, facts: readonly CountedFact[]): Promise<void> {
  if (facts.length === 0) return;
  const first = await takeNumbers(transaction, 'audit_events', facts.length);
  const rows = facts.map(({ fact, count, at }, index) => ({
    sequence: first + index,
    at,
    type: fact.type,
    outcome: fact.outcome,
    coordinate: fact.coordinate,
    rule: fact.rule,
    account_id: fact.accountId,
    client_id: fact.clientId,
    detail: fact.detail,
    count,
  }));
  for (const some of insertable(rows)) await transaction.insertInto('audit_events').values(some).execute();
  await notify(transaction, 'audit_events');
}

/** Makes a change and writes what the trail says of it, in one transaction: neither is there without the other. */
export function changeAudited<T>(
  store: Store,
  change: (transaction: Store) => Promise<T>,
  factsOf: (changed: T) => readonly CountedFact[],
): Promise<T> {
  return inTransaction(store, async (transaction) => {
    const changed = await change(transaction);
    await writeAuditEvents(transaction, factsOf(changed));
    return changed;
  });
}

/** What the trail is searched by: all of it must hold. */
export interface AuditFilter {
  readonly type?: AuditType | undefined;
  readonly coordinate?: string | undefined;
  readonly accountId?: string | undefined;
}

/** One page of the trail, the newest row first. Of `after` the `id` counts, which must be one that an event had. */
export async function listAuditEvents(store: Store, filter: AuditFilter, page: Page): Promise<PageOf<AuditEvent>> {
  const { type, coordinate, accountId } = filter;
  const { after } = page;
  const rows = await store
    .selectFrom('audit_events')
    .selectAll()
    .$if(type !== undefined, (query) => query.where('type', '=', type ?? ''))
    .$if(coordinate !== undefined, (query) => query.where('coordinate', '=', coordinate ?? ''))
    .$if(accountId !== undefined, (query) => query.where('account_id', '=', accountId ?? ''))
    .$if(after !== null, (query) => query.where('sequence', '<', Number(after?.id)))
    .orderBy('sequence', 'desc')
    .limit(page.first + 1)
    .execute();
  return { items: rows.slice(0, page.first).map(auditEvent), hasNextPage: rows.length > page.first };
}

/** The rows that were written after the one with this number, the oldest first. */
export async function auditEventsAfter(store: Store, sequence: number, limit: number): Promise<AuditEvent[]> {
  const rows = await store
    .selectFrom('audit_events')
    .selectAll()
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  return rows.map(auditEvent);
}

/** @returns the events in the order of `ids`, which must be decimal numbers of at most 15 digits; null where there is none */
export async function findAuditEvents(store: Store, ids: readonly string[]): Promise<(AuditEvent | null)[]> {
  const rows = await store
    .selectFrom('audit_events')
    .selectAll()
    .where(amongNumbers(store, 'sequence', ids.map(Number)))
    .execute();
  return inOrder(ids, rows.map(auditEvent));
}

/** The number of the newest row; 0 where there is none. */
export async function latestAuditEvent(store: Store): Promise<number> {
  const row = await store
    .selectFrom('audit_events')
    .select('sequence')
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.sequence ?? 0;
}

function auditEvent(row: Selectable<Tables['audit_events']>): AuditEvent {
  return {
    id: String(row.sequence),
    createdAt: row.at,
    // Both columns are written by writeAuditEvents alone.
    type: row.type as AuditType,
    outcome: row.outcome as AuditOutcome,
    coordinate: row.coordinate,
    rule: row.rule,
    accountId: row.account_id,
    clientId: row.client_id,
    detail: row.detail,
    count: row.count,
  };
}
