/** The facts that a principal takes from its verified access token. */
interface VerifiedToken {
  /** `iss`, exactly as configured. */
  readonly issuer: string;
  /** `sub`. */
  readonly subject: string;
  /** `client_id`; `null` if the issuer names no client in its tokens (`clientIdClaims: []`, and some presets). */
  readonly clientId: string | null;
  /** The scopes that the token grants. */
  readonly scopes: ReadonlySet<string>;
  /** `exp`, in seconds since the epoch. */
  readonly expiresAt: number;
  /** The complete verified payload, frozen. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A caller who sent no token. */
export interface AnonymousPrincipal {
  readonly kind: 'anonymous';
}

/** A person who uses an application. */
export interface AccountPrincipal extends VerifiedToken {
  readonly kind: 'account';
  /** The ID of the account in this system; `null` if the issuer is not the primary one. */
  readonly accountId: string | null;
}

/** An application that acts without a person. Its `sub` is its `client_id` (RFC 9068 §2.2). It never has an account. */
export interface ApplicationPrincipal extends VerifiedToken {
  readonly kind: 'application';
}

/** The principal of a verified token. */
export type VerifiedPrincipal = AccountPrincipal | ApplicationPrincipal;
/** The caller: the principal of a verified token, or anonymous. */
export type Principal = AnonymousPrincipal | VerifiedPrincipal;

/** The one anonymous principal. */
export const anonymous: AnonymousPrincipal = Object.freeze({ kind: 'anonymous' });

const made = new WeakSet<object>();

/**
 * Makes the principal of a verified token. Only the verifier and tests may call this function, because every rule
 * trusts the principal that it returns.
 *
 * @returns a frozen object that `principalOf` recognises by identity. A copy of it is not recognised
 */
export function makePrincipal<P extends VerifiedPrincipal>(fields: P): P {
  const principal: P = { ...fields };
  Object.freeze(principal);
  made.add(principal);
  return principal;
}

/**
 * Returns the principal of a GraphQL context value. Every decision takes the principal from this function.
 *
 * @returns `context.principal` if the verifier of this copy of Claimgate made it. `anonymous` if there is no context,
 *   and if `principal` is null or undefined. With `NODE_ENV=production`, also `anonymous` if this verifier did not make
 *   the principal
 * @throws {TypeError} if this verifier did not make `context.principal`, unless `NODE_ENV=production`. The process
 * emits one warning, with or without `NODE_ENV=production`
 */
export function principalOf(context: unknown): Principal {
  const principal = principalIn(context);
  if (principal === undefined || principal === null) return anonymous;
  if (isMade(principal)) return principal;
  warnOnce();
  if (process.env['NODE_ENV'] !== 'production') throw new TypeError(foreign);
  return anonymous;
}

/**
 * Returns the principal of a GraphQL context value, for code that makes no decision. If the verifier did not make the
 * principal, returns `anonymous` without an error or a warning.
 */
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

/**
 * The files of all copies of this module that the process has loaded. The copies find each other through the global
 * object, because they share no other object.
 */
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

/**
 * Warns at most once in the life of the process. Without this limit, each request with a foreign principal would cause
 * a warning.
 */
function warnOnce(): void {
  if (warned) return;
  warned = true;
  const detail = `Copies of Claimgate in this process: ${[...copies].map(String).join(', ')}`;
  process.emitWarning(foreign, { type: 'ClaimgateWarning', code: 'CLAIMGATE_FOREIGN_PRINCIPAL', detail });
}
