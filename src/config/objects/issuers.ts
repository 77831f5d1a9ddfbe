import { shown } from '../../protocol/shown.ts';
import type { PresetName } from '../../token/issuers/presets.ts';
import { nearest } from '../../protocol/nearest.ts';
import { isRecord } from '../../protocol/record.ts';

/** An issuer elsewhere whose access tokens are accepted. */
export interface IssuerEntry {
  /** `iss`, compared as an exact string. https, or http on loopback; any text with `metadata`, `jwksUri` or `keys`. */
  readonly issuer: string;
  /** The address of its metadata document, where that is not below `issuer`. Then the `issuer` in it is not compared. https, or http on loopback. */
  readonly metadata?: string;
  /** The address of its key set: no metadata is read. https, or http on loopback. */
  readonly jwksUri?: string;
  /** Whose product it is: what its access tokens look like follows. Default: none, and they follow RFC 9068. */
  readonly preset?: PresetName;
  /** `aud`: a token must name at least one of these. Compared as exact strings. */
  readonly audiences: readonly string[];
  /** The signature algorithms accepted. Default: the preset's, else all asymmetric ones. */
  readonly algorithms?: readonly string[];
  /** The media types accepted in `typ`; null: a header without one. Default: the preset's, else `['at+jwt']`. */
  readonly typ?: readonly (string | null)[];
  /** The claims that hold scopes. Default: the preset's, else `['scope']`. Others in use: `scp`, `permissions`. */
  readonly scopeClaims?: readonly string[];
  /** The claims that hold the client's ID; `[]`: no token names a client. Default: the preset's, else `['client_id']`. */
  readonly clientIdClaims?: readonly string[];
  /** The claims that hold the token's own ID; `[]`: no token has one. Default: the preset's, else `['jti']`. */
  readonly tokenIdClaims?: readonly string[];
  /** Claims that must have one of these values, beside the preset's; with `[]` a claim must be there. */
  readonly requiredClaims?: Readonly<Record<string, readonly string[]>>;
  /** Claims that no access token of it has, beside the preset's. */
  readonly forbiddenClaims?: readonly string[];
  /** How its roles or groups become scopes: those that are not named become none. Default: none does. */
  readonly roles?: RolesEntry | readonly RolesEntry[];
  /** Where the account's ID is, of the issuer that `CLAIMGATE_ISSUER` names. Default `['sub']`. */
  readonly accountId?: readonly string[];
  /** How far its clock may be off, in seconds, 0 to 300. Default 5. */
  readonly clockTolerance?: number;
  /** Its public keys, given directly. Default: they are found by discovery. */
  readonly keys?: { readonly jwks: { readonly keys: readonly object[] } };
}

/** Roles, and the scopes that each gives. A role claim may be a text, an array of texts or objects, or an object whose member names are the roles. */
export interface RolesEntry {
  /** The path of the claim: `['realm_access', 'roles']` is `roles` in `realm_access`. */
  readonly claim: readonly string[];
  /** The member that holds the role, of objects in an array. Default `name`. */
  readonly member?: string;
  readonly scopes: Readonly<Record<string, readonly string[]>>;
}

/** The checks of an issuer's form, by key. What the values mean is checked with all issuers together. */
const keys: Readonly<
  Record<keyof IssuerEntry, { readonly expected: string; readonly valid: (value: unknown) => boolean }>
> = {
  issuer: { expected: 'the name of an issuer, as in iss', valid: (value) => typeof value === 'string' && value !== '' },
  metadata: { expected: 'the URL of a metadata document', valid: (value) => typeof value === 'string' },
  jwksUri: { expected: 'the URL of a key set', valid: (value) => typeof value === 'string' },
  preset: { expected: 'the name of a preset', valid: (value) => typeof value === 'string' },
  audiences: {
    expected: 'an array of audiences, at least one',
    valid: (value) => isStrings(value) && value.length > 0,
  },
  algorithms: { expected: 'an array of algorithm names', valid: isStrings },
  typ: {
    expected: 'an array of media types, or null for none',
    valid: (value) => Array.isArray(value) && value.every((typ) => typ === null || typeof typ === 'string'),
  },
  scopeClaims: { expected: 'an array of claim names', valid: isStrings },
  clientIdClaims: { expected: 'an array of claim names, [] for none', valid: isStrings },
  tokenIdClaims: { expected: 'an array of claim names, [] for none', valid: isStrings },
  requiredClaims: {
    expected: 'an object of arrays of values by claim',
    valid: (value) => isRecord(value) && Object.values(value).every(isStrings),
  },
  forbiddenClaims: { expected: 'an array of claim names', valid: isStrings },
  roles: {
    expected: '{ claim, scopes } with the path of a claim and arrays of scopes by role, or an array of such',
    valid: (value) => (Array.isArray(value) ? value.every(isRoles) : isRoles(value)),
  },
  accountId: { expected: 'the path of a claim, as an array of names', valid: isStrings },
  clockTolerance: { expected: 'a number of seconds, 0 to 300', valid: (value) => typeof value === 'number' },
  keys: { expected: '{ jwks: { keys: […] } }', valid: (value) => isRecord(value) && isRecord(value.jwks) },
};

const rolesKeys: readonly string[] = ['claim', 'member', 'scopes'];

/** What is wrong with the form of the issuers, each by its name where it has one. */
export function* issuerEntryFaults(value: unknown): Iterable<string> {
  if (!Array.isArray(value)) {
    yield 'issuers: expected an array of issuers';
    return;
  }
  for (const [index, entry] of value.entries()) {
    if (!isRecord(entry)) {
      yield `issuers[${index}]: expected an object`;
      continue;
    }
    const place = `issuers[${index}]${typeof entry.issuer === 'string' ? ` "${shown(entry.issuer)}"` : ''}`;
    for (const key of Object.keys(entry)) {
      if (!Object.hasOwn(keys, key)) {
        const expected = nearest(key, Object.keys(keys)) ?? Object.keys(keys).join(', ');
        yield `${place}: there is no such key ${shown(key)}; expected ${expected}`;
      }
    }
    for (const table of [entry.roles].flat()) {
      for (const key of isRecord(table) ? Object.keys(table) : []) {
        if (rolesKeys.includes(key)) continue;
        const expected = nearest(key, rolesKeys) ?? rolesKeys.join(', ');
        yield `${place}.roles: there is no such key ${shown(key)}; expected ${expected}`;
      }
    }
    for (const [key, { expected, valid }] of Object.entries(keys)) {
      const given = entry[key];
      const isNeeded = key === 'issuer' || key === 'audiences';
      if ((given !== undefined || isNeeded) && !valid(given)) yield `${place}.${key}: expected ${expected}`;
    }
  }
}

function isRoles(value: unknown): boolean {
  return (
    isRecord(value) &&
    isStrings(value.claim) &&
    (value.member === undefined || typeof value.member === 'string') &&
    isRecord(value.scopes) &&
    Object.values(value.scopes).every(isStrings)
  );
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
