/** Settings of `withCooldown`. */
export interface CooldownOptions {
  /** The time, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** How long a failure stands before it is tried again, in milliseconds. */
  readonly cooldown: number;
}

/** A source that is spared. */
export interface Spared<T> {
  /** Its answer: a new one, the one that is under way, or the last failure while that stands. */
  ask(): Promise<T>;
  /** What asking would come to: a new call, or somebody else's. */
  readonly state: 'idle' | 'asking' | 'cooling';
}

type State<T> =
  | { readonly is: 'idle' }
  | { readonly is: 'asking'; readonly answer: Promise<T> }
  | { readonly is: 'failed'; readonly answer: Promise<T>; readonly at: number };

/**
 * Spares a source that is asked by many: one call is in flight for any number of waiters, and after a failure everyone
 * is told the same until the cooldown has passed. A success is not remembered: that is the caller's choice.
 */
export function withCooldown<T>(call: () => Promise<T>, { clock, cooldown }: CooldownOptions): Spared<T> {
  let state: State<T> = { is: 'idle' };

  const attempt = async (): Promise<T> => {
    try {
      const value = await call();
      state = { is: 'idle' };
      return value;
    } catch (error) {
      if (state.is === 'asking') state = { is: 'failed', answer: state.answer, at: clock() };
      throw error;
    }
  };
  const isCooling = (at: number) => {
    const elapsed = clock() - at;
    // A clock that was set back must not make the cooldown longer.
    return elapsed >= 0 && elapsed < cooldown;
  };

  return {
    ask() {
      if (state.is === 'asking') return state.answer;
      if (state.is === 'failed' && isCooling(state.at)) return state.answer;
      state = { is: 'asking', answer: attempt() };
      return state.answer;
    },
    get state() {
      if (state.is === 'failed') return isCooling(state.at) ? 'cooling' : 'idle';
      return state.is;
    },
  };
}
