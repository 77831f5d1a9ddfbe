import type { PresetName } from '../../token/issuers/presets.ts';
import { isRecord } from '../../protocol/record.ts';
import { type Check, listOf, objectOf, type Settings, unknownKeys } from '../../protocol/options/object.ts';
import { expects, isNumber, isString, isStrings } from '../../protocol/options/values.ts';

/** A foreign issuer whose access tokens are accepted. */
export interface IssuerEntry {
  /**
   * The `iss` of its tokens, compared as an exact string. https, or http on loopback. If `metadata`, `jwksUri` or
   * `keys` is set, any text.
   */
  readonly issuer: string;
  /**
   * The address of the issuer's metadata document, if it is not below `issuer`. The `issuer` in the document is then
   * not compared. https, or http on loopback.
   */
  readonly metadata?: string;
  /** The address of the issuer's key set. If it is set, no metadata is read. https, or http on loopback. */
  readonly jwksUri?: string;
  /**
   * The product that issues the tokens. It determines the form of the tokens. Default: the tokens must follow RFC 9068.
   */
  readonly preset?: PresetName;
  /** The accepted audiences. The `aud` of a token must contain at least one of them, compared as an exact string. */
  readonly audiences: readonly string[];
  /** The accepted signature algorithms. Default: the preset's value, otherwise all asymmetric algorithms. */
  readonly algorithms?: readonly string[];
  /**
   * The accepted values of `typ` in the header. Null in the list: a header without `typ` is accepted. Default: the
   * preset's value, otherwise `['at+jwt']`.
   */
  readonly typ?: readonly (string | null)[];
  /**
   * The claims that contain scopes. Default: the preset's value, otherwise `['scope']`. Some issuers use `scp` or
   * `permissions`.
   */
  readonly scopeClaims?: readonly string[];
  /**
   * The claims that contain the client ID. `[]`: no token names a client. Default: the preset's value, otherwise
   * `['client_id']`.
   */
  readonly clientIdClaims?: readonly string[];
  /**
   * The claims that contain the token's ID. `[]`: no token has an ID. Default: the preset's value, otherwise `['jti']`.
   */
  readonly tokenIdClaims?: readonly string[];
  /**
   * Claims that must have one of these values, in addition to the claims of the preset. `[]`: the claim must be
   * present, with any value.
   */
  readonly requiredClaims?: Readonly<Record<string, readonly string[]>>;
  /**
   * Claims that access tokens must not have, in addition to the claims of the preset. They mark tokens of another kind,
   * such as ID tokens.
   */
  readonly forbiddenClaims?: readonly string[];
  /** How roles or groups become scopes. A role that is not listed gives no scope. Default: no role gives a scope. */
  readonly roles?: RolesEntry | readonly RolesEntry[];
  /**
   * The path of the claim with the account's ID. Allowed only for the issuer in `CLAIMGATE_ISSUER`. Default `['sub']`.
   */
  readonly accountId?: readonly string[];
  /** How many seconds the issuer's clock may differ from this server's clock, 0 to 300. Default 5. */
  readonly clockToleranceSeconds?: number;
  /** The issuer's public keys. Default: the keys are found by discovery. */
  readonly keys?: { readonly jwks: { readonly keys: readonly object[] } };
}

/**
 * The scopes that each role gives. The claim may be a string, an array of strings or objects, or an object whose member
 * names are the roles.
 */
export interface RolesEntry {
  /** The path of the claim with the roles: `['realm_access', 'roles']` is `roles` in `realm_access`. */
  readonly claim: readonly string[];
  /** The member with the name of the role, if the claim is an array of objects. Default `name`. */
  readonly member?: string;
  readonly scopes: Readonly<Record<string, readonly string[]>>;
}

const rolesForm =
  '{ claim, scopes } with the path of a claim and arrays of scopes by role, or an array of such objects';

/** How messages name the keys of an issuer and of its roles. */
const wording = { isEntry: true, onlyNearest: true } as const;

const rolesKeys = Object.keys({ claim: true, member: true, scopes: true } satisfies Record<keyof RolesEntry, true>);

/** The check of `roles`. It reports unknown keys first, then a wrong form. */
const checkRoles: Check = function* (value, place) {
  const tables: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const table of tables) if (isRecord(table)) yield* unknownKeys(table, place, rolesKeys, wording);
  if (!tables.every(isRoles)) yield `${place}: expected ${rolesForm}`;
};

/** The keys of an issuer. `token/` has the defaults of these keys and checks the values of all issuers together. */
const issuerSettings: Settings<IssuerEntry> = {
  issuer: {
    check: expects('the iss claim of the tokens', (value) => isString(value) && value !== ''),
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
      'an array of media types; null in it accepts a token without typ',
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
  clockToleranceSeconds: { check: expects('a number of seconds, 0 to 300', isNumber) },
  keys: { check: expects('{ jwks: { keys: […] } }', (value) => isRecord(value) && isRecord(value['jwks'])) },
};

/** The check of `issuers`. */
export const checkIssuers: Check = listOf(
  'an array of issuers',
  objectOf(issuerSettings, { ...wording, renamed: { clockTolerance: 'clockToleranceSeconds, in seconds as before' } }),
  'issuer',
);

function isRoles(value: unknown): boolean {
  return (
    isRecord(value) &&
    isStrings(value.claim) &&
    (value.member === undefined || typeof value.member === 'string') &&
    isRecord(value.scopes) &&
    Object.values(value.scopes).every(isStrings)
  );
}
