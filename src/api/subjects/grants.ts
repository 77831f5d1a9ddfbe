import { ClaimgateError } from '../../errors.ts';
import type { AuditRecorder } from '../../audit/recorder.ts';
import { takeBackGrant } from '../../identity/grants/revoke.ts';
import type { Store } from '../../identity/store.ts';
import { requireAccount } from '../request/caller.ts';
import { changedFact, changingIn } from '../changed.ts';
import { pageOf, toConnection } from '../relay/connection.ts';
import type { Resolvers } from '../generated.ts';
import { fromGlobalId, toGlobalId } from '../relay/global-id.ts';
import type { IdentityLoaders } from '../request/loaders.ts';
import type { OwnModule } from '../names/rename.ts';
import type { OwnNames } from '../names/own-names.ts';
import { sdl } from '../sdl.ts';
import { holdsScope } from '../records/visible.ts';

/** Creates the module of `grants`, `revokeGrant`, `Application.grants` and the type `Grant`. */
export function grantsModule({
  store,
  loaders,
  names,
  recorder,
  now,
}: {
  readonly store: Store;
  readonly loaders: IdentityLoaders;
  readonly names: OwnNames;
  readonly recorder: AuditRecorder | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): OwnModule {
  const changing = changingIn(store, recorder);
  const resolvers: Resolvers = {
    Query: {
      async grants(_query, pageArguments, context) {
        const page = pageOf(pageArguments);
        const parent = requireAccount(context);
        return toConnection(page, await loaders.grantsByAccount(context).load({ parent, page }));
      },
    },
    Mutation: {
      async revokeGrant(_mutation, { input }, context, info) {
        const giver = holdsScope(context, 'accounts') ? null : requireAccount(context);
        const id = fromGlobalId(names.type('Grant'), input.id);
        const grant = await changing(
          (transaction) => takeBackGrant(transaction, id, giver, now()),
          (one) =>
            one && changedFact('grant_revoked', context, info, `grant ${one.id} of client ID ${one.applicationId}`),
        );
        // The error is the same for another person's grant and for an unknown grant.
        if (!grant) throw new ClaimgateError('NOT_FOUND', 'You have no such grant.');
        // An earlier field of this operation may have read lists that contain the grant.
        loaders.forget(context);
        return { grant };
      },
    },
    Application: {
      async grants({ id }, pageArguments, context) {
        const page = pageOf(pageArguments);
        return toConnection(page, await loaders.grantsByApplication(context).load({ parent: id, page }));
      },
    },
    Grant: {
      id: ({ id }) => toGlobalId(names.type('Grant'), id),
      createdAt: ({ createdAt }) => new Date(createdAt),
      expiresAt: ({ expiresAt }) => new Date(expiresAt),
      async application({ applicationId, accountId }, _arguments, context) {
        const application = await loaders.application(context).load(applicationId);
        if (!application) throw new Error('A grant outlived its application');
        return { ...application, grantedBy: accountId };
      },
      account: ({ accountId }, _arguments, context) => loaders.account(context).load(accountId),
    },
  };
  return { name: 'claimgate/grants', typeDefs: sdl('grants'), resolvers };
}
