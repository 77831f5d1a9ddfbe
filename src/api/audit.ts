import { ClaimgateError } from '../errors.ts';
import { type AuditEvent, listAuditEvents } from '../audit/trail.ts';
import type { AuditFeed } from '../audit/feed.ts';
import type { Store } from '../identity/store.ts';
import { pageOf, toConnection } from './connection.ts';
import type { ApiContext } from './context.ts';
import type { Resolvers } from './generated.ts';
import { fromGlobalId, toGlobalId } from './global-id.ts';
import type { IdentityLoaders } from './loaders.ts';
import type { OwnModule } from './names/rename.ts';
import type { OwnNames } from './names/own-names.ts';
import { sdl } from './sdl.ts';

interface AuditOptions {
  readonly store: Store;
  readonly feed: AuditFeed;
  readonly loaders: IdentityLoaders;
  readonly names: OwnNames;
}

/** `auditEvents`, `auditEventAdded` and the type `AuditEvent`. */
export function auditModule({ store, feed, loaders, names }: AuditOptions): OwnModule {
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
          // The context lasts as long as the stream, and what was read for an earlier event is old.
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
    AuditEventType: {
      DENIAL: 'denial',
      ADMINISTRATION: 'administration',
      GRANT_GIVEN: 'grant_given',
      GRANT_REVOKED: 'grant_revoked',
      TOKEN_ISSUED: 'token_issued',
      TOKEN_REFRESHED: 'token_refreshed',
      TOKEN_REVOKED: 'token_revoked',
      CODE_REUSE: 'code_reuse',
      REFRESH_REUSE: 'refresh_reuse',
      SIGN_IN: 'sign_in',
      SIGN_IN_FAILED: 'sign_in_failed',
      SIGN_OUT: 'sign_out',
      ACCOUNT_CREATED: 'account_created',
      ACCOUNT_DISABLED: 'account_disabled',
      ACCOUNT_ENABLED: 'account_enabled',
      ACCOUNT_ROLES_CHANGED: 'account_roles_changed',
      PASSWORD_CHANGED: 'password_changed',
      KEY_PUBLISHED: 'key_published',
      KEY_RETIRED: 'key_retired',
      COOKIE_KEY_REPLACED: 'cookie_key_replaced',
      APPLICATION_REGISTERED: 'application_registered',
      APPLICATION_UPDATED: 'application_updated',
      APPLICATION_DELETED: 'application_deleted',
      APPLICATION_SECRET_ROTATED: 'application_secret_rotated',
    },
    AuditEventOutcome: { ALLOWED: 'allowed', DENIED: 'denied', FAILED: 'failed' },
  };
  return { name: 'claimgate/audit', typeDefs: sdl('audit'), resolvers };
}
