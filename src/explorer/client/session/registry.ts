import { type Caller, maxCallers, SessionError } from './caller.ts';

/** The secrets of a caller, and when they are renewed. Times are in milliseconds of this browser's clock. */
export interface Held {
  accessToken: string;
  refreshToken: string | null;
  /** When the token is renewed in the background. Null: never. */
  renewsAt: number | null;
  /** The time after which the token is renewed before it is used. Null: never. */
  aboutToExpireAt: number | null;
  /** How many renewals failed in a row for a temporary reason. */
  failures: number;
  /** `perhaps`: the answer of a renewal was lost. */
  isRefreshTokenUsed: 'no' | 'perhaps';
  /** The renewal that is under way. */
  renewal: Promise<void> | null;
  /** Whether the token was refused, or may be revoked. It is then not used until it is renewed. */
  isDoubtful: boolean;
}

/** What the page knows of a sign-in. It stays when the tokens have ended. */
export interface SignInFacts {
  /** The subject, to recognize the same person. Null: not known. */
  readonly subject: string | null;
  /** The scopes that were requested. */
  readonly requested: readonly string[];
  /** The name of the person. */
  readonly name?: string;
  /** The label that the page gave the caller. A person may have renamed the caller since. */
  readonly label?: string;
}

/** The callers in their order, apart from their secrets. */
export interface Registry {
  readonly list: () => readonly Caller[];
  readonly find: (id: string) => Caller | null;
  /** Returns the secrets of a caller; null: it has none. */
  readonly heldBy: (id: string) => Held | null;
  /** Returns the facts of a caller's sign-in; null: it did not sign in. */
  readonly signInOf: (id: string) => SignInFacts | null;
  /** Returns the IDs of all callers that signed in. */
  readonly signedIn: () => readonly string[];
  /** @throws SessionError if there are too many callers */
  readonly checkRoom: () => void;
  /** Adds a caller. @throws SessionError if there are too many callers */
  readonly add: (caller: Caller, held: Held | null, facts?: SignInFacts) => void;
  /** Changes members of a caller. If it was removed, nothing happens. */
  readonly change: (id: string, changes: Partial<Omit<Caller, 'id'>>) => void;
  /** Replaces the secrets of a caller. */
  readonly hold: (id: string, held: Held | null, facts?: SignInFacts) => void;
  readonly remove: (id: string) => void;
  readonly subscribe: (listener: () => void) => () => void;
  /** Calls the listeners. */
  readonly announce: () => void;
}

/** Makes the registry. @param first the caller that is always in the list */
export function createRegistry(first: Caller): Registry {
  let list: readonly Caller[] = [first];
  const secrets = new Map<string, Held>();
  const signIns = new Map<string, SignInFacts>();
  const listeners = new Set<() => void>();

  function set(callers: readonly Caller[]): void {
    list = callers;
    announce();
  }
  function announce(): void {
    for (const listener of listeners) listener();
  }
  const find = (id: string) => list.find((caller) => caller.id === id) ?? null;
  function checkRoom(): void {
    if (list.length < maxCallers) return;
    throw new SessionError(`There are ${maxCallers} callers, and no more are possible. Remove one first.`);
  }

  return {
    list: () => list,
    find,
    heldBy: (id) => secrets.get(id) ?? null,
    signInOf: (id) => signIns.get(id) ?? null,
    signedIn: () => list.filter(({ kind }) => kind === 'signed-in').map(({ id }) => id),
    checkRoom,
    add(caller, held, facts) {
      checkRoom();
      if (held) secrets.set(caller.id, held);
      if (facts) signIns.set(caller.id, facts);
      set([...list, caller]);
    },
    change(id, changes) {
      if (find(id)) set(list.map((caller) => (caller.id === id ? { ...caller, ...changes } : caller)));
    },
    hold(id, held, facts) {
      if (held && find(id)) secrets.set(id, held);
      else secrets.delete(id);
      if (facts && find(id)) signIns.set(id, facts);
    },
    remove(id) {
      secrets.delete(id);
      signIns.delete(id);
      if (id !== first.id && find(id)) set(list.filter((caller) => caller.id !== id));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    announce,
  };
}
