/** Settings of `withCooldown`. */
export interface CooldownOptions {
  /** The time, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** How long a failure stands before it is tried again, in milliseconds. */
  readonly cooldown: number;
}

type State<T> =
  | { readonly is: 'idle' }
  | { readonly is: 'asking'; readonly answer: Promise<T> }
  | { readonly is: 'failed'; readonly answer: Promise<T>; readonly at: number };

/**
 * Spares a source that is asked by many: one call is in flight for any number of waiters, and after a failure everyone
 * is told the same until the cooldown has passed. A success is not remembered: that is the caller's choice.
 */
export function withCooldown<T>(ask: () => Promise<T>, { clock, cooldown }: CooldownOptions): () => Promise<T> {
  let state: State<T> = { is: 'idle' };

  const attempt = async (): Promise<T> => {
    try {
      const value = await ask();
      state = { is: 'idle' };
      return value;
    } catch (error) {
      if (state.is === 'asking') state = { is: 'failed', answer: state.answer, at: clock() };
      throw error;
    }
  };

  return () => {
    if (state.is === 'asking') return state.answer;
    if (state.is === 'failed') {
      const elapsed = clock() - state.at;
      // A clock that was set back must not make the cooldown longer.
      if (elapsed >= 0 && elapsed < cooldown) return state.answer;
    }
    state = { is: 'asking', answer: attempt() };
    return state.answer;
  };
}
