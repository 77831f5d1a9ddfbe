import { ClaimgateError } from '../errors.ts';
import { type Account, findAccount, findAccountByEmail } from '../identity/accounts/accounts.ts';
import type { Page, PageOf, Position, Store } from '../identity/store.ts';

/** The account that somebody means: by its address, or by its identifier. @throws ClaimgateError `NOT_FOUND` */
export async function accountOf(store: Store, named: string): Promise<Account> {
  return existing(
    named.includes('@') ? await findAccountByEmail(store, named) : await findAccount(store, named),
    'account',
  );
}

/** @throws ClaimgateError `NOT_FOUND` for null */
export function existing<Thing>(thing: Thing | null, what: string): Thing {
  if (thing === null) throw new ClaimgateError('NOT_FOUND', `there is no such ${what}`);
  return thing;
}

/** How much of a list is read at once. */
const pageSize = 100;

/** A list to its end, a page at a time. */
export async function* everyPage<Item extends Position>(
  list: (page: Page) => Promise<PageOf<Item>>,
): AsyncIterable<readonly Item[]> {
  let after: Position | null = null;
  do {
    const { items, hasNextPage }: PageOf<Item> = await list({ first: pageSize, after });
    yield items;
    after = hasNextPage ? (items.at(-1) ?? null) : null;
  } while (after !== null);
}
