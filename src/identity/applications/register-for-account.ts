import { ClaimgateError } from '../../errors.ts';
import { holding } from '../../store/lock.ts';
import type { Store } from '../../store/tables.ts';
import { inTransaction } from '../../store/transaction.ts';
import type { Registration } from './application.ts';
import { registerApplication } from './applications.ts';

/** How many applications that one account registered there are at most. */
const mostOfAccount = 1_000;

/**
 * Registers an application for the account that `registration` names, if there is room for it.
 *
 * @param now milliseconds since the epoch
 * @param most how many of one account there are at most. Default: 1,000
 * @returns the application and its secret
 * @throws ClaimgateError `CONFLICT` where the account has as many as it may have
 */
export async function registerForAccount(
  store: Store,
  registration: Registration & { readonly registeredBy: string },
  now: number,
  most: number = mostOfAccount,
): ReturnType<typeof registerApplication> {
  const { registeredBy } = registration;
  return inTransaction(store, async (transaction) => {
    // One at a time, over all processes: else several would find the same last place.
    const owner = transaction.selectFrom('accounts').select('id').where('id', '=', registeredBy);
    await holding(transaction, owner).execute();
    const { count } = await transaction
      .selectFrom('applications')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('registered_by', '=', registeredBy)
      .executeTakeFirstOrThrow();
    if (count < most) return registerApplication(transaction, registration, now);
    throw new ClaimgateError(
      'CONFLICT',
      `This account has registered ${most.toLocaleString('en')} applications, as many as it may: delete one first.`,
    );
  });
}
