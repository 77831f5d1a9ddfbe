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
 * @returns `context.principal` if a verifier made it, else `anonymous`: a missing, foreign or forged one grants nothing
 */
export function principalOf(context: unknown): Principal {
  if (typeof context !== 'object' || context === null) return anonymous;
  const { principal } = context as { readonly principal?: unknown };
  if (typeof principal !== 'object' || principal === null || !made.has(principal)) return anonymous;
  return principal as VerifiedPrincipal;
}
