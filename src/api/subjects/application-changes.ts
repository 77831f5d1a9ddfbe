import { ClaimgateError } from '../../errors.ts';
import { deleteApplication, rotateClientSecret, updateApplication } from '../../identity/applications/changes.ts';
import type { Application } from '../../identity/applications/application.ts';
import type { AuditRecorder } from '../../audit/recorder.ts';
import { checkedChanges } from '../../identity/applications/registration.ts';
import type { ScopeCatalogue } from '../../identity/grants/scopes.ts';
import type { Store } from '../../identity/store.ts';
import { changedFact, changingIn } from '../changed.ts';
import type { ApiContext } from '../request/context.ts';
import type { MutationResolvers } from '../generated.ts';
import { fromGlobalId } from '../relay/global-id.ts';
import type { IdentityLoaders } from '../request/loaders.ts';
import type { OwnNames } from '../names/own-names.ts';
import { holdsScope, type VisibleRecords } from '../records/visible.ts';

/** The options of the mutations of applications. */
export interface ApplicationsOptions {
  readonly store: Store;
  readonly catalogue: ScopeCatalogue;
  /** The public URL of this server. */
  readonly publicUrl: string;
  readonly loaders: IdentityLoaders;
  readonly visible: VisibleRecords;
  readonly names: OwnNames;
  readonly recorder: AuditRecorder | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Returns the resolvers of the mutations that change an application after its registration. */
export function applicationChanges({
  store,
  catalogue,
  publicUrl,
  loaders,
  visible,
  names,
  recorder,
  now,
}: ApplicationsOptions): Pick<MutationResolvers, 'updateApplication' | 'rotateClientSecret' | 'deleteApplication'> {
  const changing = changingIn(store, recorder);

  /**
   * Finds an application that the caller may change.
   *
   * @throws ClaimgateError `NOT_FOUND` for an unknown application, and for another person's application
   */
  async function changeable(globalId: string, context: ApiContext): Promise<Application> {
    const found = await visible.application(fromGlobalId(names.type('Application'), globalId), context);
    return existing(found && found.item);
  }

  return {
    async updateApplication(_mutation, { input }, context, info) {
      const present = await changeable(input.id, context);
      const administers = holdsScope(context, 'accounts');
      let names: readonly string[] = [];
      // The changes are computed from the application that the transaction read. At the same time, an administrator may
      // remove one of its scopes.
      const changesOf = (now: Application) => {
        const changes = checkedChanges(input, now, { catalogue, publicUrl }, administers);
        names = Object.keys(changes);
        return changes;
      };
      const updated = await changing(
        (transaction) => updateApplication(transaction, catalogue, present.id, changesOf, now()),
        (one) =>
          one &&
          changedFact('application_updated', context, info, `client ID ${one.id}: ${names.join(', ') || 'nothing'}`),
      );
      const application = existing(updated);
      loaders.forget(context);
      return { application };
    },

    async rotateClientSecret(_mutation, { input }, context, info) {
      const application = await changeable(input.id, context);
      const clientSecret = await changing(
        (transaction) => rotateClientSecret(transaction, application.id),
        (secret) =>
          secret === null
            ? null
            : changedFact('application_secret_rotated', context, info, `client ID ${application.id}`),
      );
      return { application, clientSecret: existing(clientSecret) };
    },

    async deleteApplication(_mutation, { input }, context, info) {
      const { id } = await changeable(input.id, context);
      const deleted = await changing(
        (transaction) => deleteApplication(transaction, id, now()),
        (one) => one && changedFact('application_deleted', context, info, `client ID ${id}`),
      );
      const application = existing(deleted);
      loaders.forget(context);
      return { application };
    },
  };
}

/** Returns the application. @throws ClaimgateError `NOT_FOUND` for null */
export function existing<Thing>(thing: Thing | null): Thing {
  if (thing === null) throw new ClaimgateError('NOT_FOUND', 'You have no such application.');
  return thing;
}
