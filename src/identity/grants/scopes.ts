/** A scope that applications can request. */
export interface ScopeEntry {
  /** The text for the consent page: "See …", "Change …". */
  readonly description: string;
  /** An account needs one of these roles to grant the scope. Default: it needs no role. */
  readonly roles?: readonly string[];
  /** The audience of the API that the scope is for. Default: the API of this server. */
  readonly audience?: string;
}

/** A scope with its name. */
export interface NamedScope extends ScopeEntry {
  readonly name: string;
}

/** Every scope of the server, by name. */
export type ScopeCatalogue = ReadonlyMap<string, ScopeEntry>;

/** The name of the role of administrators. */
export const administrator = 'administrator';

/** The scopes of the identity API. Every catalogue contains them, unless the server uses a foreign issuer. */
export const shippedScopes: Readonly<Record<string, ScopeEntry>> = {
  profile: { description: 'See your email address and roles' },
  applications: { description: 'See, register, change and delete applications in your name, and make their secrets' },
  grants: {
    description: 'See and take back what you granted to applications, and see and end where you are signed in',
  },
  accounts: { description: 'See and manage every account and its grants', roles: [administrator] },
  audit: { description: 'See the audit trail', roles: [administrator] },
  keys: { description: 'See and rotate the signing keys', roles: [administrator] },
};

/** Returns the scopes of the catalogue that an account with these roles may grant. */
export function entitledScopes(catalogue: ScopeCatalogue, roles: readonly string[]): Set<string> {
  const entitled = new Set<string>();
  for (const [name, entry] of catalogue) {
    if (!entry.roles || entry.roles.some((role) => roles.includes(role))) entitled.add(name);
  }
  return entitled;
}

/**
 * Whether an account with these roles may register applications. It may if it can grant the scope with which the API
 * registers them.
 */
export function mayRegister(catalogue: ScopeCatalogue, roles: readonly string[]): boolean {
  return entitledScopes(catalogue, roles).has('applications');
}

/** Returns the roles that scopes of the catalogue require. */
export function knownRoles(catalogue: ScopeCatalogue): Set<string> {
  return new Set(catalogue.values().flatMap(({ roles = [] }) => roles));
}

/** Returns the scopes that require no role. An application may get these scopes when it is registered. */
export function openScopes(catalogue: ScopeCatalogue): Set<string> {
  return entitledScopes(catalogue, []);
}

/**
 * Returns the scopes that the application may request and the account may grant with its roles. Consent, the exchange
 * of a code and every refresh use this function.
 *
 * @param application the scopes that the application may request; null: every scope of the catalogue
 */
export function grantableScopes(
  catalogue: ScopeCatalogue,
  application: readonly string[] | null,
  roles: readonly string[],
): Set<string> {
  const entitled = entitledScopes(catalogue, roles);
  return application === null ? entitled : entitled.intersection(new Set(application));
}

/**
 * Returns the scopes that an application may request, before the roles of an account are known.
 *
 * @param application the scopes that it registered for; null: every scope of the catalogue
 */
export function allowedScopes(catalogue: ScopeCatalogue, application: readonly string[] | null): Set<string> {
  const all = new Set(catalogue.keys());
  return application === null ? all : all.intersection(new Set(application));
}
