import type { Account } from '../identity/accounts.ts';
import type { Application } from '../identity/applications.ts';
import type { AuditEvent } from '../identity/audit.ts';
import type { Grant } from '../identity/grants.ts';
import type { SignInSession } from '../identity/sign-in-sessions.ts';
import { callingAccount, verifiedPrincipal } from './caller.ts';
import type { ApiContext } from './context.ts';
import type { IdentityLoaders } from './loaders.ts';
import type { SigningKeyRecord } from './signing-keys.ts';

/** Something that the caller may see. */
export interface Visible<Item> {
  readonly item: Item;
  /** The administrators' scope that it takes; null for what is the caller's own. */
  readonly by: 'accounts' | 'audit' | 'keys' | null;
}

/** Finds something for whoever calls; null where there is none and where the caller may not see it. */
type Find<Item> = (id: string, context: ApiContext) => Promise<Visible<Item> | null>;

/** What each caller may see of one thing, whichever field asks: one's own with one scope, everybody's with another. */
export interface VisibleThings {
  readonly account: Find<Account>;
  readonly application: Find<Application>;
  readonly grant: Find<Grant>;
  readonly auditEvent: Find<AuditEvent>;
  readonly signingKey: Find<SigningKeyRecord>;
  readonly signInSession: Find<SignInSession>;
}

export function visibleThings(loaders: IdentityLoaders, signingKeys: () => Promise<SigningKeyRecord[]>): VisibleThings {
  return {
    async account(id, context) {
      return judged(await loaders.account(context).load(id), (account) => account.id, 'profile', context);
    },
    async application(id, context) {
      const application = await loaders.application(context).load(id);
      return judged(application, ({ registeredBy }) => registeredBy, 'applications', context);
    },
    async grant(id, context) {
      return judged(await loaders.grant(context).load(id), ({ accountId }) => accountId, 'grants', context);
    },
    async auditEvent(id, context) {
      if (!holdsScope(context, 'audit') || !/^\d{1,15}$/.test(id)) return null;
      const item = await loaders.auditEvent(context).load(id);
      return item && { item, by: 'audit' };
    },
    async signInSession(id, context) {
      const session = await loaders.signInSession(context).load(id);
      return judged(session, ({ accountId }) => accountId, 'grants', context);
    },
    async signingKey(id, context) {
      if (!holdsScope(context, 'keys')) return null;
      const item = (await signingKeys()).find((key) => key.id === id);
      return item ? { item, by: 'keys' } : null;
    },
  };
}

/** Whether the caller's access token grants a scope. */
export function holdsScope(context: ApiContext, scope: string): boolean {
  return verifiedPrincipal(context).scopes.has(scope);
}

function judged<Item>(
  item: Item | null,
  ownerOf: (item: Item) => string | null,
  ownScope: string,
  context: ApiContext,
): Visible<Item> | null {
  if (item === null) return null;
  const caller = callingAccount(context);
  // What nobody owns is not owned by an application that calls for nobody.
  if (caller !== null && ownerOf(item) === caller && holdsScope(context, ownScope)) return { item, by: null };
  return holdsScope(context, 'accounts') ? { item, by: 'accounts' } : null;
}
