import type { RateLimiterRes } from 'rate-limiter-flexible';
import { StoredRateLimit } from '../../store/rate-limits.ts';
import type { CallerNetworks } from './network.ts';
import type { Store } from '../../store/tables.ts';

/** The limit of the /48 around an IPv6 address, as a multiple of the limit of one address. */
const aroundFactor = 10;

export interface NetworkLimitOptions {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The name of the limit, which distinguishes its keys from the keys of other limits. */
  readonly name: string;
  /** How many points one address has. The /48 around an IPv6 address has `aroundFactor` times as many. */
  readonly points: number;
  /** How long points count, from the first point on, in seconds. */
  readonly durationSeconds: number;
}

/**
 * The points that an address (`own`) and the /48 around it (`around`) have consumed. `own` is
 * null if there are no points. `around` is also null if there is no /48, or if the request counted for the address
 * only.
 */
export interface ConsumedPoints {
  readonly own: RateLimiterRes | null;
  readonly around: RateLimiterRes | null;
}

/** A limit for one address, and a wider limit for the /48 around an IPv6 address. */
export class NetworkLimit {
  readonly points: number;
  readonly #own: StoredRateLimit;
  readonly #around: StoredRateLimit;

  constructor({ store, now, name, points, durationSeconds: duration }: NetworkLimitOptions) {
    this.points = points;
    this.#own = new StoredRateLimit({ store, now, name, points, duration });
    this.#around = new StoredRateLimit({ store, now, name: `${name} /48`, points: points * aroundFactor, duration });
  }

  /**
   * Counts points for the address and for the /48 around it. If an address is beyond its limit, its requests count for
   * the address only. They must not use up the points of the other addresses in the /48.
   *
   * @param subject the account or client of the request; empty: all accounts or clients together
   */
  async penalty(network: CallerNetworks, subject: string, points = 1): Promise<ConsumedPoints> {
    const own = await this.#own.penalty(keyOf(network.own, subject), points);
    const counts = network.around !== null && own.consumedPoints <= this.points;
    return { own, around: counts ? await this.#around.penalty(keyOf(network.around, subject), points) : null };
  }

  /** Gives one point back to the address and to the /48 around it. */
  async reward(network: CallerNetworks, subject: string): Promise<void> {
    await this.#own.reward(keyOf(network.own, subject));
    if (network.around !== null) await this.#around.reward(keyOf(network.around, subject));
  }

  /** Deletes the points of the address. The points of the /48 stay, because other callers may have consumed them. */
  async forget(network: CallerNetworks, subject: string): Promise<void> {
    await this.#own.delete(keyOf(network.own, subject));
  }

  /** Returns the keys for `StoredRateLimit.read`: the address, then the /48 around it if there is one. */
  keys(network: CallerNetworks, subject: string): (readonly [limit: StoredRateLimit, key: string])[] {
    const own = [this.#own, keyOf(network.own, subject)] as const;
    return network.around === null ? [own] : [own, [this.#around, keyOf(network.around, subject)]];
  }

  /**
   * Returns how many milliseconds the address must wait; null: it need not wait.
   *
   * @param next 1 if the next attempt is not counted yet; 0 if it is already counted
   * @param points how many points the address has. The /48 has ten times as many. Default: the points of the limit
   */
  wait({ own, around }: ConsumedPoints, next: 0 | 1, points: number = this.points): number | null {
    const waits = [
      ...(own && own.consumedPoints + next > points ? [own.msBeforeNext] : []),
      ...(around && around.consumedPoints + next > points * aroundFactor ? [around.msBeforeNext] : []),
    ];
    return waits.length > 0 ? Math.max(...waits) : null;
  }
}

function keyOf(where: string, subject: string): string {
  return subject === '' ? where : `${where} ${subject}`;
}
