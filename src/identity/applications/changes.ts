import { ClaimgateError } from '../../errors.ts';
import { onItsWay } from '../accounts/disabling.ts';
import { locking } from '../../store/lock.ts';
import { revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { type Application, findApplications } from './applications.ts';
import { firstPartyClientId } from './first-party.ts';
import { forgetConsents } from '../grants/grants.ts';
import { revokeGrantsBeyond, revokeGrantsOf } from '../grants/revoke.ts';
import { allowedScopes, type ScopeCatalogue } from '../grants/scopes.ts';
import { hashSecret, newSecret } from '../keys/secrets.ts';

/** What of an application can change after it registered; what is left out stays. */
export type ApplicationChanges = Partial<
  Pick<Application, 'name' | 'redirectUris' | 'postLogoutRedirectUris' | 'scopes'>
>;

/**
 * Changes an application. In the same transaction, grants that hold a scope it may not have any more end, so do the tokens that it
 * got for itself alone, and every yes is forgotten where the name or the redirect URIs are other ones. What only leads away from
 * here (`postLogoutRedirectUris`) gets no tokens, and forgets nothing.
 *
 * @param changes does not check them. A function is given the application as it is while nothing else changes it: what was read
 *   before the transaction may be old
 * @param now milliseconds since the epoch
 * @returns the application as it is now; null if there is none
 * @throws what the function threw; then nothing is changed
 */
export async function updateApplication(
  store: Store,
  catalogue: ScopeCatalogue,
  id: string,
  changes: ApplicationChanges | ((present: Application) => ApplicationChanges),
  now: number,
): Promise<Application | null> {
  return revoking(store, now, async (transaction, revoke) => {
    // Whoever gives it a grant at this moment is waited for, or waits.
    if (!(await lockApplication(transaction, id))) return null;
    const [present = null] = await findApplications(transaction, [id]);
    if (!present) return null;
    const { name, redirectUris, postLogoutRedirectUris, scopes } =
      typeof changes === 'function' ? changes(present) : changes;
    const changed = {
      ...(name !== undefined && { name }),
      ...(redirectUris !== undefined && { redirect_uris: JSON.stringify(redirectUris) }),
      ...(postLogoutRedirectUris !== undefined && {
        post_logout_redirect_uris: JSON.stringify(postLogoutRedirectUris),
      }),
      ...(scopes !== undefined && { scopes: scopes && JSON.stringify(scopes) }),
    };
    if (Object.keys(changed).length > 0) {
      await transaction.updateTable('applications').set(changed).where('id', '=', id).execute();
    }
    const isOther = (one: unknown, other: unknown) =>
      one !== undefined && JSON.stringify(one) !== JSON.stringify(other);
    if (isOther(name, present.name) || isOther(redirectUris, present.redirectUris)) {
      await forgetConsents(transaction, id);
    }
    if (scopes !== undefined) {
      const allowed = allowedScopes(catalogue, scopes);
      await revokeGrantsBeyond(transaction, revoke, 'application_id', id, allowed);
      const lost = allowedScopes(catalogue, present.scopes).difference(allowed);
      // Its own tokens name no grant: their subject is its client ID (RFC 9068 §2.2).
      if (lost.size > 0) await revoke([{ kind: 'account', id, issuedUntil: now + onItsWay }]);
    }
    const [application = null] = await findApplications(transaction, [id]);
    return application;
  });
}

/**
 * Makes a new client secret. The old one is no good from that moment on, in every process: there is no time in which both are.
 * Tokens that were issued stay.
 *
 * @returns the new one, shown here and never again; null if there is no such application
 * @throws ClaimgateError `BAD_USER_INPUT` for an application that has none
 */
export async function rotateClientSecret(store: Store, id: string): Promise<string | null> {
  const clientSecret = newSecret();
  const { numUpdatedRows } = await store
    .updateTable('applications')
    .set({ secret_hash: hashSecret(clientSecret) })
    .where('id', '=', id)
    .where('secret_hash', 'is not', null)
    .executeTakeFirst();
  if (numUpdatedRows === 1n) return clientSecret;
  const [application = null] = await findApplications(store, [id]);
  if (!application) return null;
  throw new ClaimgateError('BAD_USER_INPUT', 'id: this application has no client secret.');
}

/**
 * Deletes an application: its grants end with it, and every token that it holds is refused, at once in this process and in
 * every other within two seconds.
 *
 * @param now milliseconds since the epoch
 * @returns the application that was; null if there is none
 * @throws ClaimgateError `CONFLICT` for the application that comes with the server
 */
export async function deleteApplication(store: Store, id: string, now: number): Promise<Application | null> {
  if (id === firstPartyClientId) {
    throw new ClaimgateError('CONFLICT', 'This application comes with the server, and stays.');
  }
  return revoking(store, now, async (transaction, revoke) => {
    // Without this a grant that is given at this moment would go with the row, and nobody would hear of its end.
    if (!(await lockApplication(transaction, id))) return null;
    const [application = null] = await findApplications(transaction, [id]);
    await revokeGrantsOf(transaction, revoke, 'application_id', id);
    await transaction.deleteFrom('applications').where('id', '=', id).execute();
    // The subject of the tokens that it got for itself alone is its client ID (RFC 9068 §2.2), which never comes back.
    await revoke([{ kind: 'account', id, issuedUntil: Number.MAX_SAFE_INTEGER }]);
    return application;
  });
}

async function lockApplication(transaction: Store, id: string): Promise<boolean> {
  const query = transaction.selectFrom('applications').select('id').where('id', '=', id);
  return (await locking(transaction, query).executeTakeFirst()) !== undefined;
}
