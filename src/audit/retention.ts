import { deleteInBatches } from '../store/sweep.ts';
import type { Store } from '../store/tables.ts';
import { auditEventKind, auditTypes } from './event-types.ts';

/** How long an event is kept, in milliseconds: 90 days. */
const keptMs = 90 * 24 * 60 * 60_000;

/**
 * How many events of one type are kept at most. Each type has its own limit. Therefore events of one type do not
 * displace events of another type.
 */
const defaultMaxRows = 1_000_000;

/**
 * Deletes events older than 90 days. If a type has more events than its limit, deletes its oldest events. In a type with
 * a limit for rows without an account, the rows with an account, with only a client, and of anonymous callers are counted
 * apart. Therefore none of them displaces another.
 *
 * @param now milliseconds since the epoch
 * @param maxRows an additional limit for every type, for tests. Default: each type has only its own limit
 * @returns how many rows were deleted
 */
export async function sweepAuditEvents(store: Store, now: number, maxRows: number = Infinity): Promise<number> {
  let deleted = await sweep(store, () => sequences(store).where('at', '<', now - keptMs));
  for (const type of auditTypes) {
    const kind = auditEventKind(type);
    const limit = Math.min(maxRows, kind.maxRows ?? defaultMaxRows);
    const ofType = () => sequences(store).where('type', '=', type);
    if (kind.maxRowsWithoutAccount === undefined) {
      deleted += await sweepBeyond(store, ofType, limit);
    } else {
      const limitWithout = Math.min(maxRows, kind.maxRowsWithoutAccount);
      const withoutAccount = () => ofType().where('account_id', 'is', null);
      deleted += await sweepBeyond(store, () => withoutAccount().where('client_id', 'is', null), limitWithout);
      deleted += await sweepBeyond(store, () => withoutAccount().where('client_id', 'is not', null), limitWithout);
      deleted += await sweepBeyond(store, () => ofType().where('account_id', 'is not', null), limit);
    }
  }
  return deleted;
}

type Find = () => ReturnType<typeof sequences>;

/** Deletes all found events except the newest `limit`. */
async function sweepBeyond(store: Store, find: Find, limit: number): Promise<number> {
  const newestBeyond = await find().orderBy('sequence', 'desc').offset(limit).limit(1).executeTakeFirst();
  return newestBeyond ? sweep(store, () => find().where('sequence', '<=', newestBeyond.sequence)) : 0;
}

function sweep(store: Store, find: Find): Promise<number> {
  return deleteInBatches((limit) => store.deleteFrom('audit_events').where('sequence', 'in', find().limit(limit)));
}

function sequences(store: Store) {
  return store.selectFrom('audit_events').select('sequence');
}
