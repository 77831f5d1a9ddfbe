import { revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { revokeGrantsBeyond } from '../grants/revoke.ts';
import { administrator, entitledScopes, type ScopeCatalogue } from '../grants/scopes.ts';
import { type Account, findAccount } from './accounts.ts';
import { keepAnAdministrator } from './last-administrator.ts';

/**
 * Replaces the roles of an account. A grant ends if it has a scope that the account may no longer grant.
 *
 * @param roles from `checkedRoles`. This function does not check whether a scope requires them
 * @param now milliseconds since the epoch
 * @returns the account with its new roles; null if there is no such account
 * @throws ClaimgateError `CONFLICT` if the last administrator who can sign in would lose the role
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
