import type { Selectable } from 'kysely';
import { among } from '../../store/many.ts';
import { revoking } from '../../store/token/revocations.ts';
import type { Store, Tables } from '../../store/tables.ts';
import { endSessionsOf } from './end-sessions.ts';
import { inOrder, type Page, type PageOf } from '../../store/pages.ts';

/** A browser in which somebody is signed in. Times are in milliseconds since the epoch. */
export interface SignInSession {
  /** As access tokens name it (`sid`): nothing that finds the session, or is it. */
  readonly id: string;
  readonly accountId: string;
  /** What the browser called itself when it was last seen: its own words, of which nothing is checked. */
  readonly userAgent: string | null;
  readonly signedInAt: number;
  readonly expiresAt: number;
}

const columns = ['uid_hash', 'account_id', 'user_agent', 'signed_in_at', 'expires_at'] as const;

function living(store: Store, now: number) {
  return store
    .selectFrom('artifacts')
    .select(columns)
    .where('model', '=', 'Session')
    .where('expires_at', '>', now)
    .where('account_id', 'is not', null)
    .where('uid_hash', 'is not', null);
}

/** Where each account is signed in, newest first. @returns the pages in the order of `accountIds` */
export async function signInSessionsByAccount(
  store: Store,
  accountIds: readonly string[],
  { first, after }: Page,
  now: number = Date.now(),
): Promise<PageOf<SignInSession & { readonly createdAt: number }>[]> {
  const rows = await living(store, now)
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

/** @returns the sessions in the order of `ids`; null where there is none */
export async function findSignInSessions(
  store: Store,
  ids: readonly string[],
  now: number = Date.now(),
): Promise<(SignInSession | null)[]> {
  const rows = await living(store, now)
    .where(among(store, 'uid_hash', ids))
    .execute();
  return inOrder(ids, rows.map(signInSession));
}

/**
 * Signs somebody out of one browser: the access tokens that name the session are refused, at once in this process and in every
 * other within two seconds. What was granted in it stays granted.
 *
 * @param accountId only a session of this account; null: whoever's
 * @returns the session that was; null if there is none
 */
export async function endSignInSession(
  store: Store,
  id: string,
  accountId: string | null,
  now: number,
): Promise<SignInSession | null> {
  return revoking(store, now, async (transaction, revoke) => {
    const [session = null] = await findSignInSessions(transaction, [id], now);
    if (!session || (accountId !== null && session.accountId !== accountId)) return null;
    await transaction.deleteFrom('artifacts').where('model', '=', 'Session').where('uid_hash', '=', id).execute();
    // No session comes back under its name, so a token that is still being made in it is refused too.
    await revoke([{ kind: 'session', id, issuedUntil: Number.MAX_SAFE_INTEGER }]);
    return session;
  });
}

/** Signs somebody out of every other browser, sign-ins that are under way included. @param keep the session that stays */
export async function endOtherSessions(store: Store, accountId: string, keep: string, now: number): Promise<void> {
  await revoking(store, now, (transaction, revoke) => endSessionsOf(transaction, revoke, accountId, { name: keep }));
}

function signInSession(row: Pick<Selectable<Tables['artifacts']>, (typeof columns)[number]>): SignInSession {
  const { uid_hash, account_id, user_agent, signed_in_at, expires_at } = row;
  if (uid_hash === null || account_id === null) throw new Error('a session without a name or an account was read');
  return {
    id: uid_hash,
    accountId: account_id,
    userAgent: user_agent,
    signedInAt: signed_in_at ?? 0,
    expiresAt: expires_at ?? 0,
  };
}

/** Keeps what the browser of a session calls itself. */
export async function noteUserAgent(store: Store, id: string, userAgent: string | null): Promise<void> {
  await store
    .updateTable('artifacts')
    .set({ user_agent: userAgent })
    .where('model', '=', 'Session')
    .where('uid_hash', '=', id)
    .execute();
}
