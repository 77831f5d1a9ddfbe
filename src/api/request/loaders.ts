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

/**
 * The loaders with which resolvers read the store. Each loader combines its reads at one level of a query into one SQL
 * statement, or into several for more than 10,000 keys. Lists with different page arguments need one statement each.
 */
export interface IdentityLoaders {
  readonly account: ById<Account>;
  /** By client ID. */
  readonly application: ById<Application>;
  readonly applicationsByAccount: Pages<Application>;
  readonly grantsByAccount: Pages<Grant>;
  readonly grantsByApplication: Pages<Grant>;
  readonly grant: ById<Grant>;
  /** By ID, which must be a decimal number of at most 15 digits. */
  readonly auditEvent: ById<AuditEvent>;
  readonly signInSession: ById<SignInSession>;
  readonly signInSessionsByAccount: Pages<SignInSession & { readonly createdAt: number }>;
  /** Clears the caches of the loaders for this request. Later fields of the operation then read the store again. */
  readonly forget: (context: ApiContext) => void;
}

/** The largest number of keys in one statement. */
const maxBatchSize = 10_000;

/** Creates the loaders of a store. */
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
              // The keys of a batch are distinct. The keys of a group have equal pages. Therefore their parents are
              // distinct.
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
