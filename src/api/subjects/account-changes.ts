import type { GraphQLResolveInfo } from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import { checkedEmail, checkedPassword, checkedRoles, madeUpPassword } from '../../identity/accounts/checked-fields.ts';
import { resetPassword } from '../../identity/accounts/password-change.ts';
import { disableAccount, enableAccount } from '../../identity/accounts/disabling.ts';
import { type Account, createAccount } from '../../identity/accounts/accounts.ts';
import type { AuditType } from '../../audit/event-types.ts';
import type { AuditRecorder } from '../../audit/recorder.ts';
import { hashPassword } from '../../identity/accounts/password-hash.ts';
import { setRoles } from '../../identity/accounts/roles.ts';
import type { ScopeCatalogue } from '../../identity/grants/scopes.ts';
import type { Store } from '../../identity/store.ts';
import { changedFact, changingIn } from '../changed.ts';
import type { ApiContext } from '../request/context.ts';
import type { MutationResolvers } from '../generated.ts';
import { fromGlobalId } from '../relay/global-id.ts';
import type { IdentityLoaders } from '../request/loaders.ts';
import type { OwnNames } from '../names/own-names.ts';

/** The options of the mutations of accounts. */
export interface AccountChangesOptions {
  readonly store: Store;
  readonly catalogue: ScopeCatalogue;
  readonly loaders: IdentityLoaders;
  readonly names: OwnNames;
  readonly recorder: AuditRecorder | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Returns the resolvers of the mutations of accounts. They are for administrators. */
export function accountChanges({
  store,
  catalogue,
  loaders,
  names,
  recorder,
  now,
}: AccountChangesOptions): Pick<
  MutationResolvers,
  'createAccount' | 'disableAccount' | 'enableAccount' | 'setAccountRoles' | 'setAccountPassword'
> {
  const changing = changingIn(store, recorder);

  /** Changes an account and records the change, in one transaction. */
  async function change(
    type: AuditType,
    make: (transaction: Store) => Promise<Account | null>,
    context: ApiContext,
    info: GraphQLResolveInfo,
    more = '',
  ): Promise<{ account: Account }> {
    const account = await changing(
      make,
      (changedOne) => changedOne && changedFact(type, context, info, `account ${changedOne.id}${more}`),
    );
    if (!account) throw new ClaimgateError('NOT_FOUND', 'There is no such account.');
    loaders.forget(context);
    return { account };
  }

  return {
    async createAccount(_mutation, { input }, context, info) {
      const email = checkedEmail(input.email);
      const roles = checkedRoles(input.roles ?? [], catalogue);
      const chosen = input.password ?? null;
      const password = chosen === null ? madeUpPassword() : checkedPassword(chosen);
      const fields = { email, roles, passwordHash: await hashPassword(password) };
      const make = (transaction: Store) => createAccount(transaction, fields, now());
      const answer = await change('account_created', make, context, info, inWords(roles));
      return { ...answer, password: chosen === null ? password : null };
    },

    async disableAccount(_mutation, { input }, context, info) {
      const id = fromGlobalId(names.type('Account'), input.id);
      return change('account_disabled', (transaction) => disableAccount(transaction, id, now()), context, info);
    },

    async enableAccount(_mutation, { input }, context, info) {
      const id = fromGlobalId(names.type('Account'), input.id);
      return change('account_enabled', (transaction) => enableAccount(transaction, id), context, info);
    },

    async setAccountRoles(_mutation, { input }, context, info) {
      const id = fromGlobalId(names.type('Account'), input.id);
      const roles = checkedRoles(input.roles, catalogue);
      const make = (transaction: Store) => setRoles(transaction, catalogue, id, roles, now());
      return change('account_roles_changed', make, context, info, inWords(roles));
    },

    async setAccountPassword(_mutation, { input }, context, info) {
      const id = fromGlobalId(names.type('Account'), input.id);
      const passwordHash = await hashPassword(checkedPassword(input.password));
      const make = (transaction: Store) => resetPassword(transaction, id, passwordHash, now());
      return change('password_changed', make, context, info);
    },
  };
}

/** Returns roles as a text for the audit trail. */
function inWords(roles: readonly string[]): string {
  return `, roles: ${roles.join(' ') || 'none'}`;
}
