import type { SelectQueryBuilder } from 'kysely';
import type { Revocation, RevocationFeed } from '../../token/ports.ts';
import { takeNumbers } from '../counters.ts';
import { insertable } from '../many.ts';
import { notify } from '../notices.ts';
import type { Store, Tables } from '../tables.ts';
import { afterCommit, inTransaction } from '../transaction.ts';
import { deleteInBatches } from '../sweep.ts';

/** What our own authorization server takes back. Whose it is, and until when it matters, the feed adds. */
export type Revoked = Pick<Revocation, 'kind' | 'id' | 'issuedUntil'>;

/** Writes down what is revoked, in the transaction that it is given in. */
export type Revoke = (revoked: readonly Revoked[]) => Promise<void>;

type Listener = (revoked: readonly Revoked[]) => void;

/** Who hears of what this process revokes. Weak: with the database gone, so are they. */
const listeners = new WeakMap<Store, Listener>();

/**
 * Does something that revokes, in one transaction; once it is committed, this process knows at once, and every other at its
 * next reading of the feed.
 *
 * @param now milliseconds since the epoch
 * @throws what the work threw; then nothing is revoked
 */
export async function revoking<T>(
  store: Store,
  now: number,
  work: (transaction: Store, revoke: Revoke) => Promise<T>,
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
      await notify(transaction, 'revocations');
      afterCommit(transaction, (root) => listeners.get(root)?.(revoked));
    }),
  );
}

/** Whether this was revoked, and is still remembered. */
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

/** What of an access token may be revoked. */
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

/** Whether an access token was revoked, by itself or with its grant, session or account, as the database says at this moment. */
export async function isTokenRevoked(store: Store, { issuedAt, ...names }: RevocableNames): Promise<boolean> {
  const row = await store
    .selectFrom('revocations')
    .select('sequence')
    .where('issued_until', '>=', issuedAt)
    .where((eb) =>
      eb.or(
        Object.entries(names).map(([kind, id]) =>
          // The names above are the kinds.
          eb.and([eb('kind', '=', kind as Revocation['kind']), eb('id', '=', id)]),
        ),
      ),
    )
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export interface RevocationFeedOptions {
  /** `iss` of the tokens of our own authorization server. */
  readonly issuer: string;
  /** How long an access token lives at most, and for how long one may be made that was asked for before, in milliseconds. */
  readonly memory: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** How many rows one reading takes at most. */
const batch = 1_000;

/**
 * What every process on this database has revoked.
 *
 * @param onRevoked hears of what this very process revokes as soon as it is committed, and may not throw
 */
export function revocationFeed(
  store: Store,
  { issuer, memory, now }: RevocationFeedOptions,
  onRevoked: (revocations: readonly Revocation[]) => void,
): RevocationFeed {
  const asRead = (revoked: Revoked, revokedAt: number): Revocation => ({
    ...revoked,
    issuer,
    // Of one token, `issuedUntil` is later than its end: no longer is it remembered.
    expiresAt: Math.min(revokedAt + memory, revoked.kind === 'token' ? revoked.issuedUntil : Infinity),
    revokedAt,
  });
  listeners.set(store, (revoked) => onRevoked(revoked.map((one) => asRead(one, now()))));
  return {
    async since(cursor) {
      const rows = await store
        .selectFrom('revocations')
        .selectAll()
        .where('sequence', '>', Number(cursor ?? 0))
        .where('revoked_at', '>', now() - memory)
        .where((eb) => eb.or([eb('kind', '!=', 'token'), eb('issued_until', '>', now())]))
        .orderBy('sequence')
        .limit(batch)
        .execute();
      const revocations = rows.map(({ kind, id, issued_until, revoked_at }) =>
        asRead({ kind, id, issuedUntil: issued_until }, revoked_at),
      );
      return { revocations, cursor: String(rows.at(-1)?.sequence ?? cursor ?? 0) };
    },
  };
}

/**
 * Deletes revocations of tokens that have all run out, batch by batch, until none is left.
 *
 * @param until those that were revoked before, in milliseconds since the epoch
 * @param now of single tokens, those that have run out: milliseconds since the epoch
 * @returns how many rows went
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
