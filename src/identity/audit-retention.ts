import type { Store } from '../store/tables.ts';
import { type AuditType, latestAuditEvent } from './audit.ts';

/** For how long an event is kept, in milliseconds: 90 days. */
const keptFor = 90 * 24 * 60 * 60_000;
/** Of what callers can bring about as they like, only those among so many newest rows: a flood pushes out its like, and nothing else. */
const newestWithDenials = 500_000;
const floods: readonly AuditType[] = ['denial', 'sign_in_failed'];
/** How many rows one statement deletes at most, so that no writer waits long. */
const sweepSize = 500;

/**
 * Deletes what is too old, and denials and failed sign-ins that are too many.
 *
 * @param now milliseconds since the epoch
 * @param newest among how many newest rows one of these is kept. Default: 500,000
 * @returns how many rows went
 */
export async function sweepAuditEvents(store: Store, now: number, newest: number = newestWithDenials): Promise<number> {
  const old = () =>
    store
      .selectFrom('audit_events')
      .select('sequence')
      .where('at', '<', now - keptFor);
  const last = (await latestAuditEvent(store)) - newest;
  const many = () =>
    store.selectFrom('audit_events').select('sequence').where('type', 'in', floods).where('sequence', '<=', last);
  return (await sweep(store, old)) + (await sweep(store, many));
}

async function sweep(store: Store, find: () => ReturnType<typeof sequences>): Promise<number> {
  let gone = 0;
  for (;;) {
    const some = find().limit(sweepSize);
    const { numDeletedRows } = await store.deleteFrom('audit_events').where('sequence', 'in', some).executeTakeFirst();
    gone += Number(numDeletedRows);
    if (numDeletedRows < sweepSize) return gone;
  }
}

function sequences(store: Store) {
  return store.selectFrom('audit_events').select('sequence');
}
