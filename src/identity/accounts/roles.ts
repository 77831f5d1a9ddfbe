import { revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { type Account, findAccount } from './accounts.ts';
import { revokeGrantsBeyond } from '../grants/revoke.ts';
import { keepAnAdministrator } from './last-administrator.ts';
import { administrator, entitledScopes, type ScopeCatalogue } from '../grants/scopes.ts';

/**
 * Gives an account these roles, and no others. Losing a role ends the grants that hold its scopes.
 *
 * @param now milliseconds since the epoch
 * @param roles does not check whether there are such: `checkedRoles`
 * @returns the account as it is now; null if there is none
 * @throws ClaimgateError `CONFLICT` for the last administrator who can sign in, who would be one no more
 */
export async function setRoles(
  store: Store,
  catalogue: ScopeCatalogue,
  accountId: string,
  roles: readonly string[],
  now: number,
): Promise<Account | null> {
  return revoking(store, now, async (transaction, revoke) => {
    if (!roles.includes(administrator)) await keepAnAdministrator(transaction, accountId);
    await transaction
      .updateTable('accounts')
      .set({ roles: JSON.stringify(roles) })
      .where('id', '=', accountId)
      .execute();
    await revokeGrantsBeyond(transaction, revoke, 'account_id', accountId, entitledScopes(catalogue, roles));
    return findAccount(transaction, accountId);
  });
}
