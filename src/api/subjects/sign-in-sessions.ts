import { ClaimgateError } from '../../errors.ts';
import type { AuditRecorder } from '../../audit/recorder.ts';
import { endSignInSession } from '../../identity/sessions/end-sessions.ts';
import type { Store } from '../../identity/store.ts';
import { callingAccount, requireAccount, verifiedPrincipal } from '../request/caller.ts';
import { changedFact, changingIn } from '../changed.ts';
import { pageOf, toConnection } from '../relay/connection.ts';
import type { Resolvers } from '../generated.ts';
import { fromGlobalId, toGlobalId } from '../relay/global-id.ts';
import type { IdentityLoaders } from '../request/loaders.ts';
import type { OwnModule } from '../names/rename.ts';
import type { OwnNames } from '../names/own-names.ts';
import { sdl } from '../sdl.ts';
import { holdsScope } from '../records/visible.ts';

interface SignInSessionsOptions {
  readonly store: Store;
  readonly loaders: IdentityLoaders;
  readonly names: OwnNames;
  readonly recorder: AuditRecorder | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Creates the module of `Account.signInSessions`, `endSignInSession` and the type `SignInSession`. */
export function signInSessionsModule({ store, loaders, names, recorder, now }: SignInSessionsOptions): OwnModule {
  const changing = changingIn(store, recorder);
  const resolvers: Resolvers = {
    Mutation: {
      async endSignInSession(_mutation, { input }, context, info) {
        const owner = holdsScope(context, 'accounts') ? null : requireAccount(context);
        const id = fromGlobalId(names.type('SignInSession'), input.id);
        const signInSession = await changing(
          (transaction) => endSignInSession(transaction, id, owner, now()),
          (one) => one && changedFact('sign_out', context, info, `account ${one.accountId}`),
        );
        // The error is the same for another person's session and for an unknown session.
        if (!signInSession) throw new ClaimgateError('NOT_FOUND', 'You have no such sign-in session.');
        loaders.forget(context);
        return { signInSession };
      },
    },
    Account: {
      async signInSessions({ id }, pageArguments, context) {
        // Callers may see the sessions of their own account. For another account, they need the scope `accounts`.
        if (id !== callingAccount(context) && !holdsScope(context, 'accounts')) return null;
        const page = pageOf(pageArguments);
        return toConnection(page, await loaders.signInSessionsByAccount(context).load({ parent: id, page }));
      },
    },
    SignInSession: {
      id: ({ id }) => toGlobalId(names.type('SignInSession'), id),
      signedInAt: ({ signedInAt }) => new Date(signedInAt),
      lastSeenAt: ({ lastSeenAt }) => (lastSeenAt === null ? null : new Date(lastSeenAt)),
      expiresAt: ({ expiresAt }) => new Date(expiresAt),
      current: ({ id }, _arguments, context) => verifiedPrincipal(context).claims['sid'] === id,
    },
  };
  return { name: 'claimgate/sign-in-sessions', typeDefs: sdl('sign-in-sessions'), resolvers };
}
