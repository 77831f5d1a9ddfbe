import { lockForUpdate } from '../store/lock.ts';
import { revoking } from '../store/token/revocations.ts';
import type { Store } from '../store/tables.ts';
import { explorerClientId } from './applications/first-party.ts';
import type { Registration } from './applications/application.ts';
import { changesRow, registrationRow } from './applications/rows.ts';
import { forgetConsents } from './grants/consents.ts';
import { revokeGrantsOf } from './grants/revoke.ts';

/**
 * Creates the application of the explorer, or gives it the present redirect URI. If several processes start together,
 * each of them succeeds. Another redirect URI ends the remembered consents. The scopes stay, because an administrator may
 * have reduced them.
 *
 * It is a public `web` client, so its redirect URI is compared exactly. For a native client, a loopback address would
 * match with every port (RFC 8252 §7.3).
 *
 * @param redirectUri - the explorer's page to which the authorization server returns
 * @param now milliseconds since the epoch
 */
export async function keepExplorer(store: Store, redirectUri: string, now: number): Promise<void> {
  const kept = {
    name: 'Claimgate Explorer',
    tokenEndpointAuthMethod: 'none',
    applicationType: 'web',
    redirectUris: [redirectUri],
    postLogoutRedirectUris: [],
  } as const;
  const registration: Registration = { ...kept, scopes: null, registeredBy: null };
  const present = await store
    .selectFrom('applications')
    .select('redirect_uris')
    .where('id', '=', explorerClientId)
    .executeTakeFirst();
  await store
    .insertInto('applications')
    .values({ ...registrationRow(registration), id: explorerClientId, created_at: now })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changesRow(kept)))
    .execute();
  if (present && present.redirect_uris !== JSON.stringify([redirectUri])) {
    await forgetConsents(store, explorerClientId);
  }
}

/**
 * Deletes the application of the explorer and ends its grants, because the explorer is off. This process rejects its
 * tokens at once. Every other process that can reach the database rejects them within 2 s.
 *
 * @param now milliseconds since the epoch
 * @returns whether the application existed
 */
export async function removeExplorer(store: Store, now: number): Promise<boolean> {
  const query = store.selectFrom('applications').select('id').where('id', '=', explorerClientId);
  if (!(await query.executeTakeFirst())) return false;
  return revoking(store, now, async (transaction, revoke) => {
    // Another transaction may store a grant at the same time. Without the lock, the database would delete this grant
    // with the row, and it would never be revoked.
    const locked = transaction.selectFrom('applications').select('id').where('id', '=', explorerClientId);
    if (!(await lockForUpdate(transaction, locked).executeTakeFirst())) return false;
    await revokeGrantsOf(transaction, revoke, 'application_id', explorerClientId);
    await transaction.deleteFrom('applications').where('id', '=', explorerClientId).execute();
    return true;
  });
}
