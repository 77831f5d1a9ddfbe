import { useState } from 'react';
import { useServices } from '../services.ts';
import type { SignInOptions } from '../session/caller.ts';
import { messageOf } from '../session/text.ts';

/** Begins sign-ins, and reports what failed. */
export interface SignInControl {
  /** Begins a sign-in. Default: with all scopes. The new caller becomes the active one. */
  readonly begin: (options: Partial<SignInOptions>) => void;
  /** Runs a function. If it fails, `problem` has the reason. */
  readonly attempt: (work: () => Promise<void> | void) => void;
  /** Why the last attempt failed. Null: it did not. */
  readonly problem: string | null;
  readonly forgetProblem: () => void;
}

/** Returns the sign-in of a component. */
export function useSignIn(): SignInControl {
  const { settings, callers, selection } = useServices();
  const [problem, setProblem] = useState<string | null>(null);

  function attempt(work: () => Promise<void> | void): void {
    setProblem(null);
    // `work` may throw at once, too.
    Promise.resolve()
      .then(work)
      .catch((error: unknown) => setProblem(messageOf(error)));
  }
  return {
    problem,
    forgetProblem: () => setProblem(null),
    attempt,
    begin: (options) =>
      attempt(async () => {
        // Without scopes, a connection requests all of its scopes. They may have other names than those of the API.
        const scopes = settings.signIn?.kind === 'connection' ? [] : settings.scopes.map(({ name }) => name);
        const caller = await callers.signIn({ scopes, ...options });
        if (selection.get().mode === 'one') selection.runAs(caller.id);
      }),
  };
}
