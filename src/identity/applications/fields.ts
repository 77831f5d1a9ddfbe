import type { Selectable } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import type {
  Application,
  ChangesRequest,
  OptionalField,
  RegisteredField,
  Registration,
  RegistrationRequest,
  RequestedField,
  UnrequestedField,
} from './application.ts';
import {
  anyValue,
  type CheckContext,
  checkedGrantTypes,
  checkedKeys,
  checkedName,
  checkedPushed,
  checkedScopes,
  defaultGrantTypes,
} from './checks.ts';
import { checkedPostLogoutUris, checkedRedirectUris } from './redirect-uris.ts';

type Row = Selectable<Tables['applications']>;
type Stored = string | number | null;

/** How a value stands in its column, and in the JSON of a registration (RFC 7591). */
interface Form<Value> {
  readonly json: 'string' | 'strings' | 'boolean' | 'other';
  write(value: Value): Stored;
  read(stored: Stored): Value;
}

/** How a field is requested. */
interface Request<Value> {
  /** Its name in the metadata of RFC 7591 §2 and the specifications that extend it. */
  readonly metadata: string;
  /** @returns the value to store @throws InvalidRegistration where it is not allowed */
  check(given: Value, context: CheckContext): Value;
}

interface Field<Value> {
  readonly column: Exclude<keyof Row, 'id' | 'created_at' | 'secret_hash' | 'granted_at'>;
  readonly form: Form<Value>;
}

type FieldOf<Name extends RegisteredField> = Field<Application[Name]> &
  (Name extends OptionalField ? { readonly default: Application[Name] } : unknown) &
  (Name extends UnrequestedField ? unknown : Request<Application[Name]>);

/** `as`: only `registrationRow` and `changesRow` write the columns. */
const text = <Value extends string | null>(): Form<Value> => ({
  json: 'string',
  write: (value) => value,
  read: (stored) => stored as Value,
});
const flag: Form<boolean> = { json: 'boolean', write: Number, read: (stored) => stored === 1 };
const json = <Value>(kind: 'strings' | 'other'): Form<Value> => ({
  json: kind,
  write: (value) => (value === null ? null : JSON.stringify(value)),
  read: (stored) => (typeof stored === 'string' ? JSON.parse(stored) : null),
});

/**
 * Every field that a registration sets: its column, its default, its name in the metadata of RFC 7591 and its check. Fields are
 * checked in this order, so that of several faults the first is reported.
 */
const fields: { readonly [Name in RegisteredField]: FieldOf<Name> } = {
  tokenEndpointAuthMethod: {
    column: 'token_endpoint_auth_method',
    form: text(),
    metadata: 'token_endpoint_auth_method',
    check: anyValue,
  },
  applicationType: { column: 'application_type', form: text(), metadata: 'application_type', check: anyValue },
  grantTypes: {
    column: 'grant_types',
    form: json('other'),
    default: defaultGrantTypes,
    metadata: 'grant_types',
    check: checkedGrantTypes,
  },
  requirePushedAuthorizationRequests: {
    column: 'pushed_requests_only',
    form: flag,
    default: false,
    metadata: 'require_pushed_authorization_requests',
    check: checkedPushed,
  },
  keys: { column: 'jwks', form: json('other'), default: null, metadata: 'jwks', check: checkedKeys },
  dpopBoundAccessTokens: {
    column: 'dpop_bound',
    form: flag,
    default: false,
    metadata: 'dpop_bound_access_tokens',
    check: anyValue,
  },
  name: { column: 'name', form: text(), metadata: 'client_name', check: checkedName },
  redirectUris: {
    column: 'redirect_uris',
    form: json('strings'),
    metadata: 'redirect_uris',
    check: checkedRedirectUris,
  },
  postLogoutRedirectUris: {
    column: 'post_logout_redirect_uris',
    form: json('strings'),
    default: [],
    metadata: 'post_logout_redirect_uris',
    check: checkedPostLogoutUris,
  },
  scopes: { column: 'scopes', form: json('other'), metadata: 'scope', check: checkedScopes },
  registeredBy: { column: 'registered_by', form: text() },
  selfRegistered: { column: 'self_registered', form: text(), default: null },
};

/** A field of any name, for loops over all of them. */
type AnyField = Field<unknown> & Partial<Request<unknown>> & { readonly default?: unknown };

// The checks and forms of a field take values of that field only. The loops below give each its own.
const entries = Object.entries(fields) as unknown as readonly (readonly [RegisteredField, AnyField])[];

/** A field that can be requested. */
export interface RequestedEntry {
  readonly name: RequestedField;
  /** Its name in the metadata of RFC 7591 §2. */
  readonly metadata: string;
  /** Its type in the JSON of a registration. `other`: it is read by code of its own. */
  readonly json: Form<unknown>['json'];
}

/** Every field that can be requested. */
export const requestedFields: readonly RequestedEntry[] = entries.flatMap(([name, { metadata, form }]) =>
  metadata === undefined ? [] : [{ name: name as RequestedField, metadata, json: form.json }],
);

/**
 * Checks the fields of a request.
 *
 * @param names which fields to check. Default: all that can be requested
 * @returns a value for each of them, with the default where the request has null or leaves it out
 * @throws InvalidRegistration for the first field that is not allowed
 */
export function checkedFields<Name extends RequestedField>(
  request: RegistrationRequest | ChangesRequest,
  context: CheckContext,
  names: readonly Name[] = requestedFields.map(({ name }) => name as Name),
): Pick<Application, Name> {
  const wanted: ReadonlySet<string> = new Set(names);
  const given: Readonly<Record<string, unknown>> = { ...request };
  const checked = entries.flatMap(([name, { check, default: fallback = null }]) =>
    check && wanted.has(name) ? [[name, check(given[name] ?? fallback, context)]] : [],
  );
  return Object.fromEntries(checked) as Pick<Application, Name>;
}

/** Returns the columns of a registration, with the defaults of the fields that it leaves out. */
export function registrationRow(registration: Registration): Omit<Row, 'id' | 'created_at'> {
  const given: Readonly<Record<string, unknown>> = { ...registration };
  const row = entries.map(([name, { column, form, default: fallback }]) => {
    const value = given[name];
    return [column, form.write(value === undefined ? fallback : value)];
  });
  return { secret_hash: null, granted_at: null, ...Object.fromEntries(row) };
}

/** Returns the columns of some fields. */
export function changesRow(changes: Partial<Application>): Partial<Row> {
  const given: Readonly<Record<string, unknown>> = { ...changes };
  const row = entries.flatMap(([name, { column, form }]) =>
    given[name] === undefined ? [] : [[column, form.write(given[name])]],
  );
  return Object.fromEntries(row);
}

/** Returns the application of a row. */
export function applicationOf(row: Row): Application {
  const read = entries.map(([name, { column, form }]) => [name, form.read(row[column])]);
  return { id: row.id, createdAt: row.created_at, ...Object.fromEntries(read) };
}
