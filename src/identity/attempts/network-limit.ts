import type { RateLimiterRes } from 'rate-limiter-flexible';
import { StoredRateLimit } from '../../store/rate-limits.ts';
import type { Network } from './network.ts';
import type { Store } from '../store.ts';

/** How many times as much the /48 of an IPv6 address may have as one address. */
const aroundFactor = 10;

export interface NetworkLimitOptions {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Distinguishes its keys from those of other limits. */
  readonly name: string;
  /** For one address. The /48 of an IPv6 address has `aroundFactor` times as many. */
  readonly points: number;
  /** From the first point until counting begins anew, in seconds. */
  readonly durationSeconds: number;
}

/** What is consumed of a limit by an address, and by the /48 around it; null where nothing is, or there is none. */
export interface Consumed {
  readonly own: RateLimiterRes | null;
  readonly around: RateLimiterRes | null;
}

/** A limit for what comes from one address, and a wider one for the /48 around an IPv6 address. */
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
   * Counts for both; for the address alone where it has more than it may: it guesses nothing any more, and its neighbours do not
   * pay for its requests.
   *
   * @param who whom the address guesses for; empty: all together
   */
  async penalty(network: Network, who: string, points = 1): Promise<Consumed> {
    const own = await this.#own.penalty(keyOf(network.own, who), points);
    const counts = network.around !== null && own.consumedPoints <= this.points;
    return { own, around: counts ? await this.#around.penalty(keyOf(network.around, who), points) : null };
  }

  /** Takes back one point of both. */
  async reward(network: Network, who: string): Promise<void> {
    await this.#own.reward(keyOf(network.own, who));
    if (network.around !== null) await this.#around.reward(keyOf(network.around, who));
  }

  /** Forgets what was counted for the address. Its neighbours may be others: what they have consumed stays. */
  async forget(network: Network, who: string): Promise<void> {
    await this.#own.delete(keyOf(network.own, who));
  }

  /** What to ask `StoredRateLimit.read` for: the address, then the /48 around it if it has one. */
  keys(network: Network, who: string): (readonly [limit: StoredRateLimit, key: string])[] {
    const own = [this.#own, keyOf(network.own, who)] as const;
    return network.around === null ? [own] : [own, [this.#around, keyOf(network.around, who)]];
  }

  /**
   * In how many milliseconds an address is heard again; null: it is heard.
   *
   * @param next points that the next attempt may cost: 0 where it has been counted
   * @param points fewer than those of the limit, for an address
   */
  wait({ own, around }: Consumed, next: 0 | 1, points: number = this.points): number | null {
    const waits = [
      ...(own && own.consumedPoints + next > points ? [own.msBeforeNext] : []),
      ...(around && around.consumedPoints + next > points * aroundFactor ? [around.msBeforeNext] : []),
    ];
    return waits.length > 0 ? Math.max(...waits) : null;
  }
}

function keyOf(where: string, who: string): string {
  return who === '' ? where : `${where} ${who}`;
}
