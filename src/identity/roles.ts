import { revoking } from '../store/revocations.ts';
import type { Store } from '../store/tables.ts';
import { revokeGrantsBeyond } from './grants.ts';
import { entitledScopes, type ScopeCatalogue } from './scopes.ts';

/**
 * Gives an account these roles, and no others. Losing a role ends the grants that hold its scopes.
 *
 * @param now milliseconds since the epoch
 * @returns false if there is no such account
 */
export async function setRoles(
  store: Store,
  catalogue: ScopeCatalogue,
  accountId: string,
  roles: readonly string[],
  now: number,
): Promise<boolean> {
  return revoking(store, now, async (transaction, revoke) => {
    const { numUpdatedRows } = await transaction
      .updateTable('accounts')
      .set({ roles: JSON.stringify(roles) })
      .where('id', '=', accountId)
      .executeTakeFirst();
    await revokeGrantsBeyond(transaction, revoke, accountId, entitledScopes(catalogue, roles));
    return numUpdatedRows === 1n;
  });
}
