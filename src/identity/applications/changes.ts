import { ClaimgateError } from '../../errors.ts';
import { lockForUpdate } from '../../store/lock.ts';
import { revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { underWayMs } from '../grants/access-tokens.ts';
import { forgetConsents } from '../grants/consents.ts';
import { revokeGrantsBeyond, revokeGrantsOf } from '../grants/revoke.ts';
import { allowedScopes, type ScopeCatalogue } from '../grants/scopes.ts';
import { hashSecret, newSecret } from '../keys/secrets.ts';
import type { Application, ApplicationChanges } from './application.ts';
import { findApplications } from './applications.ts';
import { changesRow } from './rows.ts';
import { explorerClientId, isFirstParty } from './first-party.ts';

/**
 * Changes an application.
 *
 * The same transaction ends every grant with a scope that the application may no longer have. If the application loses
 * a scope, its tokens from `client_credentials` are revoked too. A new name or new redirect URIs end every remembered
 * consent. New `postLogoutRedirectUris` end no consent, because no token is sent to them.
 *
 * @param changes from `checkedChanges`, or a function that returns them. The function gets the application while no
 *   other transaction can change it. This function does not check the changes
 * @param now milliseconds since the epoch
 * @returns the changed application; null if there is no such application
 * @throws ClaimgateError `CONFLICT` for the explorer, unless only its scopes change. The server sets its other members
 * @throws the error of the function in `changes`. Then nothing is changed.
 */
export async function updateApplication(
  store: Store,
  catalogue: ScopeCatalogue,
  id: string,
  changes: ApplicationChanges | ((present: Application) => ApplicationChanges),
  now: number,
): Promise<Application | null> {
  return revoking(store, now, async (transaction, revoke) => {
    // Another transaction may store a grant for the application at the same time. With the lock, one of the two waits.
    if (!(await lockApplication(transaction, id))) return null;
    const [present = null] = await findApplications(transaction, [id]);
    if (!present) return null;
    const changed = typeof changes === 'function' ? changes(present) : changes;
    if (id === explorerClientId) refuseOwnMembers(changed, present);
    const row = changesRow(changed);
    if (Object.keys(row).length > 0) {
      await transaction.updateTable('applications').set(row).where('id', '=', id).execute();
    }
    const { name, redirectUris, scopes } = changed;
    if (isOther(name, present.name) || isOther(redirectUris, present.redirectUris)) {
      await forgetConsents(transaction, id);
    }
    if (scopes !== undefined) {
      const allowed = allowedScopes(catalogue, scopes);
      await revokeGrantsBeyond(transaction, revoke, 'application_id', id, allowed);
      const lost = allowedScopes(catalogue, present.scopes).difference(allowed);
      // Tokens from `client_credentials` name no grant. Their subject is the client ID (RFC 9068 §2.2).
      if (lost.size > 0) await revoke([{ kind: 'account', id, issuedUntil: now + underWayMs }]);
    }
    const [application = null] = await findApplications(transaction, [id]);
    return application;
  });
}

/** @throws ClaimgateError `CONFLICT` if a member other than `scopes` changes */
function refuseOwnMembers(changes: ApplicationChanges, present: Application): void {
  const members = (['name', 'redirectUris', 'postLogoutRedirectUris'] as const).filter((name) => name in changes);
  const member = members.find((name) => isOther(changes[name], present[name]));
  if (member === undefined) return;
  throw new ClaimgateError(
    'CONFLICT',
    `input.${member}: the explorer comes with the server, which sets this at each start. Only its scopes can be changed.`,
  );
}

function isOther(given: unknown, present: unknown): boolean {
  return given !== undefined && JSON.stringify(given) !== JSON.stringify(present);
}

/**
 * Makes a new client secret. The old secret is rejected at once, in every process. Tokens that were issued stay valid.
 *
 * @returns the new secret; null if there is no such application. Only this call returns the secret
 * @throws ClaimgateError `BAD_USER_INPUT` for an application without a client secret
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
 * Deletes an application and ends its grants. This process rejects its tokens at once, and every other process that can
 * reach the database within 2 s.
 *
 * @param now milliseconds since the epoch
 * @returns the application as it was; null if there is no such application
 * @throws ClaimgateError `CONFLICT` for an application that comes with the server
 */
export async function deleteApplication(store: Store, id: string, now: number): Promise<Application | null> {
  if (isFirstParty({ id })) {
    throw new ClaimgateError('CONFLICT', 'This application comes with the server, and stays.');
  }
  return revoking(store, now, async (transaction, revoke) => {
    // Another transaction may store a grant at the same time. Without the lock, the database would delete this grant
    // with the row, and it would never be revoked.
    if (!(await lockApplication(transaction, id))) return null;
    const [application = null] = await findApplications(transaction, [id]);
    await revokeGrantsOf(transaction, revoke, 'application_id', id);
    await transaction.deleteFrom('applications').where('id', '=', id).execute();
    // The subject of tokens from `client_credentials` is the client ID (RFC 9068 §2.2). No later application gets this
    // ID.
    await revoke([{ kind: 'account', id, issuedUntil: Number.MAX_SAFE_INTEGER }]);
    return application;
  });
}

async function lockApplication(transaction: Store, id: string): Promise<boolean> {
  const query = transaction.selectFrom('applications').select('id').where('id', '=', id);
  return (await lockForUpdate(transaction, query).executeTakeFirst()) !== undefined;
}
