/** What every verified access token says, whoever it stands for. */
interface VerifiedToken {
  /** `iss`, exactly as configured. */
  readonly issuer: string;
  /** `sub`. */
  readonly subject: string;
  /** `client_id`; null where the issuer names no client in its tokens (`clientIdClaims: []`, and some presets). */
  readonly clientId: string | null;
  /** The scopes the token grants. */
  readonly scopes: ReadonlySet<string>;
  /** `exp`, in seconds since the epoch. */
  readonly expiresAt: number;
  /** The whole verified payload, frozen. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Nobody: no token was sent. */
export interface AnonymousPrincipal {
  readonly kind: 'anonymous';
}

/** A person, through an application. */
export interface AccountPrincipal extends VerifiedToken {
  readonly kind: 'account';
  /** The account in this system; `null` where the issuer is not the primary one. */
  readonly accountId: string | null;
}

/** An application alone (its `sub` is its `client_id`, RFC 9068 §2.2): it never has an account. */
export interface ApplicationPrincipal extends VerifiedToken {
  readonly kind: 'application';
}

export type VerifiedPrincipal = AccountPrincipal | ApplicationPrincipal;
export type Principal = AnonymousPrincipal | VerifiedPrincipal;

/** The one anonymous principal. */
export const anonymous: AnonymousPrincipal = Object.freeze({ kind: 'anonymous' });

const made = new WeakSet<object>();

/**
 * Makes the principal of a verified token. Only the verifier (and tests) may call this: what it returns is believed.
 *
 * @returns a frozen object; `principalOf` knows it again, and a look-alike built elsewhere counts as anonymous
 */
export function makePrincipal<P extends VerifiedPrincipal>(fields: P): P {
  const principal: P = { ...fields };
  Object.freeze(principal);
  made.add(principal);
  return principal;
}

/**
 * The principal of a GraphQL context value, for everyone who decides.
 *
 * @returns `context.principal` if a verifier made it. Without a context, or where its `principal` is null or undefined:
 *   `anonymous`. With `NODE_ENV=production` a foreign or forged principal is `anonymous` too, and one warning says so
 * @throws {TypeError} unless `NODE_ENV=production`, where the context has a `principal` that the verifier did not make
 */
export function principalOf(context: unknown): Principal {
  const principal = principalIn(context);
  if (principal === undefined || principal === null) return anonymous;
  if (isMade(principal)) return principal;
  warnOnce();
  if (process.env['NODE_ENV'] !== 'production') throw new TypeError(foreign);
  return anonymous;
}

/** As `principalOf`, for what decides nothing: a foreign principal is `anonymous`, without a word. */
export function principalIfMade(context: unknown): Principal {
  const principal = principalIn(context);
  return isMade(principal) ? principal : anonymous;
}

function principalIn(context: unknown): unknown {
  return typeof context === 'object' && context !== null && 'principal' in context ? context.principal : undefined;
}

function isMade(principal: unknown): principal is Principal {
  return principal === anonymous || (typeof principal === 'object' && principal !== null && made.has(principal));
}

const foreign =
  "The context has a principal that this copy of Claimgate's verifier did not make; expected the one that createContext or " +
  'createVerifier returned, unchanged. The usual cause is a second copy of claimgate in the process: find it with ' +
  '`npm ls claimgate`, and keep one. The other cause is a principal that was cloned or written by hand. ' +
  'Keep a user object of your own under another key of the context. With NODE_ENV=production the caller is anonymous.';

/** The files of all copies that this process has loaded, which share no module: only the global object. */
const copies = copiesLoaded();
let warned = false;

function copiesLoaded(): ReadonlySet<unknown> {
  const shared: Record<symbol, unknown> = globalThis;
  const key = Symbol.for('claimgate.copies');
  const known = shared[key];
  const loaded = known instanceof Set ? known : new Set<unknown>();
  loaded.add(import.meta.url);
  shared[key] = loaded;
  return loaded;
}

/** Once in the life of the process: callers decide how often it happens. */
function warnOnce(): void {
  if (warned) return;
  warned = true;
  const detail = `Copies of Claimgate in this process: ${[...copies].map(String).join(', ')}`;
  process.emitWarning(foreign, { type: 'ClaimgateWarning', code: 'CLAIMGATE_FOREIGN_PRINCIPAL', detail });
}
