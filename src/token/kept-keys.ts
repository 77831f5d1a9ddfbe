import { withCooldown } from './cooldown.ts';
import { type Freshness, freshnessOf, type Lifespan } from './freshness.ts';
import { recallKeys } from './key-copy.ts';
import type { KeySet } from './key-set.ts';
import type { KeyCopies } from './ports.ts';
import { keysUnavailable } from './refusal.ts';

/** How an issuer's keys are had, and for how long they are kept. All times are in milliseconds. */
export interface KeptKeysOptions extends Lifespan {
  readonly issuer: string;
  readonly fetchKeys: () => Promise<KeySet>;
  readonly clock: () => number;
  /** How long a failure stands before the issuer is asked again. */
  readonly cooldown: number;
  /** How long reading a copy may take. */
  readonly timeLimit: number;
  readonly copies?: KeyCopies;
  /** May not throw. */
  readonly onEvent: (event: KeyEvent) => void;
}

/** What happened to the keys of an issuer. */
export type KeyEvent =
  | { readonly is: 'fetched'; readonly keys: number }
  /** The issuer could not be asked, or answered nonsense. */
  | { readonly is: 'failed'; readonly error: unknown }
  /** The last keys that were kept are used, since the issuer cannot be asked. `age` is in milliseconds. */
  | { readonly is: 'recalled'; readonly keys: number; readonly age: number }
  /** The keys could not be kept, or what was kept not be read. */
  | { readonly is: 'copy failed'; readonly error: unknown };

/** What is known of an issuer's keys at present. */
export interface KeptState {
  /** How many keys are known. */
  readonly keys: number;
  /** How long ago they were fetched, in milliseconds; null: none are known. */
  readonly age: number | null;
  readonly freshness: Freshness | 'unknown';
  /** How often the issuer was asked. */
  readonly fetches: number;
  /** How often that failed. */
  readonly failures: number;
  /** Whether the last time failed. */
  readonly failing: boolean;
}

/** The last keys that were had of an issuer. */
export interface KeptKeys {
  /** The keys that may be used without waiting; null: the issuer must be asked first. */
  atHand(): KeySet | null;
  /**
   * The keys that may be used, as soon as there are any.
   *
   * @throws ClaimgateError `KEYS_UNAVAILABLE`
   */
  present(): Promise<KeySet>;
  /** Asks the issuer, or waits with whoever does already. @throws why that failed, or failed just now */
  ask(): Promise<void>;
  /** Whether somebody is asking the issuer. */
  readonly isAsking: boolean;
  /** How long ago the issuer was asked last, in milliseconds; negative where the clock was set back. */
  readonly sinceAsked: number;
  state(): KeptState;
}

/**
 * Keeps the keys of an issuer: fetches them when they are needed first, and ahead of time while they are in use; goes on
 * with old ones while the issuer is down; and where there are none falls back on the copy of the last ones.
 */
export function keepKeys(options: KeptKeysOptions): KeptKeys {
  const { issuer, fetchKeys, clock, copies, onEvent } = options;
  let known: { readonly set: KeySet; readonly fetchedAt: number } | null = null;
  let askedAt = -Infinity;
  let fetches = 0;
  let failures = 0;
  let failing = false;

  const age = (): number => {
    const now = clock();
    // Since the clock was set back nobody can say how old they are; they must not stay young for it.
    if (known && known.fetchedAt > now) known = { ...known, fetchedAt: now };
    return known ? now - known.fetchedAt : Infinity;
  };
  /** Nobody waits for a copy to be kept. */
  const keep = async (set: KeySet, fetchedAt: number) => {
    try {
      await copies?.save(issuer, { keySet: { keys: set.jwks }, fetchedAt });
    } catch (error) {
      onEvent({ is: 'copy failed', error });
    }
  };
  const recall = async () => {
    try {
      const copy = copies && (await recallKeys(copies, issuer, { ...options, now: clock() }));
      if (!copy) return;
      known = copy;
      onEvent({ is: 'recalled', keys: copy.set.jwks.length, age: age() });
    } catch (error) {
      onEvent({ is: 'copy failed', error });
    }
  };
  const source = withCooldown(async () => {
    askedAt = clock();
    fetches += 1;
    const startedAt = askedAt;
    try {
      const set = await fetchKeys();
      known = { set, fetchedAt: startedAt };
      failing = false;
      onEvent({ is: 'fetched', keys: set.jwks.length });
      void keep(set, startedAt);
    } catch (error) {
      failures += 1;
      failing = true;
      onEvent({ is: 'failed', error });
      if (freshnessOf(age(), options) === 'expired') await recall();
      throw error;
    }
  }, options);

  const atHand = (): KeySet | null => {
    const freshness = freshnessOf(age(), options);
    if (!known || freshness === 'expired' || (freshness === 'old' && !failing)) return null;
    // In the background. Whoever needs the keys hears of a failure, and so has `onEvent`.
    if (freshness !== 'fresh' && source.state === 'idle') source.ask().catch(() => {});
    return known.set;
  };
  return {
    atHand,
    async present() {
      const set = atHand();
      if (set) return set;
      const failure: unknown = await source.ask().then(
        () => null,
        (error: unknown) => error,
      );
      const fetched = atHand();
      if (!fetched) throw keysUnavailable(failure);
      return fetched;
    },
    ask: () => source.ask(),
    get isAsking() {
      return source.state === 'asking';
    },
    get sinceAsked() {
      return clock() - askedAt;
    },
    state: () => ({
      keys: known?.set.jwks.length ?? 0,
      age: known ? age() : null,
      freshness: known ? freshnessOf(age(), options) : 'unknown',
      fetches,
      failures,
      failing,
    }),
  };
}
