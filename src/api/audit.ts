import { ClaimgateError } from '../errors.ts';
import { type AuditEvent, listAuditEvents } from '../identity/audit.ts';
import type { AuditFeed } from '../identity/audit-feed.ts';
import type { Store } from '../identity/store.ts';
import { pageOf, toConnection } from './connection.ts';
import type { ApiContext } from './context.ts';
import type { Resolvers } from './generated.ts';
import { fromGlobalId, toGlobalId } from './global-id.ts';
import type { IdentityLoaders } from './loaders.ts';
import { defineModule, type Module } from './module.ts';
import { sdl } from './sdl.ts';

interface AuditOptions {
  readonly store: Store;
  readonly feed: AuditFeed;
  readonly loaders: IdentityLoaders;
}

/** `auditEvents`, `auditEventAdded` and the type `AuditEvent`. */
export function auditModule({ store, feed, loaders }: AuditOptions): Module {
  const resolvers: Resolvers = {
    Query: {
      async auditEvents(_query, { type, coordinate, account, ...pageArguments }) {
        const page = pageOf(pageArguments);
        // The cursor of another list is one, too.
        if (page.after && !/^\d{1,15}$/.test(page.after.id)) {
          throw new ClaimgateError('BAD_USER_INPUT', 'after: expected a cursor that this list gave.');
        }
        const filter = {
          type: type ?? undefined,
          coordinate: coordinate ?? undefined,
          accountId: account === undefined || account === null ? undefined : fromGlobalId('Account', account),
        };
        return toConnection(page, await listAuditEvents(store, filter, page));
      },
    },
    Subscription: {
      auditEventAdded: {
        subscribe: () => feed.follow(),
        resolve(event: AuditEvent, _arguments: unknown, context: ApiContext) {
          // The context lasts as long as the stream, and what was read for an earlier event is old.
          loaders.account(context).clearAll();
          return event;
        },
      },
    },
    AuditEvent: {
      id: ({ id }) => toGlobalId('AuditEvent', id),
      at: ({ createdAt }) => new Date(createdAt),
      account: ({ accountId }, _arguments, context) =>
        accountId === null ? null : loaders.account(context).load(accountId),
    },
    AuditEventType: {
      DENIAL: 'denial',
      ADMINISTRATION: 'administration',
      APPLICATION_REGISTERED: 'application_registered',
      GRANT_REVOKED: 'grant_revoked',
    },
    AuditEventOutcome: { ALLOWED: 'allowed', DENIED: 'denied', FAILED: 'failed' },
  };
  return defineModule({ name: 'claimgate/audit', typeDefs: sdl('audit'), resolvers });
}
