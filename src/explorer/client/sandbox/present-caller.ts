import type { Caller, Callers } from '../session/caller.ts';

/** The one caller of this page. The operations of the frame run as this caller. */
export interface PresentCaller {
  /** Null: no caller has signed in, or the caller has signed out. */
  get(): Caller | null;
  /** Signs in, and forgets an earlier caller. @throws SessionError */
  signIn(scopes: readonly string[]): Promise<void>;
  /** Signs in without a window, if the browser still allows it. */
  signInSilently(): Promise<void>;
  /** @throws SessionError */
  signOut(): Promise<void>;
}

/** Makes the caller of the page. */
export function createPresentCaller(callers: Callers): PresentCaller {
  let present: string | null = null;
  const get = (): Caller | null => callers.list().find(({ id }) => id === present) ?? null;

  function take({ id }: Caller): void {
    const earlier = get();
    present = id;
    // The sign-in of another person makes a caller of its own.
    if (earlier && earlier.id !== id) callers.remove(earlier.id);
  }

  return {
    get,
    async signIn(scopes) {
      const earlier = get();
      take(await callers.signIn({ scopes, ...(earlier && { replaces: earlier.id }) }));
    },
    async signInSilently() {
      const caller = await callers.signInSilently();
      // The person may have signed in in the meantime.
      if (caller && present === null) take(caller);
      else if (caller && caller.id !== present) callers.remove(caller.id);
    },
    async signOut() {
      const caller = get();
      if (caller) await callers.signOut(caller.id);
    },
  };
}
