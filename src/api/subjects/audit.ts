import { ClaimgateError } from '../../errors.ts';
import { type AuditEvent, type AuditFilter, listAuditEvents } from '../../audit/trail.ts';
import { auditOutcomeNames, type AuditType, auditTypes } from '../../audit/event-types.ts';
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
import { bucketMs } from '../../audit/activity.ts';
import { activityOf, onceInOperation } from './audit-activity.ts';

interface AuditOptions {
  readonly store: Store;
  readonly feed: AuditFeed;
  readonly loaders: IdentityLoaders;
  readonly names: OwnNames;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The arguments that filter events. */
interface FilterArguments {
  readonly type?: AuditType | null;
  readonly coordinate?: string | null;
  readonly account?: string | null;
  readonly clientId?: string | null;
}

/** Creates the module of `auditEvents`, `auditActivity`, `auditEventAdded` and the type `AuditEvent`. */
export function auditModule({ store, feed, loaders, names, now }: AuditOptions): OwnModule {
  const checkFirst = onceInOperation('auditActivity');
  const filterOf = ({ type, coordinate, account, clientId }: FilterArguments): AuditFilter => ({
    type: type ?? undefined,
    coordinate: coordinate ?? undefined,
    accountId: account === undefined || account === null ? undefined : fromGlobalId(names.type('Account'), account),
    clientId: clientId ?? undefined,
  });
  const resolvers: Resolvers = {
    Query: {
      async auditEvents(_query, given) {
        const page = pageOf(given);
        // `pageOf` also accepts the cursor of another list. This check refuses it.
        if (page.after && !/^\d{1,15}$/.test(page.after.id)) {
          throw new ClaimgateError('BAD_USER_INPUT', 'after: expected a cursor that this list gave.');
        }
        return toConnection(page, await listAuditEvents(store, filterOf(given), page));
      },
      auditActivity(_query, given, _context, info) {
        checkFirst(info);
        return activityOf(store, filterOf(given), given, now());
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
    AuditActivity: {
      since: ({ range }) => new Date(range.since),
      until: ({ range }) => new Date(range.until),
      bucketSeconds: ({ range }) => bucketMs(range) / 1000,
      async latest(activity) {
        const latest = await activity.latest();
        return latest === 0 ? null : toGlobalId(names.type('AuditEvent'), String(latest));
      },
      types: (activity) => activity.types(),
    },
    AuditTypeActivity: {
      coordinates: (activity, { first }) => activity.mostFrequent('coordinate', first),
      rules: (activity, { first }) => activity.mostFrequent('rule', first),
      clients: (activity, { first }) => activity.mostFrequent('client', first),
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
