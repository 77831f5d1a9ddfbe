import { type ClaimPath, claimAt } from '../../protocol/claim-path.ts';
import { isRecord } from '../../protocol/record.ts';

/** A table that gives scopes to an issuer's roles or groups. A role that is not in the table gives no scopes. */
export interface RolesTable {
  /**
   * The path of the claim that holds the roles. If the claim is a text, the text is one role. If it is an array, its
   * texts and objects hold roles. The roles of an object are the names of its members whose value is `true`, an object
   * or an array. Any other value holds no roles.
   */
  readonly claim: ClaimPath;
  /**
   * The member that holds the role in an array of objects, for example `[{ "name": "admin" }]`. If an object does not
   * have this member as a text, its member names are its roles. Default `name`.
   */
  readonly member?: string;
  /** The scopes of each role. Names of roles are compared as exact strings. */
  readonly scopes: Readonly<Record<string, readonly string[]>>;
}

/**
 * Returns the scopes that a table gives to the roles of a token.
 *
 * Refuses no token: a claim that does not hold roles adds no scopes. Arrays in arrays, numbers, booleans and null are
 * not roles. A text is never split, because the name of a role can contain a space or a comma.
 */
export function* scopesOfRoles(
  payload: Readonly<Record<string, unknown>>,
  { claim, member = 'name', scopes }: RolesTable,
): Iterable<string> {
  for (const role of rolesIn(claimAt(payload, claim), member)) {
    // A role may be called `constructor`, which every object inherits.
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

/**
 * Returns the roles of an object. `{ "admin": true }` gives the role `admin`. `{ "admin": { "<organization>":
 * "<domain>" } }`, the form of Zitadel, gives it too. `{ "admin": false }` gives no role.
 */
function namesOf(value: unknown): readonly string[] {
  if (!isRecord(value)) return [];
  return Object.keys(value).filter((name) => {
    const given = value[name];
    return given === true || (typeof given === 'object' && given !== null);
  });
}
