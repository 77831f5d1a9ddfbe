import { ClaimgateError } from '../errors.ts';
import { type Account, findAccount, findAccountByEmail } from '../identity/accounts/accounts.ts';
import type { Page, PageOf, Position, Store } from '../identity/store.ts';

/**
 * Finds an account by its email address or by its identifier.
 *
 * @throws ClaimgateError `NOT_FOUND` if there is no such account
 */
export async function accountNamed(store: Store, named: string): Promise<Account> {
  return existing(
    named.includes('@') ? await findAccountByEmail(store, named) : await findAccount(store, named),
    'account',
  );
}

/**
 * Returns an object that was looked up or changed.
 *
 * @param kind - the kind of the object, for the message
 * @throws ClaimgateError `NOT_FOUND` if the object is null
 */
export function existing<Thing>(thing: Thing | null, kind: string): Thing {
  if (thing === null) throw new ClaimgateError('NOT_FOUND', `there is no such ${kind}`);
  return thing;
}

/** How many items of a list are read at once. */
const pageSize = 100;

/** Reads a list to its end, one page at a time. */
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
