import { ClaimgateError } from '../../errors.ts';
import { type AuditEvent, listAuditEvents } from '../../audit/trail.ts';
import { auditOutcomeNames, auditTypes } from '../../audit/event-types.ts';
import type { AuditFeed } from '../../audit/feed.ts';
import type { Store } from '../../identity/store.ts';
import { pageOf, toConnection } from '../relay/connection.ts';
import type { ApiContext } from '../request/context.ts';
import type { Resolvers } from '../generated.ts';
import { fromGlobalId, toGlobalId } from '../relay/global-id.ts';
import type { IdentityLoaders } from '../request/loaders.ts';
import type { OwnModule } from '../names/rename.ts';
import type { OwnNames } from '../names/own-names.ts';
import { sdl } from '../sdl.ts';

interface AuditOptions {
  readonly store: Store;
  readonly feed: AuditFeed;
  readonly loaders: IdentityLoaders;
  readonly names: OwnNames;
}

/** Creates the module of `auditEvents`, `auditEventAdded` and the type `AuditEvent`. */
export function auditModule({ store, feed, loaders, names }: AuditOptions): OwnModule {
  const resolvers: Resolvers = {
    Query: {
      async auditEvents(_query, { type, coordinate, account, ...pageArguments }) {
        const page = pageOf(pageArguments);
        // `pageOf` also accepts the cursor of another list. This check refuses it.
        if (page.after && !/^\d{1,15}$/.test(page.after.id)) {
          throw new ClaimgateError('BAD_USER_INPUT', 'after: expected a cursor that this list gave.');
        }
        const filter = {
          type: type ?? undefined,
          coordinate: coordinate ?? undefined,
          accountId:
            account === undefined || account === null ? undefined : fromGlobalId(names.type('Account'), account),
        };
        return toConnection(page, await listAuditEvents(store, filter, page));
      },
    },
    Subscription: {
      auditEventAdded: {
        subscribe: () => feed.follow(),
        resolve(event: AuditEvent, _arguments: unknown, context: ApiContext) {
          // An executor may use one context for all events of a stream. Without this call, the loaders would then
          // return accounts that an earlier event read.
          loaders.account(context).clearAll();
          return event;
        },
      },
    },
    AuditEvent: {
      id: ({ id }) => toGlobalId(names.type('AuditEvent'), id),
      at: ({ createdAt }) => new Date(createdAt),
      account: ({ accountId }, _arguments, context) =>
        accountId === null ? null : loaders.account(context).load(accountId),
    },
    AuditEventType: enumValues(auditTypes),
    AuditEventOutcome: enumValues(auditOutcomeNames),
  };
  return { name: 'claimgate/audit', typeDefs: sdl('audit'), resolvers };
}

/**
 * Maps the values of an enum in the schema to the values in the database. The schema has upper case, the database has
 * lower case.
 */
function enumValues<Value extends string>(values: readonly Value[]): { [Each in Value as Uppercase<Each>]: Each } {
  // The cast is needed because the type of `fromEntries` has no names.
  return Object.fromEntries(values.map((value) => [value.toUpperCase(), value])) as ReturnType<
    typeof enumValues<Value>
  >;
}
