import DataLoader from 'dataloader';
import { type Account, findAccounts } from '../../identity/accounts/accounts.ts';
import type { Application } from '../../identity/applications/application.ts';
import { applicationsByAccount, findApplications } from '../../identity/applications/applications.ts';
import { type AuditEvent, findAuditEvents } from '../../audit/trail.ts';
import { findGrants, type Grant, grantsByAccount, grantsByApplication } from '../../identity/grants/grants.ts';
import { findSignInSessions, type SignInSession, signInSessionsByAccount } from '../../identity/sessions/sessions.ts';
import type { Page, PageOf, Store } from '../../identity/store.ts';
import type { ApiContext } from './context.ts';
import { perRequest } from './per-request.ts';

/** One page of one parent's list. */
interface PageKey {
  readonly parent: string;
  readonly page: Page;
}

type PerRequest<Value> = (context: ApiContext) => Value;
type ById<Item> = PerRequest<DataLoader<string, Item | null>>;
type Pages<Item> = PerRequest<DataLoader<PageKey, PageOf<Item>, string>>;

/** How resolvers read the store: what is asked for at one level of a query is one SQL statement, whatever the number of rows. */
export interface IdentityLoaders {
  readonly account: ById<Account>;
  /** By client ID. */
  readonly application: ById<Application>;
  readonly applicationsByAccount: Pages<Application>;
  readonly grantsByAccount: Pages<Grant>;
  readonly grantsByApplication: Pages<Grant>;
  readonly grant: ById<Grant>;
  /** By decimal numbers of at most 15 digits. */
  readonly auditEvent: ById<AuditEvent>;
  readonly signInSession: ById<SignInSession>;
  readonly signInSessionsByAccount: Pages<SignInSession & { readonly createdAt: number }>;
  /** Forgets what this request has read: something was changed, and later fields of the operation shall see it. */
  readonly forget: (context: ApiContext) => void;
}

/** How many rows one statement reads at most. */
const maxBatchSize = 10_000;

export function identityLoaders(store: Store): IdentityLoaders {
  const loaders = {
    account: byId(store, findAccounts),
    application: byId(store, findApplications),
    applicationsByAccount: pages(store, applicationsByAccount),
    grantsByAccount: pages(store, grantsByAccount),
    grantsByApplication: pages(store, grantsByApplication),
    grant: byId(store, findGrants),
    auditEvent: byId(store, findAuditEvents),
    signInSession: byId(store, findSignInSessions),
    signInSessionsByAccount: pages(store, signInSessionsByAccount),
  };
  return {
    ...loaders,
    forget(context) {
      for (const loader of Object.values(loaders)) loader(context).clearAll();
    },
  };
}

function byId<Item>(
  store: Store,
  find: (store: Store, ids: readonly string[]) => Promise<(Item | null)[]>,
): ById<Item> {
  return perRequest(() => new DataLoader((ids) => find(store, ids), { maxBatchSize }));
}

function pages<Item>(
  store: Store,
  list: (store: Store, parents: readonly string[], page: Page) => Promise<PageOf<Item>[]>,
): Pages<Item> {
  return perRequest(
    () =>
      new DataLoader(
        async (keys) => {
          const groups = Map.groupBy(keys, (key) => JSON.stringify(key.page));
          const found = new Map<PageKey, PageOf<Item>>();
          await Promise.all(
            groups.values().map(async (group) => {
              // Keys are of one group because their pages are alike, and of one batch because they differ: parents are unique.
              const [{ page }] = group as [PageKey];
              const lists = await list(
                store,
                group.map((key) => key.parent),
                page,
              );
              for (const [index, key] of group.entries()) found.set(key, lists[index] as PageOf<Item>); // in their order
            }),
          );
          return keys.map((key) => found.get(key) as PageOf<Item>); // every key is in a group
        },
        { maxBatchSize, cacheKeyFn: ({ parent, page }) => JSON.stringify([parent, page]) },
      ),
  );
}
