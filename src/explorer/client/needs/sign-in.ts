import type { Caller, Callers } from '../session/caller.ts';
import type { Attempt, Remedy, RemedyChoice } from './remedy.ts';

/** The sign-in that the pane started last. */
export interface SignInState {
  readonly isOpen: boolean;
  /** Why the last sign-in failed, in one line. `null`: it did not. */
  readonly fault: string | null;
}

/** Signs in for what is missing, and remembers what was granted. */
export interface NeedsSignIn {
  readonly state: () => SignInState;
  readonly subscribe: (listener: () => void) => () => void;
  /** The finished sign-ins of a caller. */
  readonly attemptsOf: (callerId: string) => readonly Attempt[];
  /** Signs a caller in for a choice, and chooses the result. It never rejects. Null: it failed, or one is open. */
  readonly signIn: (
    caller: Caller,
    remedy: Pick<Remedy, 'maxAge' | 'acr'>,
    choice: RemedyChoice,
  ) => Promise<Caller | null>;
}

/** The number of sign-ins of one caller that are remembered. */
const maxAttempts = 20;

/** Whether a sign-in failed because this issuer has none of the accepted authentication contexts. */
function cannotReachContext(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'unmet_authentication_requirements';
}

/**
 * Creates the sign-in of the pane.
 *
 * @param choose - makes a caller one of those that the next operation runs as
 */
export function createNeedsSignIn(callers: Pick<Callers, 'signIn'>, choose: (id: string) => void): NeedsSignIn {
  const listeners = new Set<() => void>();
  const attempts = new Map<string, readonly Attempt[]>();
  let current: SignInState = { isOpen: false, fault: null };
  const set = (next: SignInState): void => {
    current = next;
    for (const listener of listeners) listener();
  };
  return {
    state: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    attemptsOf: (callerId) => attempts.get(callerId) ?? [],
    async signIn(caller, { maxAge, acr }, { requested }) {
      if (current.isOpen) return null;
      set({ isOpen: true, fault: null });
      const remember = (callerId: string, granted: readonly string[]): void => {
        const earlier = attempts.get(callerId) ?? [];
        attempts.set(callerId, [...earlier, { requested, granted, maxAge, acr }].slice(-maxAttempts));
      };
      try {
        const signedIn = await callers.signIn({
          scopes: requested,
          ...(caller.kind === 'signed-in' && { as: 'same', replaces: caller.id }),
          ...(maxAge !== null && { maxAge }),
          ...(acr !== null && { acr }),
        });
        remember(signedIn.id, signedIn.scopes);
        choose(signedIn.id);
        set({ isOpen: false, fault: null });
        return signedIn;
      } catch (error) {
        if (cannotReachContext(error)) remember(caller.id, requested);
        set({ isOpen: false, fault: error instanceof Error ? error.message : 'The sign-in failed.' });
        return null;
      }
    },
  };
}
