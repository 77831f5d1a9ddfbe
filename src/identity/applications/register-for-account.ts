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
    await lockRegistrations(transaction, registeredBy);
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

/**
 * Makes other transactions that register an application for the account wait until this transaction ends. Of all
 * processes, only one counts the applications of the account at a time.
 */
export async function lockRegistrations(transaction: Store, accountId: string): Promise<void> {
  const owner = transaction.selectFrom('accounts').select('id').where('id', '=', accountId);
  await lockForNoKeyUpdate(transaction, owner).execute();
}
