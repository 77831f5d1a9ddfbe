import type { PresetName } from '../../token/issuers/presets.ts';
import { isRecord } from '../../protocol/record.ts';
import { type Check, listOf, objectOf, type Settings, unknownKeys } from '../checks/object.ts';
import { expects, isNumber, isString, isStrings } from '../checks/values.ts';

/** A foreign issuer whose access tokens are accepted. */
export interface IssuerEntry {
  /** `iss`, compared as an exact string. https, or http on loopback; any text with `metadata`, `jwksUri` or `keys`. */
  readonly issuer: string;
  /**
   * The address of its metadata document, if that is not below `issuer`. The `issuer` in the document is then not
   * compared. https, or http on loopback.
   */
  readonly metadata?: string;
  /** The address of its key set: no metadata is read. https, or http on loopback. */
  readonly jwksUri?: string;
  /** The product that issues its tokens, which decides their form. Default: none, and the tokens follow RFC 9068. */
  readonly preset?: PresetName;
  /** `aud`: a token must name at least one of these. Compared as exact strings. */
  readonly audiences: readonly string[];
  /** The signature algorithms accepted. Default: the preset's, else all asymmetric ones. */
  readonly algorithms?: readonly string[];
  /** The media types accepted in `typ`; null: a header without one. Default: the preset's, else `['at+jwt']`. */
  readonly typ?: readonly (string | null)[];
  /** The claims that hold scopes. Default: the preset's, else `['scope']`. Others in use: `scp`, `permissions`. */
  readonly scopeClaims?: readonly string[];
  /** The claims that hold the client ID; `[]`: no token names a client. Default: the preset's, else `['client_id']`. */
  readonly clientIdClaims?: readonly string[];
  /** The claims that hold the token's own ID; `[]`: no token has one. Default: the preset's, else `['jti']`. */
  readonly tokenIdClaims?: readonly string[];
  /** Claims that must have one of these values, besides the preset's. With `[]` the claim must be present. */
  readonly requiredClaims?: Readonly<Record<string, readonly string[]>>;
  /** Claims that its access tokens must not have, besides the preset's. They mark tokens of another kind. */
  readonly forbiddenClaims?: readonly string[];
  /** How its roles or groups become scopes. A role that is not named gives no scope. Default: no role does. */
  readonly roles?: RolesEntry | readonly RolesEntry[];
  /**
   * The path of the claim with the account's ID. Only for the issuer that `CLAIMGATE_ISSUER` names. Default `['sub']`.
   */
  readonly accountId?: readonly string[];
  /** How far its clock may differ from this one, in seconds, 0 to 300. Default 5. */
  readonly clockTolerance?: number;
  /** Its public keys themselves. Default: they are found by discovery. */
  readonly keys?: { readonly jwks: { readonly keys: readonly object[] } };
}

/**
 * The scopes that each role gives. A role claim may be a text, an array of texts or objects, or an object whose member
 * names are the roles.
 */
export interface RolesEntry {
  /** The path of the claim with the roles: `['realm_access', 'roles']` is `roles` in `realm_access`. */
  readonly claim: readonly string[];
  /** The member that holds the role, if the claim is an array of objects. Default `name`. */
  readonly member?: string;
  readonly scopes: Readonly<Record<string, readonly string[]>>;
}

const rolesForm = '{ claim, scopes } with the path of a claim and arrays of scopes by role, or an array of such';

/** How messages name the keys of an issuer and of its roles. */
const wording = { isEntry: true, onlyNearest: true } as const;

const rolesKeys = Object.keys({ claim: true, member: true, scopes: true } satisfies Record<keyof RolesEntry, true>);

/** The check of `roles`: the whole of a table first, then keys that are not known. */
const checkRoles: Check = function* (value, place) {
  const tables: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const table of tables) if (isRecord(table)) yield* unknownKeys(table, place, rolesKeys, wording);
  if (!tables.every(isRoles)) yield `${place}: expected ${rolesForm}`;
};

/** The keys of an issuer. `token/` has their defaults and checks what the values of all issuers mean together. */
const issuerSettings: Settings<IssuerEntry> = {
  issuer: {
    check: expects('the name of an issuer, as in iss', (value) => isString(value) && value !== ''),
    required: true,
  },
  metadata: { check: expects('the URL of a metadata document', isString) },
  jwksUri: { check: expects('the URL of a key set', isString) },
  preset: { check: expects('the name of a preset', isString) },
  audiences: {
    check: expects('an array of audiences, at least one', (value) => isStrings(value) && value.length > 0),
    required: true,
  },
  algorithms: { check: expects('an array of algorithm names', isStrings) },
  typ: {
    check: expects(
      'an array of media types, or null for none',
      (value) => Array.isArray(value) && value.every((typ) => typ === null || isString(typ)),
    ),
  },
  scopeClaims: { check: expects('an array of claim names', isStrings) },
  clientIdClaims: { check: expects('an array of claim names, [] for none', isStrings) },
  tokenIdClaims: { check: expects('an array of claim names, [] for none', isStrings) },
  requiredClaims: {
    check: expects(
      'an object of arrays of values by claim',
      (value) => isRecord(value) && Object.values(value).every(isStrings),
    ),
  },
  forbiddenClaims: { check: expects('an array of claim names', isStrings) },
  roles: { check: checkRoles },
  accountId: { check: expects('the path of a claim, as an array of names', isStrings) },
  clockTolerance: { check: expects('a number of seconds, 0 to 300', isNumber) },
  keys: { check: expects('{ jwks: { keys: […] } }', (value) => isRecord(value) && isRecord(value['jwks'])) },
};

/** The check of `issuers`. */
export const checkIssuers: Check = listOf('an array of issuers', objectOf(issuerSettings, wording), 'issuer');

function isRoles(value: unknown): boolean {
  return (
    isRecord(value) &&
    isStrings(value.claim) &&
    (value.member === undefined || typeof value.member === 'string') &&
    isRecord(value.scopes) &&
    Object.values(value.scopes).every(isStrings)
  );
}
