import { ClaimgateError } from '../../errors.ts';
import { lockForNoKeyUpdate } from '../../store/lock.ts';
import type { Store } from '../../store/tables.ts';
import { inTransaction } from '../../store/transaction.ts';
import type { Registration } from './application.ts';
import { registerApplication } from './applications.ts';

/** How many applications one account may have registered. */
const defaultMaxApplications = 1_000;

/**
 * Registers an application for an account, unless the account has reached its limit. Does not check the registration;
 * `checkedRegistration` checks it.
 *
 * @param now milliseconds since the epoch
 * @param maxApplications how many the account may have. Default: 1,000
 * @returns the application and its client secret
 * @throws ClaimgateError `CONFLICT` if the account has reached its limit
 */
export async function registerForAccount(
  store: Store,
  registration: Registration & { readonly registeredBy: string },
  now: number,
  maxApplications: number = defaultMaxApplications,
): ReturnType<typeof registerApplication> {
  const { registeredBy } = registration;
  return inTransaction(store, async (transaction) => {
    // With the lock, only one transaction of all processes counts the applications of the account at a time.
    const owner = transaction.selectFrom('accounts').select('id').where('id', '=', registeredBy);
    await lockForNoKeyUpdate(transaction, owner).execute();
    const { count } = await transaction
      .selectFrom('applications')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('registered_by', '=', registeredBy)
      .executeTakeFirstOrThrow();
    if (count < maxApplications) return registerApplication(transaction, registration, now);
    throw new ClaimgateError(
      'CONFLICT',
      `This account has registered ${maxApplications.toLocaleString('en')} applications, as many as it may: delete one first.`,
    );
  });
}
