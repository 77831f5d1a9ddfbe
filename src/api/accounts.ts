import { callingAccount } from './caller.ts';
import type { Resolvers } from './generated.ts';
import { toGlobalId } from './global-id.ts';
import type { IdentityLoaders } from './loaders.ts';
import { defineModule, type Module } from './module.ts';
import { sdl } from './sdl.ts';

/** `Viewer.account` and the type `Account`. */
export function accountsModule(loaders: IdentityLoaders): Module {
  const resolvers: Resolvers = {
    Viewer: {
      account(_viewer, _arguments, context) {
        const id = callingAccount(context);
        return id === null ? null : loaders.account(context).load(id);
      },
    },
    Account: {
      id: ({ id }) => toGlobalId('Account', id),
      createdAt: ({ createdAt }) => new Date(createdAt),
    },
  };
  return defineModule({ name: 'claimgate/accounts', typeDefs: sdl('accounts'), resolvers });
}
