import type { SelectQueryBuilder } from 'kysely';
import type { Revocation, RevocationFeed } from '../../token/ports.ts';
import { takeNumbers } from '../counters.ts';
import { insertable } from '../many.ts';
import { sendNotice } from '../notices.ts';
import type { Store, Tables } from '../tables.ts';
import { afterCommit, inTransaction } from '../transaction.ts';
import { deleteInBatches } from '../sweep.ts';

/** A revocation of our authorization server. The feed adds the issuer and the expiry. */
export type OwnRevocation = Pick<Revocation, 'kind' | 'id' | 'issuedUntil'>;

/** Stores revocations in the transaction. */
export type StoreRevocation = (revoked: readonly OwnRevocation[]) => Promise<void>;

type Listener = (revoked: readonly OwnRevocation[]) => void;

/** For each database, the listener for revocations of this process. */
const listeners = new WeakMap<Store, Listener>();

/**
 * Does work that may revoke, in one transaction. After the commit, this process applies the revocations at once. Every
 * other process applies them at its next read of the feed.
 *
 * @param now milliseconds since the epoch
 * @throws the error of the work. Then nothing is revoked.
 */
export async function revoking<T>(
  store: Store,
  now: number,
  work: (transaction: Store, revoke: StoreRevocation) => Promise<T>,
): Promise<T> {
  return inTransaction(store, (transaction) =>
    work(transaction, async (revoked) => {
      if (revoked.length === 0) return;
      const first = await takeNumbers(transaction, 'revocations', revoked.length);
      const rows = revoked.map(({ kind, id, issuedUntil }, index) => ({
        sequence: first + index,
        kind,
        id,
        issued_until: issuedUntil,
        revoked_at: now,
      }));
      for (const some of insertable(rows)) await transaction.insertInto('revocations').values(some).execute();
      await sendNotice(transaction, 'revocations');
      afterCommit(transaction, (root) => listeners.get(root)?.(revoked));
    }),
  );
}

/** Whether a revocation is stored. A revocation is deleted when all its tokens have expired. */
export async function isRevoked(store: Store, kind: Revocation['kind'], id: string): Promise<boolean> {
  const row = await store
    .selectFrom('revocations')
    .select('sequence')
    .where('kind', '=', kind)
    .where('id', '=', id)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The names by which an access token can be revoked. */
export interface RevocableNames {
  /** Its `jti`. */
  readonly token: string;
  /** Its `sub`. */
  readonly account: string;
  readonly grant?: string;
  readonly session?: string;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
}

/**
 * Whether the database has a revocation that covers an access token: of the token itself, or of its grant, session or
 * account.
 */
export async function isTokenRevoked(store: Store, { issuedAt, ...names }: RevocableNames): Promise<boolean> {
  const row = await store
    .selectFrom('revocations')
    .select('sequence')
    .where('issued_until', '>=', issuedAt)
    .where((eb) =>
      eb.or(
        Object.entries(names).map(([kind, id]) =>
          // `as`: the members of `RevocableNames` have the names of the kinds.
          eb.and([eb('kind', '=', kind as Revocation['kind']), eb('id', '=', id)]),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** The options of the feed. */
export interface RevocationFeedOptions {
  /** The `iss` of our own tokens. */
  readonly issuer: string;
  /**
   * How long the feed returns a revocation, in milliseconds. This is the longest lifetime of an access token, plus the
   * longest time between a token request and its answer.
   */
  readonly memoryMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** How many rows are read at once. */
const maxRows = 1_000;

/**
 * Returns the feed of the revocations of all processes on the database.
 *
 * @param onRevoked called for the revocations of this process as soon as they are committed. Must not throw.
 */
export function revocationFeed(
  store: Store,
  { issuer, memoryMs, now }: RevocationFeedOptions,
  onRevoked: (revocations: readonly Revocation[]) => void,
): RevocationFeed {
  const asRead = (revoked: OwnRevocation, revokedAt: number): Revocation => ({
    ...revoked,
    issuer,
    // The `issuedUntil` of a single token is after its expiry. Later, the revocation is not needed.
    expiresAt: Math.min(revokedAt + memoryMs, revoked.kind === 'token' ? revoked.issuedUntil : Infinity),
    revokedAt,
  });
  listeners.set(store, (revoked) => onRevoked(revoked.map((item) => asRead(item, now()))));
  return {
    async since(cursor) {
      const rows = await store
        .selectFrom('revocations')
        .selectAll()
        .where('sequence', '>', Number(cursor ?? 0))
        .where('revoked_at', '>', now() - memoryMs)
        .where((eb) => eb.or([eb('kind', '!=', 'token'), eb('issued_until', '>', now())]))
        .orderBy('sequence')
        .limit(maxRows)
        .execute();
      const revocations = rows.map(({ kind, id, issued_until, revoked_at }) =>
        asRead({ kind, id, issuedUntil: issued_until }, revoked_at),
      );
      return { revocations, cursor: String(rows.at(-1)?.sequence ?? cursor ?? 0) };
    },
  };
}

/**
 * Deletes a revocation when all its tokens have expired.
 *
 * @param until in milliseconds since the epoch. Every revocation that was stored before this time is deleted
 * @param now in milliseconds since the epoch. The revocation of a single token is deleted if the token has expired at
 *   this time
 * @returns how many rows were deleted
 */
export async function sweepRevocations(store: Store, until: number, now: number): Promise<number> {
  const sequences = () => store.selectFrom('revocations').select('sequence');
  const old = await sweepEach(store, () => sequences().where('revoked_at', '<', until));
  const ended = await sweepEach(store, () => sequences().where('kind', '=', 'token').where('issued_until', '<', now));
  return old + ended;
}

function sweepEach(store: Store, find: () => SelectQueryBuilder<Tables, 'revocations', { sequence: number }>) {
  return deleteInBatches((limit) => store.deleteFrom('revocations').where('sequence', 'in', find().limit(limit)));
}
