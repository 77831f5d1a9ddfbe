import type { Store } from '../store/tables.ts';
import { revokeGrantsBeyond } from './grants.ts';
import { entitledScopes, type ScopeCatalogue } from './scopes.ts';

/**
 * Gives an account these roles, and no others. Losing a role ends the grants that hold its scopes.
 *
 * @returns false if there is no such account
 */
export async function setRoles(
  store: Store,
  catalogue: ScopeCatalogue,
  accountId: string,
  roles: readonly string[],
): Promise<boolean> {
  return store.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('accounts')
      .set({ roles: JSON.stringify(roles) })
      .where('id', '=', accountId)
      .executeTakeFirst();
    await revokeGrantsBeyond(transaction, accountId, entitledScopes(catalogue, roles));
    return numUpdatedRows === 1n;
  });
}
