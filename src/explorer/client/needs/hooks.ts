import { useSyncExternalStore } from 'react';
import { useServices } from '../services.ts';
import type { Needs } from './asking/needs-loop.ts';
import type { Explanation } from './explanation.ts';
import type { SignInState } from './sign-in.ts';
import { outcomeSentence, rulesSentence } from './words.ts';

/** Returns what is known about the operation in the editor. */
export function useNeeds(): Needs {
  const { loop } = useServices().needs;
  return useSyncExternalStore(loop.subscribe, loop.current);
}

/** Returns the sign-in that the pane started last. */
export function useSignInState(): SignInState {
  const { signIn } = useServices().needs;
  return useSyncExternalStore(signIn.subscribe, signIn.state);
}

/** Returns the function that writes the outcome of an operation: with only trusted documents, the rules do not decide alone. */
export function useSentence(): (explanation: Explanation) => string {
  return useServices().settings.trusted?.only ? rulesSentence : outcomeSentence;
}
