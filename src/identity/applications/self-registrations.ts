import type { ExpressionBuilder } from 'kysely';
import { deleteInBatches } from '../../store/sweep.ts';
import type { Store, Tables } from '../../store/tables.ts';
import { locking } from '../../store/lock.ts';
import { inTransaction } from '../../store/transaction.ts';
import type { Registration } from './application.ts';
import { registerApplication } from './applications.ts';
import { firstPartyClientId } from './first-party.ts';

/** How many applications there are at most that registered themselves without a token. */
const mostOpen = 10_000;
/** When such an application is deleted that no person has allowed, and one whose last grant has ended: milliseconds. */
const neverAllowedFor = 24 * 60 * 60_000;
const unusedFor = 30 * 24 * 60 * 60_000;
/**
 * Registers an application that sent no token, if there is room for it.
 *
 * @param now milliseconds since the epoch
 * @param most how many there are at most. Default: 10,000
 * @returns the application and its secret; null where there are as many as there may be
 */
export async function registerOpenly(
  store: Store,
  registration: Registration,
  now: number,
  most: number = mostOpen,
): Promise<Awaited<ReturnType<typeof registerApplication>> | null> {
  return inTransaction(store, async (transaction) => {
    // One at a time, over all processes: else several would find the same last place.
    const first = transaction.selectFrom('applications').select('id').where('id', '=', firstPartyClientId);
    await locking(transaction, first).execute();
    const { count } = await transaction
      .selectFrom('applications')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('self_registered', '=', 'open')
      .executeTakeFirstOrThrow();
    if (count >= most) return null;
    return registerApplication(transaction, { ...registration, selfRegistered: 'open' }, now);
  });
}

/** Notes that a person allowed an application, where it is deleted when no person does. @param now milliseconds since the epoch */
export async function noteAllowed(store: Store, applicationId: string, now: number): Promise<void> {
  await store
    .updateTable('applications')
    .set({ granted_at: now })
    .where('id', '=', applicationId)
    .where('self_registered', '=', 'open')
    .execute();
}

/**
 * Deletes applications that registered themselves without a token and are not used: 24 hours after that, those that no person has
 * allowed; 30 days after a person did, those of which no grant is left. They hold no token that counts.
 *
 * @param now milliseconds since the epoch
 * @returns how many went
 */
export function sweepSelfRegistrations(store: Store, now: number): Promise<number> {
  const isUnused = (eb: ExpressionBuilder<Tables, 'applications'>) =>
    eb.or([
      eb.and([eb('granted_at', 'is', null), eb('created_at', '<', now - neverAllowedFor)]),
      eb('granted_at', '<', now - unusedFor),
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
    // An application that a person allowed meanwhile stays.
    return store.deleteFrom('applications').where('id', 'in', unused).where(isUnused);
  });
}
