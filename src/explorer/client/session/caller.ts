/** A caller as whom an operation runs. The object has no token: the tokens stay inside the session library. */
export interface Caller {
  readonly id: string;
  /** The email address of the account, or the subject, or the label that the person gave. */
  readonly label: string;
  readonly kind: 'anonymous' | 'signed-in' | 'pasted';
  /** The claims of the access token. They are decoded for display, and not verified. Null: the token is not a JWT. */
  readonly claims: Readonly<Record<string, unknown>> | null;
  readonly scopes: readonly string[];
  /** When the access token expires, in milliseconds of this browser's clock. Null: not known. */
  readonly expiresAt: number | null;
  readonly state: 'ready' | 'renewing' | 'ended';
  /** Why the caller has ended, was not renewed, or has fewer scopes than requested. Null: nothing to report. */
  readonly reason: string | null;
}

/** The options of a sign-in. */
export interface SignInOptions {
  /** The requested scopes. */
  readonly scopes: readonly string[];
  /** `new-person` always shows the sign-in page. Default: `same`. */
  readonly as?: 'new-person' | 'same';
  /** The ID of the caller whose place the new sign-in takes. Its scopes are requested too. */
  readonly replaces?: string;
  /** The greatest age of the authentication, in seconds (RFC 9470). */
  readonly maxAge?: number;
  /** The accepted authentication contexts (RFC 9470). */
  readonly acr?: readonly string[];
}

/** A sign-in whose window is open. */
export interface PendingSignIn {
  /** The address of the window, for a link if the browser blocked the window. */
  readonly url: string;
  /** When the sign-in is given up, in milliseconds of this browser's clock. */
  readonly endsAt: number;
}

/** The largest number of callers, the caller without a token included. */
export const maxCallers = 8;

/** The ID of the caller without a token. It is always in the list. */
export const anonymousId = 'anonymous';

/** The callers of one page, and what can be done with them. */
export interface Callers {
  /** Returns the callers. The same array is returned until something changes. */
  readonly list: () => readonly Caller[];
  /** Calls a listener after each change of `list` and `pending`. Returns a function that ends this. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Returns the sign-in whose window is open. The same object is returned until something changes. */
  readonly pending: () => PendingSignIn | null;
  /** Gives up the sign-in whose window is open. */
  readonly cancel: () => void;
  /**
   * Opens the sign-in window and waits for its answer. A further call gives up an earlier sign-in.
   *
   * @throws SessionError whose message says why the sign-in failed
   */
  readonly signIn: (options: SignInOptions) => Promise<Caller>;
  /**
   * Signs in without a window, if the browser is still signed in and the consent is remembered. It asks only if this
   * browser has signed in here before. It never throws.
   */
  readonly signInSilently: () => Promise<Caller | null>;
  /** Adds a token that the person has. Only its shape is checked. @throws SessionError */
  readonly paste: (token: string) => Caller;
  /** Gives a caller another label. An empty label changes nothing. */
  readonly rename: (id: string, label: string) => void;
  /** Forgets a caller. The access token of a caller that signed in at this server is revoked. */
  readonly remove: (id: string) => void;
  /**
   * Forgets a caller and revokes its tokens. If another caller of this page uses the same grant, only the access token is
   * revoked.
   *
   * @param options `endSession`: also opens the sign-out page of the authorization server
   * @throws SessionError if the tokens are forgotten here but could not be revoked
   */
  readonly signOut: (id: string, options?: { readonly endSession?: boolean }) => Promise<void>;
  /**
   * Returns the value of the `Authorization` header. A token that is about to expire is renewed first. Null: no token.
   *
   * @throws SessionError if the caller has ended
   */
  readonly authorization: (id: string) => Promise<string | null>;
  /** Renews the access token now. Calls at the same time share one renewal. @throws SessionError */
  readonly renew: (id: string) => Promise<void>;
  /** Checks all callers now, such as after the machine has slept. */
  readonly wake: () => void;
  /** Stops the background renewals. */
  readonly dispose: () => void;
}

/** A channel between windows of the same origin. */
export interface Channel {
  readonly post: (message: unknown) => void;
  readonly listen: (listener: (message: unknown) => void) => void;
  readonly close: () => void;
}

/** What the library needs of the browser. */
export interface Environment {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Runs a function once after a time in milliseconds. Returns a function that prevents this. */
  readonly after: (delayMs: number, run: () => void) => () => void;
  /** Opens a window that cannot reach this page. */
  readonly open: (url: string) => void;
  readonly channel: (name: string) => Channel;
  /** Returns random bytes of a cryptographic generator. */
  readonly random: (bytes: number) => Uint8Array<ArrayBuffer>;
  /** Remembers one text over a reload. It holds names of scopes, never a token. Default: nothing is remembered. */
  readonly memory?: { read(): string | null; write(text: string | null): void };
}

/** A sign-in, renewal or revocation that failed. */
export class SessionError extends Error {
  /** The code of RFC 6749, if there is one. */
  readonly code: string | null;
  /** Whether the same call may succeed later. */
  readonly isTemporary: boolean;

  constructor(
    message: string,
    { code = null, isTemporary = false }: { code?: string | null; isTemporary?: boolean } = {},
  ) {
    super(message);
    this.name = 'SessionError';
    this.code = code;
    this.isTemporary = isTemporary;
  }
}
