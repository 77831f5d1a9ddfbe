import type { Environment } from '../caller.ts';

const maxScopes = 200;

/** Remembers the scopes of the last sign-in, so that a reload can sign in again without a window. No token is stored. */
export interface RememberedScopes {
  /** Null: this browser has not signed in here, or has signed out. */
  readonly read: () => readonly string[] | null;
  readonly write: (scopes: readonly string[] | null) => void;
}

/** Makes the memory of scopes. A stored value of another form counts as absent. */
export function rememberedScopes(memory: Environment['memory']): RememberedScopes {
  return {
    read() {
      try {
        const value: unknown = JSON.parse(memory?.read() ?? 'null');
        const isList = Array.isArray(value) && value.length <= maxScopes;
        return isList &&
          value.every((scope) => typeof scope === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(scope))
          ? (value as string[])
          : null;
      } catch {
        return null;
      }
    },
    write(scopes) {
      try {
        memory?.write(scopes === null ? null : JSON.stringify(scopes));
      } catch {
        // Without storage, a reload shows the person as not signed in.
      }
    },
  };
}
