import type { Selectable, SelectQueryBuilder } from 'kysely';
import { amongNumbers } from '../store/many.ts';
import { inOrder, type Page, type PageOf } from '../store/pages.ts';
import type { Store, Tables } from '../store/tables.ts';
import type { AuditOutcome, AuditType } from './event-types.ts';
import type { AuditFact } from './facts.ts';

/** A row of the audit trail. */
export interface AuditEvent extends AuditFact {
  /** A decimal number. Later events have greater numbers. */
  readonly id: string;
  /** When it happened last, in milliseconds since the epoch. */
  readonly createdAt: number;
  readonly count: number;
}

/** The conditions of a search. It returns the events to which every given condition applies. */
export interface AuditFilter {
  readonly type?: AuditType | undefined;
  readonly coordinate?: string | undefined;
  readonly accountId?: string | undefined;
  readonly clientId?: string | undefined;
}

/** Returns one page of the trail, newest first. Of `page.after`, only `id` is used. It must be the ID of an event. */
export async function listAuditEvents(store: Store, filter: AuditFilter, page: Page): Promise<PageOf<AuditEvent>> {
  const { after } = page;
  const rows = await filtered(store, filter)
    .selectAll()
    .$if(after !== null, (query) => query.where('sequence', '<', Number(after?.id)))
    .orderBy('sequence', 'desc')
    .limit(page.first + 1)
    .execute();
  return { items: rows.slice(0, page.first).map(auditEvent), hasNextPage: rows.length > page.first };
}

/** Returns a query for the events to which a filter applies. It selects no column yet. */
export function filtered(
  store: Store,
  { type, coordinate, accountId, clientId }: AuditFilter,
): SelectQueryBuilder<Tables, 'audit_events', object> {
  return store
    .selectFrom('audit_events')
    .$if(type !== undefined, (query) => query.where('type', '=', type ?? ''))
    .$if(coordinate !== undefined, (query) => query.where('coordinate', '=', coordinate ?? ''))
    .$if(accountId !== undefined, (query) => query.where('account_id', '=', accountId ?? ''))
    .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''));
}

/** Returns at most `limit` events that were written after the event with this number, oldest first. */
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

/**
 * Returns the events with these IDs, in the order of `ids`; null for an ID without an event.
 *
 * @param ids decimal numbers of at most 15 digits
 */
export async function findAuditEvents(store: Store, ids: readonly string[]): Promise<(AuditEvent | null)[]> {
  const rows = await store
    .selectFrom('audit_events')
    .selectAll()
    .where(amongNumbers(store, 'sequence', ids.map(Number)))
    .execute();
  return inOrder(ids, rows.map(auditEvent));
}

/** Returns the number of the newest event; 0 if there is none. */
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
    // Only addAuditEvents writes these two columns.
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
