import type { Store } from '../../store/tables.ts';
import { type Grant, grantOf } from './grants.ts';

/**
 * Remembers the consent of a grant. A later authorization request that would show the same page needs no new consent.
 *
 * @param seen what the consent page showed, from `consentKey`
 */
export async function rememberConsent(store: Store, id: string, seen: string): Promise<void> {
  await store.updateTable('grants').set({ consent_seen: seen }).where('id', '=', id).execute();
}

/** Forgets every remembered consent to an application. The grants stay, and the next request shows the consent page. */
export async function forgetConsents(store: Store, applicationId: string): Promise<void> {
  await store
    .updateTable('grants')
    .set({ consent_seen: null })
    .where('application_id', '=', applicationId)
    .where('consent_seen', 'is not', null)
    .execute();
}

/** How many grants are read at most to find a remembered consent. */
const maxRemembered = 50;

/**
 * Returns the unexpired grants with a remembered consent that an account gave to an application. Returns at most 50,
 * newest first.
 *
 * @param seen what the consent page showed, from `consentKey`. Only grants with this value are returned
 * @param now milliseconds since the epoch
 */
export async function rememberedGrants(
  store: Store,
  accountId: string,
  applicationId: string,
  seen: string,
  now: number,
): Promise<readonly Grant[]> {
  const rows = await store
    .selectFrom('grants')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('application_id', '=', applicationId)
    .where('consent_seen', '=', seen)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .limit(maxRemembered)
    .execute();
  return rows.map(grantOf);
}
