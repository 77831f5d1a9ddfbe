import { ClaimgateError } from '../../errors.ts';
import { listAccounts } from '../../identity/accounts/accounts.ts';
import type { Store } from '../../identity/store.ts';
import { type AccountChangesOptions, accountChanges } from './account-changes.ts';
import { callingAccount } from '../request/caller.ts';
import { pageOf, toConnection } from '../relay/connection.ts';
import type { Resolvers } from '../generated.ts';
import { fromGlobalId, toGlobalId } from '../relay/global-id.ts';
import type { OwnModule } from '../names/rename.ts';
import { sdl } from '../sdl.ts';
import type { VisibleRecords } from '../records/visible.ts';

interface AccountsOptions extends AccountChangesOptions {
  readonly store: Store;
  readonly visible: VisibleRecords;
}

/** Creates the module of `Viewer.account`, `accounts`, `account`, the mutations of accounts, and the type `Account`. */
export function accountsModule(options: AccountsOptions): OwnModule {
  const { store, loaders, visible, names } = options;
  const resolvers: Resolvers = {
    Viewer: {
      account(_viewer, _arguments, context) {
        const id = callingAccount(context);
        return id === null ? null : loaders.account(context).load(id);
      },
    },
    Query: {
      async accounts(_query, { email, ...pageArguments }) {
        const page = pageOf(pageArguments);
        return toConnection(page, await listAccounts(store, page, email ?? undefined));
      },
      async account(_query, { id }, context) {
        const found = await visible.account(fromGlobalId(names.type('Account'), id), context);
        if (!found) throw new ClaimgateError('NOT_FOUND', 'There is no such account.');
        return found.item;
      },
    },
    Mutation: accountChanges(options),
    Account: {
      id: ({ id }) => toGlobalId(names.type('Account'), id),
      createdAt: ({ createdAt }) => new Date(createdAt),
      async grants({ id }, pageArguments, context) {
        const page = pageOf(pageArguments);
        return toConnection(page, await loaders.grantsByAccount(context).load({ parent: id, page }));
      },
      async applications({ id }, pageArguments, context) {
        const page = pageOf(pageArguments);
        return toConnection(page, await loaders.applicationsByAccount(context).load({ parent: id, page }));
      },
    },
  };
  return { name: 'claimgate/accounts', typeDefs: sdl('accounts'), resolvers };
}
