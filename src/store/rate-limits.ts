import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { RateLimiterPostgres, RateLimiterRes, type RateLimiterStoreAbstract } from 'rate-limiter-flexible';
import type { Store } from './tables.ts';
import { deleteInBatches } from './sweep.ts';

/** The options of a limit. */
export interface RateLimitOptions {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Distinguishes the keys of this limit from the keys of other limits. */
  readonly name: string;
  /** How many points one key may consume within the duration. */
  readonly points: number;
  /** Seconds from the first point of a key until its counter starts again. */
  readonly duration: number;
}

type Counter = Readonly<{ points: number; expires_at: number }>;

/** The base class of the library's stores. The library exports its type only. */
const StoreAbstract: typeof RateLimiterStoreAbstract = Object.getPrototypeOf(RateLimiterPostgres);

/**
 * A limit of rate-limiter-flexible. All processes on the database share its counters. One statement counts and returns
 * the sum.
 *
 * If the database does not answer, the call throws, so no attempt is allowed.
 */
export class StoredRateLimit extends StoreAbstract {
  readonly #store: Store;
  readonly #now: () => number;

  constructor({ store, now, name, points, duration }: RateLimitOptions) {
    super({ storeClient: store, keyPrefix: name, points, duration });
    this.#store = store;
    this.#now = now;
  }

  /**
   * Reads the consumed points of several keys of several limits, in one statement. @returns the results in the order of
   * `keys`; null for a key without consumed points
   */
  static async read(
    keys: readonly (readonly [limit: StoredRateLimit, key: string])[],
  ): Promise<(RateLimiterRes | null)[]> {
    const [first] = keys;
    if (!first) return [];
    const hashes = keys.map(([limit, key]) => hash(limit.getKey(key)));
    const rows = await first[0].#store
      .selectFrom('rate_limits')
      .select(['key_hash', 'points', 'expires_at'])
      .where('key_hash', 'in', hashes)
      .where('expires_at', '>', first[0].#now())
      .execute();
    const found = new Map(rows.map((row) => [row.key_hash, row]));
    return keys.map(([limit, key], index) => {
      const row = found.get(hashes[index] ?? '');
      return row ? limit._getRateLimiterRes(key, 0, row) : null;
    });
  }

  /**
   * Adds points to a counter. If the counter has expired, it starts again. It never goes below 0. A point that is given
   * back after the expiry changes nothing.
   *
   * @param duration milliseconds
   * @param restart whether to start the counter again in any case
   */
  async _upsert(key: string, points: number, duration: number, restart: boolean): Promise<Counter> {
    const now = this.#now();
    const restarts = restart ? sql`1 = 1` : sql`rate_limits.expires_at <= ${now}`;
    return this.#store
      .insertInto('rate_limits')
      .values({ key_hash: hash(key), points: Math.max(points, 0), expires_at: now + duration })
      .onConflict((conflict) =>
        conflict.column('key_hash').doUpdateSet({
          points: sql<number>`case when ${restarts} then excluded.points
            when rate_limits.points + ${points} < 0 then 0
            else rate_limits.points + ${points} end`,
          expires_at: sql<number>`case when ${restarts} then excluded.expires_at else rate_limits.expires_at end`,
        }),
      )
      .returning(['points', 'expires_at'])
      .executeTakeFirstOrThrow();
  }

  async _get(key: string): Promise<Counter | null> {
    const row = await this.#store
      .selectFrom('rate_limits')
      .select(['points', 'expires_at'])
      .where('key_hash', '=', hash(key))
      .where('expires_at', '>', this.#now())
      .executeTakeFirst();
    return row ?? null;
  }

  async _delete(key: string): Promise<boolean> {
    const { numDeletedRows } = await this.#store
      .deleteFrom('rate_limits')
      .where('key_hash', '=', hash(key))
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  _getRateLimiterRes(_key: string, changed: number, { points, expires_at }: Counter): RateLimiterRes {
    const left = Math.max(this.points - points, 0);
    return new RateLimiterRes(left, Math.max(expires_at - this.#now(), 0), points, points === changed);
  }
}

function hash(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

/**
 * Deletes the counters that have expired.
 *
 * @param now milliseconds since the epoch
 * @returns how many rows were deleted
 */
export function sweepRateLimits(store: Store, now: number): Promise<number> {
  return deleteInBatches((limit) =>
    store
      .deleteFrom('rate_limits')
      .where('key_hash', 'in', (eb) =>
        eb.selectFrom('rate_limits').select('key_hash').where('expires_at', '<=', now).limit(limit),
      )
      // If a counter has started again meanwhile, it stays.
      .where('expires_at', '<=', now),
  );
}
