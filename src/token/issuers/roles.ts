import { type ClaimPath, claimAt } from '../../protocol/claim-path.ts';
import { isRecord } from '../../protocol/record.ts';

/** How an issuer's roles or groups become scopes: those that are not named here become none. */
export interface RolesTable {
  /**
   * Where they are. A text is one role. An array holds roles, each a text or an object. The roles of an object are the names of its
   * members whose value is `true`, an object or an array. Anything else holds no roles.
   */
  readonly claim: ClaimPath;
  /** The member that holds the role, of objects in an array: `[{ "name": "admin" }]`. Objects without it are read by their names. Default `name`. */
  readonly member?: string;
  /** The scopes that each gives. Names are compared as exact strings. */
  readonly scopes: Readonly<Record<string, readonly string[]>>;
}

/**
 * The scopes that a table makes of the roles of a token.
 *
 * Never refuses a token: roles only add scopes, so a claim that cannot be read adds none. Arrays in arrays, numbers, booleans and
 * null are no roles. A text is never split, since a role can have a space or a comma in its name. The work is linear in the claim.
 */
export function* scopesOfRoles(
  payload: Readonly<Record<string, unknown>>,
  { claim, member = 'name', scopes }: RolesTable,
): Iterable<string> {
  for (const role of rolesIn(claimAt(payload, claim), member)) {
    // A role may be called `constructor`.
    if (Object.hasOwn(scopes, role)) yield* scopes[role] ?? [];
  }
}

function rolesIn(value: unknown, member: string): readonly string[] {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return namesOf(value);
  return value.flatMap((item: unknown) => {
    if (typeof item === 'string') return [item];
    const named = isRecord(item) && Object.hasOwn(item, member) ? item[member] : undefined;
    return typeof named === 'string' ? [named] : namesOf(item);
  });
}

/** `{ "admin": true }`, and `{ "admin": { "<organization>": "<domain>" } }` as Zitadel writes it. `{ "admin": false }` says no. */
function namesOf(value: unknown): readonly string[] {
  if (!isRecord(value)) return [];
  return Object.keys(value).filter((name) => {
    const given = value[name];
    return given === true || (typeof given === 'object' && given !== null);
  });
}
