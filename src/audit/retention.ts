import type { Store } from '../store/tables.ts';
import { type AuditType, auditTypes } from './trail.ts';
import { deleteInBatches } from '../store/sweep.ts';

/** For how long an event is kept, in milliseconds: 90 days. */
const keptFor = 90 * 24 * 60 * 60_000;

/** How many events are kept of each type: what comes too often pushes out its like, and no event of another type. */
const mostOfType = 1_000_000;
/** The same of what callers without an account can bring about as they like. */
const mostOfFlood = 250_000;
const floods: ReadonlySet<AuditType> = new Set(['denial', 'sign_in_failed']);
/** The same of applications that registered themselves, which push out none that a person registered. */
const mostSelfRegistered = 100_000;

/**
 * Deletes what is too old, and the oldest events of a type that has too many.
 *
 * @param now milliseconds since the epoch
 * @param most how many events of one type are kept at most, where that is less than its own limit. Default: its own
 * @returns how many rows went
 */
export async function sweepAuditEvents(store: Store, now: number, most: number = Infinity): Promise<number> {
  let gone = await sweep(store, () => sequences(store).where('at', '<', now - keptFor));
  for (const type of auditTypes) {
    const limit = Math.min(most, floods.has(type) ? mostOfFlood : mostOfType);
    if (type === 'application_registered') {
      const of = () => sequences(store).where('type', '=', type);
      gone += await sweepBeyond(store, () => of().where('account_id', 'is', null), Math.min(most, mostSelfRegistered));
      gone += await sweepBeyond(store, () => of().where('account_id', 'is not', null), limit);
    } else {
      gone += await sweepBeyond(store, () => sequences(store).where('type', '=', type), limit);
    }
  }
  return gone;
}

type Find = () => ReturnType<typeof sequences>;

/** Deletes all but the newest of some events. */
async function sweepBeyond(store: Store, find: Find, most: number): Promise<number> {
  const first = await find().orderBy('sequence', 'desc').offset(most).limit(1).executeTakeFirst();
  return first ? sweep(store, () => find().where('sequence', '<=', first.sequence)) : 0;
}

function sweep(store: Store, find: Find): Promise<number> {
  return deleteInBatches((limit) => store.deleteFrom('audit_events').where('sequence', 'in', find().limit(limit)));
}

function sequences(store: Store) {
  return store.selectFrom('audit_events').select('sequence');
}
