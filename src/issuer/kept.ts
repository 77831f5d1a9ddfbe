/** The ages at which the use of a value changes. An age is the time since the value was requested, in milliseconds. */
export interface Lifespan {
  /** From this age on, a use of the value starts a reload in the background. */
  readonly refreshAfterMs: number;
  /** From this age on, the value is used only after a reload has failed. */
  readonly maxAgeMs: number;
  /** From this age on, the value is never used. */
  readonly staleForMs: number;
}

export type Freshness =
  | 'fresh'
  /** Usable. A reload is due. */
  | 'due'
  /** Usable only if the last reload failed. */
  | 'old'
  | 'expired';

/** A value, and the time at which it was requested, in milliseconds since the epoch. */
export interface LoadedValue<Value> {
  readonly value: Value;
  readonly at: number;
}

/** The options of `createKeptValue`. */
export interface KeepOptions<Value> extends Lifespan {
  /** @param afterFailure whether the last completed load failed */
  readonly load: (afterFailure: boolean) => Promise<Value>;
  /** The time, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** The time after a failure in which no reload begins, in milliseconds. */
  readonly cooldownMs: number;
  /** Returns a copy of an earlier value. Called if a load has failed and there is no usable value. Must not reject. */
  readonly recall?: () => Promise<LoadedValue<Value> | null>;
  /** Must not throw. */
  readonly onLoaded?: (loaded: LoadedValue<Value>) => void;
  /** Must not throw. */
  readonly onFailed?: (error: unknown) => void;
}

/** The current state of a value, for metrics. */
export interface KeptState {
  /** The time since the value was requested, in milliseconds. Null: no value is known. */
  readonly age: number | null;
  readonly freshness: Freshness | 'unknown';
  /** How many loads have begun. */
  readonly fetches: number;
  /** How many loads have failed. */
  readonly failures: number;
  /** Whether the last completed load failed. */
  readonly failing: boolean;
}

/** A value from another server. It is kept in memory and reloaded. */
export interface KeptValue<Value extends object> {
  /**
   * Returns the value if it is usable now; null if a reload is needed first. If a reload is due, it starts in the
   * background.
   */
  atHand(): Value | null;
  /**
   * Returns a usable value. Waits for a reload if there is no usable value. If the last reload failed, an old value is
   * usable.
   *
   * @throws the error of the reload
   */
  present(): Promise<Value>;
  /**
   * Returns a value that is younger than `maxAgeMs`. Waits for a reload if necessary. If the reload fails, returns the
   * last value, unless it is expired.
   *
   * @throws the error of the reload
   */
  latest(): Promise<Value>;
  /**
   * Loads the value. If a load is in progress, it returns the result of that load. During the cooldown after a failure,
   * it throws the failure again.
   *
   * @throws the failure
   */
  reload(): Promise<Value>;
  readonly isReloading: boolean;
  /** Whether the last load began within the last `windowMs`. False if the clock was set back after it. */
  hasReloadedWithin(windowMs: number): boolean;
  /** Returns the last value; null if it is expired, or if no value is known. */
  last(): Value | null;
  state(): KeptState;
}

type Reload<Value> =
  /** The last load succeeded, or no load has begun yet. */
  | { readonly is: 'idle' }
  | { readonly is: 'loading'; readonly answer: Promise<Value>; readonly afterFailure: boolean }
  /** The last load failed at the time `at`. The next load may begin after the cooldown. */
  | { readonly is: 'failed'; readonly error: unknown; readonly at: number };

/**
 * Keeps a value from another server in memory. The value is loaded at its first use, and reloaded when it is used again
 * after `refreshAfterMs`. If the other server is not available, the old value is used. If there is no usable value, the
 * result of `recall` is used.
 *
 * All callers share one load. After a failure, no load begins until the cooldown has passed.
 */
export function createKeptValue<Value extends object>(options: KeepOptions<Value>): KeptValue<Value> {
  const { load, clock, cooldownMs, recall, onLoaded, onFailed } = options;
  let known: LoadedValue<Value> | null = null;
  let reload: Reload<Value> = { is: 'idle' };
  let askedAt = -Infinity;
  let fetches = 0;
  let failures = 0;

  const age = (): number => {
    const now = clock();
    // The clock was set back, so the age is unknown. It counts from now. Otherwise the value would stay young for too
    // long.
    if (known && known.at > now) known = { ...known, at: now };
    return known ? now - known.at : Infinity;
  };
  const freshness = (): Freshness => freshnessOf(age(), options);
  const isFailing = (): boolean => reload.is === 'failed' || (reload.is === 'loading' && reload.afterFailure);
  const isWithin = (windowMs: number, since: number): boolean => {
    const elapsed = clock() - since;
    // If the clock was set back, the time has passed. Otherwise the wait would become longer.
    return elapsed >= 0 && elapsed < windowMs;
  };
  const isCoolingDown = (): boolean => reload.is === 'failed' && isWithin(cooldownMs, reload.at);

  const attempt = async (at: number, afterFailure: boolean): Promise<Value> => {
    try {
      // An exception of `load` becomes a rejection, which is handled after this function has returned. Node.js 22 has no
      // `Promise.try`.
      const value = await (async () => load(afterFailure))();
      known = { value, at };
      reload = { is: 'idle' };
      onLoaded?.(known);
      return value;
    } catch (error) {
      failures += 1;
      onFailed?.(error);
      if (recall && freshness() === 'expired') known = (await recall()) ?? known;
      reload = { is: 'failed', error, at: clock() };
      throw error;
    }
  };
  const ask = (): Promise<Value> => {
    if (reload.is === 'loading') return reload.answer;
    if (reload.is === 'failed' && isCoolingDown()) return Promise.reject(reload.error);
    askedAt = clock();
    fetches += 1;
    const afterFailure = reload.is === 'failed';
    const answer = attempt(askedAt, afterFailure);
    reload = { is: 'loading', answer, afterFailure };
    return answer;
  };
  const canAsk = (): boolean => reload.is !== 'loading' && !isCoolingDown();

  const atHand = (): Value | null => {
    const now = freshness();
    if (!known || now === 'expired' || (now === 'old' && !isFailing())) return null;
    // The reload runs in the background. `onFailed` reports its failure.
    if (now !== 'fresh' && canAsk()) ask().catch(() => {});
    return known.value;
  };
  const last = (): Value | null => (known && freshness() !== 'expired' ? known.value : null);
  /** @throws the failure of the reload, if no value is usable */
  const afterReload = async (usable: () => Value | null): Promise<Value> => {
    const failure: unknown = await ask().then(
      () => null,
      (error: unknown) => error,
    );
    const value = usable();
    if (!value) throw failure;
    return value;
  };

  return {
    atHand,
    present: async () => atHand() ?? afterReload(atHand),
    async latest() {
      const now = freshness();
      return known && (now === 'fresh' || now === 'due') ? known.value : afterReload(last);
    },
    reload: ask,
    get isReloading() {
      return reload.is === 'loading';
    },
    hasReloadedWithin: (windowMs) => isWithin(windowMs, askedAt),
    last,
    state: () => ({
      age: known ? age() : null,
      freshness: known ? freshness() : 'unknown',
      fetches,
      failures,
      failing: isFailing(),
    }),
  };
}

/** @param age - in milliseconds */
function freshnessOf(age: number, { refreshAfterMs, maxAgeMs, staleForMs }: Lifespan): Freshness {
  if (!(age < staleForMs)) return 'expired';
  if (age >= maxAgeMs) return 'old';
  return age >= refreshAfterMs ? 'due' : 'fresh';
}
