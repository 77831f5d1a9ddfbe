/** One scope that can be asked for. */
export interface ScopeEntry {
  /** What it allows, as a person reads it on the consent page: "See …", "Change …". */
  readonly description: string;
  /** Who may have it: an account with any of these roles. Default: everyone. */
  readonly roles?: readonly string[];
  /** The API that knows it, by its audience. Default: our own. */
  readonly audience?: string;
}

/** An entry, with the name it stands under in the catalogue. */
export interface NamedScope extends ScopeEntry {
  readonly name: string;
}

/** The scopes there are, by name. */
export type ScopeCatalogue = ReadonlyMap<string, ScopeEntry>;

/** The role of administrators. */
export const administrator = 'administrator';

/** The scopes that guard the identity API. */
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

/** The scopes of the catalogue that an account with these roles may have. */
export function entitledScopes(catalogue: ScopeCatalogue, roles: readonly string[]): Set<string> {
  const entitled = new Set<string>();
  for (const [name, entry] of catalogue) {
    if (!entry.roles || entry.roles.some((role) => roles.includes(role))) entitled.add(name);
  }
  return entitled;
}

/** The roles that scopes of the catalogue require. */
export function knownRoles(catalogue: ScopeCatalogue): Set<string> {
  return new Set(catalogue.values().flatMap(({ roles = [] }) => roles));
}

/** The scopes of the catalogue that anyone may have: what an application that people register gets. */
export function openScopes(catalogue: ScopeCatalogue): Set<string> {
  return entitledScopes(catalogue, []);
}

/**
 * The scopes an application may hand on for an account: allowed to the application ∩ what the account's roles entitle it to.
 * Everyone who grants or issues asks this: at consent, at the exchange and at every refresh.
 *
 * @param application its allowed scopes; `null`: every scope of the catalogue
 */
export function grantableScopes(
  catalogue: ScopeCatalogue,
  application: readonly string[] | null,
  roles: readonly string[],
): Set<string> {
  const entitled = entitledScopes(catalogue, roles);
  return application === null ? entitled : entitled.intersection(new Set(application));
}

/** The scopes an application may ask for, whoever signs in. */
export function allowedScopes(catalogue: ScopeCatalogue, application: readonly string[] | null): Set<string> {
  const all = new Set(catalogue.keys());
  return application === null ? all : all.intersection(new Set(application));
}
