import type { GraphQLResolveInfo } from 'graphql';
import { ClaimgateError } from '../errors.ts';
import { checkedEmail, checkedPassword, checkedRoles, madeUpPassword } from '../identity/account-fields.ts';
import { resetPassword } from '../identity/account-password.ts';
import { disableAccount, enableAccount } from '../identity/account-state.ts';
import { type Account, createAccount } from '../identity/accounts.ts';
import type { AuditType } from '../identity/audit.ts';
import type { AuditRecorder } from '../identity/audit-recorder.ts';
import { hashPassword } from '../identity/passwords.ts';
import { setRoles } from '../identity/roles.ts';
import type { ScopeCatalogue } from '../identity/scopes.ts';
import type { Store } from '../identity/store.ts';
import { changed } from './changed.ts';
import type { ApiContext } from './context.ts';
import type { MutationResolvers } from './generated.ts';
import { fromGlobalId } from './global-id.ts';
import type { IdentityLoaders } from './loaders.ts';

export interface AccountChangesOptions {
  readonly store: Store;
  readonly catalogue: ScopeCatalogue;
  readonly loaders: IdentityLoaders;
  readonly recorder: AuditRecorder | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What administrators do with accounts. */
export function accountChanges({
  store,
  catalogue,
  loaders,
  recorder,
  now,
}: AccountChangesOptions): Pick<
  MutationResolvers,
  'createAccount' | 'disableAccount' | 'enableAccount' | 'setAccountRoles' | 'setAccountPassword'
> {
  /** What became of an account is recorded before it is answered. */
  async function done(
    type: AuditType,
    account: Account | null,
    context: ApiContext,
    info: GraphQLResolveInfo,
    more = '',
  ): Promise<{ account: Account }> {
    if (!account) throw new ClaimgateError('NOT_FOUND', 'There is no such account.');
    await recorder?.write(changed(type, context, info, `account ${account.id}${more}`));
    loaders.forget(context);
    return { account };
  }

  return {
    async createAccount(_mutation, { input }, context, info) {
      const email = checkedEmail(input.email);
      const roles = checkedRoles(input.roles ?? [], catalogue);
      const given = input.password ?? null;
      const password = given === null ? madeUpPassword() : checkedPassword(given);
      const account = await createAccount(store, { email, roles, passwordHash: await hashPassword(password) }, now());
      const answer = await done('account_created', account, context, info, inWords(roles));
      return { ...answer, password: given === null ? password : null };
    },

    async disableAccount(_mutation, { input }, context, info) {
      const account = await disableAccount(store, fromGlobalId('Account', input.id), now());
      return done('account_disabled', account, context, info);
    },

    async enableAccount(_mutation, { input }, context, info) {
      const account = await enableAccount(store, fromGlobalId('Account', input.id));
      return done('account_enabled', account, context, info);
    },

    async setAccountRoles(_mutation, { input }, context, info) {
      const roles = checkedRoles(input.roles, catalogue);
      const account = await setRoles(store, catalogue, fromGlobalId('Account', input.id), roles, now());
      return done('account_roles_changed', account, context, info, inWords(roles));
    },

    async setAccountPassword(_mutation, { input }, context, info) {
      const id = fromGlobalId('Account', input.id);
      const passwordHash = await hashPassword(checkedPassword(input.password));
      return done('password_changed', await resetPassword(store, id, passwordHash, now()), context, info);
    },
  };
}

/** Roles of the catalogue, for the audit trail. */
function inWords(roles: readonly string[]): string {
  return `, roles: ${roles.join(' ') || 'none'}`;
}
