import DataLoader from 'dataloader';
import { type Account, findAccounts } from '../identity/accounts.ts';
import { type Application, applicationsByAccount, findApplications } from '../identity/applications.ts';
import { type Grant, grantsByAccount, grantsByApplication } from '../identity/grants.ts';
import type { Page, PageOf } from '../identity/page.ts';
import type { Store } from '../identity/store.ts';
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
}

/** SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535. */
const maxBatchSize = 10_000;

export function identityLoaders(store: Store): IdentityLoaders {
  return {
    account: perRequest(() => new DataLoader((ids) => findAccounts(store, ids), { maxBatchSize })),
    application: perRequest(() => new DataLoader((ids) => findApplications(store, ids), { maxBatchSize })),
    applicationsByAccount: pages(store, applicationsByAccount),
    grantsByAccount: pages(store, grantsByAccount),
    grantsByApplication: pages(store, grantsByApplication),
  };
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
