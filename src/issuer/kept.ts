/** How long a value is used, each in milliseconds since it was asked for. */
export interface Lifespan {
  /** From then on the value is reloaded in the background while it is used. */
  readonly refreshAfter: number;
  /** From then on the value is not used before a reload was tried. */
  readonly maxAge: number;
  /** From then on the value is not used at all. */
  readonly staleFor: number;
}

export type Freshness =
  | 'fresh'
  /** Good, and time to reload. */
  | 'due'
  /** Good only while a reload fails. */
  | 'old'
  | 'expired';

/** A value, and when it was asked for, in milliseconds since the epoch. */
export interface Loaded<Value> {
  readonly value: Value;
  readonly at: number;
}

/** How a value is loaded and kept. */
export interface KeepOptions<Value> extends Lifespan {
  readonly load: () => Promise<Value>;
  /** The time, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** How long a failure stands before the next reload, in milliseconds. */
  readonly cooldown: number;
  /** Gives a copy of an earlier value, where a reload failed and no usable value is known. May not throw. */
  readonly recall?: () => Promise<Loaded<Value> | null>;
  /** May not throw. */
  readonly onLoaded?: (loaded: Loaded<Value>) => void;
  /** May not throw. */
  readonly onFailed?: (error: unknown) => void;
}

/** What is known of a value at present. */
export interface KeptState {
  /** How long ago the value was asked for, in milliseconds; null: none is known. */
  readonly age: number | null;
  readonly freshness: Freshness | 'unknown';
  /** How often a load was begun. */
  readonly fetches: number;
  /** How often a load failed. */
  readonly failures: number;
  /** Whether the last load that ended failed. */
  readonly failing: boolean;
}

/** A value from elsewhere that is kept. */
export interface Kept<Value extends object> {
  /** The value that may be used without waiting; null: a reload must come first. Starts one in the background where it is due. */
  atHand(): Value | null;
  /** The value that may be used, as soon as there is one. Does not wait while reloads fail and an old value is good. @throws what the reload threw */
  present(): Promise<Value>;
  /** A value of at most `maxAge`, or the last one where the reload fails and it is not expired. @throws what the reload threw */
  latest(): Promise<Value>;
  /** Loads the value, or joins the load in progress, or repeats the last failure while it cools down. @throws that failure */
  reload(): Promise<Value>;
  readonly isReloading: boolean;
  /** How long ago the last load began, in milliseconds; negative where the clock was set back. */
  readonly sinceReload: number;
  /** The last value, unless it is expired. */
  last(): Value | null;
  state(): KeptState;
}

type Reload<Value> =
  /** The last load succeeded, or there was none. */
  | { readonly is: 'rested' }
  | { readonly is: 'loading'; readonly answer: Promise<Value>; readonly afterFailure: boolean }
  /** The last load failed, at that time. It cools down first; after that it may be tried again. */
  | { readonly is: 'failed'; readonly error: unknown; readonly at: number };

/**
 * Keeps a value from elsewhere: loads it when it is needed first, reloads it ahead of time while it is used, goes on with the old one
 * while the source is away, and recalls a copy where no value is known.
 *
 * One load serves all callers at a time. After a failure the source is spared until the cooldown has passed.
 */
export function keep<Value extends object>(options: KeepOptions<Value>): Kept<Value> {
  const { load, clock, cooldown, recall, onLoaded, onFailed } = options;
  let known: Loaded<Value> | null = null;
  let reload: Reload<Value> = { is: 'rested' };
  let askedAt = -Infinity;
  let fetches = 0;
  let failures = 0;

  const age = (): number => {
    const now = clock();
    // After the clock was set back the age is unknown. The value must not stay young for it.
    if (known && known.at > now) known = { ...known, at: now };
    return known ? now - known.at : Infinity;
  };
  const freshness = (): Freshness => freshnessOf(age(), options);
  const isFailing = (): boolean => reload.is === 'failed' || (reload.is === 'loading' && reload.afterFailure);
  const isCoolingDown = (since: number): boolean => {
    const elapsed = clock() - since;
    // A clock that was set back must not make the cooldown longer.
    return elapsed >= 0 && elapsed < cooldown;
  };

  const attempt = async (at: number): Promise<Value> => {
    try {
      // A `load` that throws instead of rejecting is a failure like any other.
      const value = await Promise.try(load);
      known = { value, at };
      reload = { is: 'rested' };
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
    if (reload.is === 'failed' && isCoolingDown(reload.at)) return Promise.reject(reload.error);
    askedAt = clock();
    fetches += 1;
    const answer = attempt(askedAt);
    reload = { is: 'loading', answer, afterFailure: reload.is === 'failed' };
    return answer;
  };
  const canAsk = (): boolean => reload.is === 'rested' || (reload.is === 'failed' && !isCoolingDown(reload.at));

  const atHand = (): Value | null => {
    const now = freshness();
    if (!known || now === 'expired' || (now === 'old' && !isFailing())) return null;
    // In the background: a caller that needs the value hears of a failure, and so has `onFailed`.
    if (now !== 'fresh' && canAsk()) ask().catch(() => {});
    return known.value;
  };
  const last = (): Value | null => (known && freshness() !== 'expired' ? known.value : null);
  /** @throws the failure, where no value satisfies */
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
    get sinceReload() {
      return clock() - askedAt;
    },
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
function freshnessOf(age: number, { refreshAfter, maxAge, staleFor }: Lifespan): Freshness {
  if (!(age < staleFor)) return 'expired';
  if (age >= maxAge) return 'old';
  return age >= refreshAfter ? 'due' : 'fresh';
}
