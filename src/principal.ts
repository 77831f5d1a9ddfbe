import { types } from 'node:util';

/** The members of a principal that come from its verified access token. */
interface VerifiedToken {
  /** `iss`. */
  readonly issuer: string;
  /** `sub`. */
  readonly subject: string;
  /**
   * `client_id`. `null` if the token names no client, which only some issuers allow (`clientIdClaims: []`, some
   * presets).
   */
  readonly clientId: string | null;
  /** The scopes that the token grants. */
  readonly scopes: ReadonlySet<string>;
  /** `exp`, in seconds since the epoch. */
  readonly expiresAt: number;
  /** The complete verified payload, frozen. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A caller without a token. */
export interface AnonymousPrincipal {
  readonly kind: 'anonymous';
}

/** A person who uses an application. */
export interface AccountPrincipal extends VerifiedToken {
  readonly kind: 'account';
  /** The ID of the account in this system. `null` if the issuer is not primary, or the token names no account. */
  readonly accountId: string | null;
}

/** An application without a person. It has no account. In RFC 9068 §2.2 its `sub` is its `client_id`. */
export interface ApplicationPrincipal extends VerifiedToken {
  readonly kind: 'application';
}

/** The principal of a verified token. */
export type VerifiedPrincipal = AccountPrincipal | ApplicationPrincipal;
/** The caller: the principal of a verified token, or anonymous. */
export type Principal = AnonymousPrincipal | VerifiedPrincipal;

/** The anonymous principal. There is only this object in one copy of Claimgate. */
export const anonymous: AnonymousPrincipal = Object.freeze({ kind: 'anonymous' });

/** Its constructor returns its argument, so that a derived class adds its private members to the argument. */
// oxlint-disable-next-line typescript/no-extraneous-class -- the constructor is its purpose
class Itself {
  constructor(target: object) {
    // oxlint-disable-next-line no-constructor-return -- the derived class adds its members to what is returned
    return target;
  }
}

/**
 * The mark of the principals that this copy of Claimgate made: a private member, which no copy of an object has. The
 * table of a `WeakSet` would be slow memory if there are many principals.
 */
class Made extends Itself {
  #isMade = true;

  static has(value: object): boolean {
    return #isMade in value && value.#isMade;
  }
}

/**
 * Makes an empty object like `{}`, but V8 reserves room in it for as many members as such objects got at first: those of
 * a principal, its mark, and the private members that the decisions add. V8 would otherwise store the private members
 * in a second object, and with many principals each object is slow memory.
 */
const Roomy = function () {} as unknown as new () => object;
Roomy.prototype = Object.prototype;

/**
 * Makes the principal of a verified token. Only the verifier and tests may call this function, because every rule
 * trusts the result.
 *
 * @returns a frozen object. `principalOf` accepts only this object, and no copy of it
 */
export function makePrincipal<P extends VerifiedPrincipal>(fields: P): P {
  const principal: P = Object.assign(new Roomy(), fields);
  return Object.freeze(new Made(principal) as unknown as P);
}

/**
 * Returns the principal of a GraphQL context value. Every decision takes the principal from this function.
 *
 * @returns `context.principal` if this copy of Claimgate made it. `anonymous` if there is no context, or if `principal`
 * is null or undefined. With `NODE_ENV=production`, also `anonymous` for any other `principal`
 * @throws {TypeError} if this copy of Claimgate did not make `context.principal`, unless `NODE_ENV=production`. In both
 * cases the process emits a warning, but only one time. The same applies if the context or `principal` is a promise
 */
export function principalOf(context: unknown): Principal {
  const principal = principalIn(context);
  const isLate = types.isPromise(context) || types.isPromise(principal);
  if (!isLate && (principal === undefined || principal === null)) return anonymous;
  if (isMade(principal)) return principal;
  const fault = isLate ? late : foreign;
  warnOnce(fault);
  if (process.env['NODE_ENV'] !== 'production') throw new TypeError(fault.short);
  return anonymous;
}

/**
 * Emits a warning if a context has no member `principal`, but only one time in the process. Call it if an anonymous
 * caller was denied: the caller may have a token, and the server may not read it. The value null is no reason for a
 * warning, because the server has set it.
 */
export function warnOfMissingPrincipal(context: unknown): void {
  const isPresent = typeof context === 'object' && context !== null && 'principal' in context;
  // `principalOf` warns of a promise.
  if (!isPresent && !types.isPromise(context)) warnOnce(missing);
}

/**
 * Returns the principal of a GraphQL context value. Use it only in code that makes no decision, because it never throws
 * and never warns. If this copy of Claimgate did not make the principal, it returns `anonymous`.
 */
export function principalIfMade(context: unknown): Principal {
  const principal = principalIn(context);
  return isMade(principal) ? principal : anonymous;
}

/** Returns the member `principal` of a context, of any type. */
export function principalIn(context: unknown): unknown {
  return typeof context === 'object' && context !== null && 'principal' in context ? context.principal : undefined;
}

function isMade(principal: unknown): principal is Principal {
  return principal === anonymous || (typeof principal === 'object' && principal !== null && Made.has(principal));
}

/** A fault of the context of a request. */
interface ContextFault {
  readonly code: string;
  /** The message of the error, which the caller may see. */
  readonly short: string;
  /** The message of the warning. */
  readonly long: string;
}

const foreign: ContextFault = {
  code: 'CLAIMGATE_FOREIGN_PRINCIPAL',
  short:
    "The context has a principal that this copy of Claimgate's verifier did not make. The warning " +
    'CLAIMGATE_FOREIGN_PRINCIPAL of the process says what to do.',
  long:
    "The context has a principal that this copy of Claimgate's verifier did not make; expected the one that createContext or " +
    'createVerifier returned, unchanged. The usual cause is a second copy of claimgate in the process: find it with ' +
    '`npm ls claimgate`, and keep one. The other cause is a principal that was cloned or written by hand. ' +
    'Keep a user object of your own under another key of the context. With NODE_ENV=production the caller is anonymous.',
};
const awaitIt = 'await the function that createContext returned, and its result is the context';
const late: ContextFault = {
  code: 'CLAIMGATE_PROMISED_PRINCIPAL',
  short: `The context or its principal is a promise: ${awaitIt}.`,
  long: `The context or its principal is a promise: ${awaitIt}. With NODE_ENV=production the caller is anonymous.`,
};
const missing: ContextFault = {
  code: 'CLAIMGATE_NO_PRINCIPAL',
  short: '',
  long:
    'A caller was denied as anonymous, and the context of the execution has no member principal, so no token was read. ' +
    'Set the context of the server: `context: ({ req }) => caller(req)`, where caller is the result of createContext, or ' +
    'the member context of a guarded API. If the caller is anonymous on purpose, set principal to null.',
};

/**
 * The files of all copies of this module in the process. The list is in the global object, because the copies share no
 * other object.
 */
const copies = addThisCopy();
const warned = new Set<ContextFault>();

/** Returns the files of all copies of Claimgate that the process has loaded. */
export function loadedCopies(): readonly string[] {
  return [...copies].map(String);
}

function addThisCopy(): ReadonlySet<unknown> {
  const shared: Record<symbol, unknown> = globalThis;
  const key = Symbol.for('claimgate.copies');
  const known = shared[key];
  const loaded = known instanceof Set ? known : new Set<unknown>();
  // A bundle of CommonJS has no `import.meta`.
  const file: string | undefined = import.meta.url;
  loaded.add(file ?? `a bundle (${loaded.size + 1})`);
  shared[key] = loaded;
  return loaded;
}

/**
 * Emits the warning of a fault, but only one time in the process. Otherwise each request with the fault would cause a
 * warning.
 */
function warnOnce(fault: ContextFault): void {
  if (warned.has(fault)) return;
  warned.add(fault);
  const { code, long } = fault;
  const copies = `Copies of Claimgate in this process: ${loadedCopies().join(', ')}`;
  process.emitWarning(long, { type: 'ClaimgateWarning', code, ...(fault === foreign && { detail: copies }) });
}
