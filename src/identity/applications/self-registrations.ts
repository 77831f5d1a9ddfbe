import type { ExpressionBuilder } from 'kysely';
import { deleteInBatches } from '../../store/sweep.ts';
import type { Store, Tables } from '../../store/tables.ts';
import { lockForUpdate } from '../../store/lock.ts';
import { inTransaction } from '../../store/transaction.ts';
import type { Registration } from './application.ts';
import { registerApplication } from './applications.ts';
import { firstPartyClientId } from './first-party.ts';

/** How many applications that registered themselves without a token may exist. */
const defaultMaxOpen = 10_000;
/** How long an application without any consent is kept, in milliseconds. */
const ungrantedMs = 24 * 60 * 60_000;
/** How long an application without a grant is kept after its last consent, in milliseconds. */
const unusedMs = 30 * 24 * 60 * 60_000;
/**
 * Registers an application that sent no token, unless the limit is reached. Does not check the registration;
 * `checkedRegistration` checks it.
 *
 * @param now milliseconds since the epoch
 * @param maxOpen how many may exist. Default: 10,000
 * @returns the application and its client secret; null if the limit is reached
 */
export async function registerOpenly(
  store: Store,
  registration: Registration,
  now: number,
  maxOpen: number = defaultMaxOpen,
): Promise<Awaited<ReturnType<typeof registerApplication>> | null> {
  return inTransaction(store, async (transaction) => {
    // With the lock, only one transaction of all processes counts these applications at a time.
    const first = transaction.selectFrom('applications').select('id').where('id', '=', firstPartyClientId);
    await lockForUpdate(transaction, first).execute();
    const { count } = await transaction
      .selectFrom('applications')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('self_registered', '=', 'open')
      .executeTakeFirstOrThrow();
    if (count >= maxOpen) return null;
    return registerApplication(transaction, { ...registration, selfRegistered: 'open' }, now);
  });
}

/**
 * Stores the time of the last consent to an application. Does nothing if the application did not register itself
 * without a token.
 *
 * @param now milliseconds since the epoch
 */
export async function noteAllowed(store: Store, applicationId: string, now: number): Promise<void> {
  await store
    .updateTable('applications')
    .set({ granted_at: now })
    .where('id', '=', applicationId)
    .where('self_registered', '=', 'open')
    .execute();
}

/**
 * Deletes unused applications that registered themselves without a token. If no person granted an application access,
 * it is deleted 24 hours after its registration. Otherwise it is deleted 30 days after the last consent, if it has no
 * grant left. Then it has no valid token either.
 *
 * @param now milliseconds since the epoch
 * @returns how many applications were deleted
 */
export function sweepSelfRegistrations(store: Store, now: number): Promise<number> {
  const isUnused = (eb: ExpressionBuilder<Tables, 'applications'>) =>
    eb.or([
      eb.and([eb('granted_at', 'is', null), eb('created_at', '<', now - ungrantedMs)]),
      eb('granted_at', '<', now - unusedMs),
    ]);
  return deleteInBatches((limit) => {
    const unused = store
      .selectFrom('applications')
      .select('id')
      .where('self_registered', '=', 'open')
      .where(isUnused)
      .where((eb) =>
        eb.not(eb.exists(eb.selectFrom('grants').select('id').whereRef('application_id', '=', 'applications.id'))),
      )
      .limit(limit);
    // The condition is repeated, because a person may have granted access meanwhile.
    return store.deleteFrom('applications').where('id', 'in', unused).where(isUnused);
  });
}
