import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import { among, withoutIndex } from '../../store/many.ts';
import { inOrder, type Page, type PageOf } from '../../store/pages.ts';
import type { SeenBrowser } from '../../store/artifacts/artifact.ts';
import { browserColumns } from '../../store/artifacts/artifacts.ts';
import type { Store, Tables } from '../../store/tables.ts';

/** A browser in which a person is signed in. Times are in milliseconds since the epoch. */
export interface SignInSession {
  /** The name of the session in access tokens (`sid`). The authorization server does not find sessions by this name. */
  readonly id: string;
  readonly accountId: string;
  /**
   * The first 200 printable characters of the `User-Agent` header of the last request that saved the session. The
   * browser chooses them.
   */
  readonly userAgent: string | null;
  /** The browser and the system in words, from the headers of the same request; null: unknown. */
  readonly browser: string | null;
  readonly signedInAt: number;
  /**
   * When the browser last used the session at this server, to within `sightIntervalMs`. Requests with access tokens do
   * not count. Null: unknown.
   */
  readonly lastSeenAt: number | null;
  readonly expiresAt: number;
}

/**
 * Returns the name of a session in its access tokens (`sid`). The name is a hash, because the `uid` itself must not
 * leave the server.
 *
 * @param uid the session's `uid` in the authorization server. It does not change when the identifier of the session
 *   changes
 */
export function sessionName(uid: string): string {
  return createHash('sha256').update(uid).digest('base64url');
}

const columns = [
  'uid_hash',
  'account_id',
  'user_agent',
  'browser',
  'signed_in_at',
  'last_seen_at',
  'expires_at',
] as const;

function unexpired(store: Store, now: number) {
  return store
    .selectFrom('artifacts')
    .select(columns)
    .where(withoutIndex(store, 'model'), '=', 'Session')
    .where('expires_at', '>', now)
    .where('account_id', 'is not', null)
    .where('uid_hash', 'is not', null);
}

/**
 * Returns a page of the sessions of each account, newest first, in the order of `accountIds`.
 *
 * @param now milliseconds since the epoch. Default: the present time
 */
export async function signInSessionsByAccount(
  store: Store,
  accountIds: readonly string[],
  { first, after }: Page,
  now: number = Date.now(),
): Promise<PageOf<SignInSession & { readonly createdAt: number }>[]> {
  const rows = await unexpired(store, now)
    .where(among(store, 'account_id', accountIds))
    .execute();
  const all = rows
    .map(signInSession)
    .map((session) => ({ ...session, createdAt: session.signedInAt }))
    .toSorted((one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1));
  const byAccount = Map.groupBy(all, ({ accountId }) => accountId);
  return accountIds.map((accountId) => {
    const rest = (byAccount.get(accountId) ?? []).filter(
      ({ createdAt, id }) =>
        after === null || createdAt < after.createdAt || (createdAt === after.createdAt && id < after.id),
    );
    return { items: rest.slice(0, first), hasNextPage: rest.length > first };
  });
}

/**
 * Returns the sessions with these names, in the order of `ids`; null for a name without a session.
 *
 * @param now milliseconds since the epoch. Default: the present time
 */
export async function findSignInSessions(
  store: Store,
  ids: readonly string[],
  now: number = Date.now(),
): Promise<(SignInSession | null)[]> {
  const rows = await unexpired(store, now)
    .where(among(store, 'uid_hash', ids))
    .execute();
  return inOrder(ids, rows.map(signInSession));
}

/**
 * Stores the browser in which a session began.
 *
 * @param now milliseconds since the epoch
 */
export async function noteBrowser(store: Store, id: string, seen: SeenBrowser, now: number): Promise<void> {
  await store
    .updateTable('artifacts')
    .set({ user_agent: null, browser: null, ...browserColumns(seen), last_seen_at: now })
    .where('model', '=', 'Session')
    .where('uid_hash', '=', id)
    .execute();
}

/** How exactly the last use of a session is stored, in milliseconds. A shorter time would make more requests write. */
export const sightIntervalMs: number = 5 * 60_000;

/**
 * Stores that a session is being used, unless this was stored in the last 5 minutes. Parallel requests of all processes
 * store it once.
 *
 * @param now milliseconds since the epoch
 */
export async function noteSight(store: Store, id: string, now: number): Promise<void> {
  await store
    .updateTable('artifacts')
    .set({ last_seen_at: now })
    .where('model', '=', 'Session')
    .where('uid_hash', '=', id)
    .where((eb) => eb.or([eb('last_seen_at', 'is', null), eb('last_seen_at', '<=', now - sightIntervalMs)]))
    .execute();
}

function signInSession(row: Pick<Selectable<Tables['artifacts']>, (typeof columns)[number]>): SignInSession {
  const { uid_hash, account_id, user_agent, browser, signed_in_at, last_seen_at, expires_at } = row;
  if (uid_hash === null || account_id === null) throw new Error('a session without a name or an account was read');
  return {
    id: uid_hash,
    accountId: account_id,
    userAgent: user_agent,
    browser,
    signedInAt: signed_in_at ?? 0,
    lastSeenAt: last_seen_at,
    expiresAt: expires_at ?? 0,
  };
}
