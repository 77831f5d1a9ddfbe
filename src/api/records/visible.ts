import type { Account } from '../../identity/accounts/accounts.ts';
import type { Application } from '../../identity/applications/application.ts';
import type { AuditEvent } from '../../audit/trail.ts';
import type { Grant } from '../../identity/grants/grants.ts';
import type { SignInSession } from '../../identity/sessions/sessions.ts';
import { verifiedPrincipal } from '../request/caller.ts';
import type { ApiContext } from '../request/context.ts';
import type { IdentityLoaders } from '../request/loaders.ts';
import { type RecordType, type SeenBy, seenBy } from './records.ts';
import type { SigningKeyRecord } from '../subjects/signing-key-records.ts';

/** A record that the caller may see. */
export interface VisibleRecord<Item> {
  readonly item: Item;
  readonly by: SeenBy;
}

/** Finds a record by its identifier. Null if there is no such record, or if the caller is not allowed to see it. */
type Find<Item> = (id: string, context: ApiContext) => Promise<VisibleRecord<Item> | null>;

/**
 * Finds records that the caller may see. `node`, the root fields of single records, and the mutations of applications
 * use these functions.
 */
export interface VisibleRecords {
  readonly account: Find<Account>;
  readonly application: Find<Application>;
  readonly grant: Find<Grant>;
  readonly auditEvent: Find<AuditEvent>;
  readonly signingKey: Find<SigningKeyRecord>;
  readonly signInSession: Find<SignInSession>;
}

/**
 * Creates the finders of records.
 *
 * @param signingKeys - reads every signing key
 */
export function visibleRecords(
  loaders: IdentityLoaders,
  signingKeys: () => Promise<SigningKeyRecord[]>,
): VisibleRecords {
  return {
    account: async (id, context) => judged('Account', await loaders.account(context).load(id), context),
    application: async (id, context) => judged('Application', await loaders.application(context).load(id), context),
    grant: async (id, context) => judged('Grant', await loaders.grant(context).load(id), context),
    signInSession: async (id, context) =>
      judged('SignInSession', await loaders.signInSession(context).load(id), context),
    async auditEvent(id, context) {
      if (!holdsScope(context, 'audit') || !/^\d{1,15}$/.test(id)) return null;
      return judged('AuditEvent', await loaders.auditEvent(context).load(id), context);
    },
    async signingKey(id, context) {
      if (!holdsScope(context, 'keys')) return null;
      return judged('SigningKey', (await signingKeys()).find((key) => key.id === id) ?? null, context);
    },
  };
}

/** Whether the caller's access token grants a scope. */
export function holdsScope(context: ApiContext, scope: string): boolean {
  return verifiedPrincipal(context).scopes.has(scope);
}

function judged<Item extends object>(
  type: RecordType,
  item: Item | null,
  context: ApiContext,
): VisibleRecord<Item> | null {
  if (item === null) return null;
  const by = seenBy(type, item, verifiedPrincipal(context));
  return by === undefined ? null : { item, by };
}
