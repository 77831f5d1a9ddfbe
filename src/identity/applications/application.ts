import type { Selectable } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import {
  type ApplicationType,
  anyValue,
  type CheckContext,
  checkedGrantTypes,
  checkedKeys,
  checkedName,
  checkedPushed,
  checkedScopes,
  defaultGrantTypes,
  type GrantType,
  type TokenEndpointAuthMethod,
} from './checks.ts';
import type { ClientKey } from './client-keys.ts';
import { type StoredForm, flag, json, text } from './forms.ts';
import { checkedPostLogoutUris, checkedRedirectUris } from './redirect-uris.ts';

/**
 * An OAuth 2.0 client.
 *
 * To add a field, write a migration and add the column to `store/tables.ts`. Add the field here and to `fields` below,
 * and its description to `schema/applications.graphql`. Then run `npm run generate`.
 */
export interface Application {
  /** The client ID. */
  readonly id: string;
  readonly name: string;
  readonly tokenEndpointAuthMethod: TokenEndpointAuthMethod;
  readonly applicationType: ApplicationType;
  readonly redirectUris: readonly string[];
  /** The scopes that it may request; null: every scope of the catalogue. */
  readonly scopes: readonly string[] | null;
  /** The account that registered it; null if it registered itself, and for first-party applications. */
  readonly registeredBy: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly grantTypes: readonly GrantType[];
  /** The public keys of `private_key_jwt`; null for every other method. */
  readonly keys: readonly ClientKey[] | null;
  /** Whether each of its tokens is bound to a key (RFC 9449 §5.2). */
  readonly dpopBoundAccessTokens: boolean;
  /** Whether it must use pushed authorization requests (RFC 9126 §6). */
  readonly requirePushedAuthorizationRequests: boolean;
  /**
   * The URIs to which the browser may be sent after the person has signed out (OpenID Connect RP-Initiated Logout 1.0
   * §3.1).
   */
  readonly postLogoutRedirectUris: readonly string[];
  /**
   * How it registered itself: without a token (`open`) or with the initial access token (`token`). Null: it did not
   * register itself, or this is unknown.
   */
  readonly selfRegistered: 'open' | 'token' | null;
}

/** The fields that the server sets. */
type ServerField = 'id' | 'createdAt';

/** The fields without a default. Every registration states them. */
type StatedField = 'name' | 'tokenEndpointAuthMethod' | 'applicationType' | 'redirectUris' | 'scopes' | 'registeredBy';

/** The fields with a default. A registration may leave them out. */
export type OptionalField = Exclude<keyof Application, ServerField | StatedField>;

/** Every field that a registration sets. */
export type RegisteredField = StatedField | OptionalField;

/** A checked registration. */
export type Registration = Pick<Application, StatedField> & Partial<Pick<Application, OptionalField>>;

/** The fields that can be changed after the registration. */
export type ChangeableField = 'name' | 'redirectUris' | 'postLogoutRedirectUris' | 'scopes';

/** Checked changes of an application. A field that is left out stays as it is. */
export type ApplicationChanges = Partial<Pick<Application, ChangeableField>>;

/** The fields that a person or an application cannot request, because the server knows them. */
export type UnrequestedField = 'registeredBy' | 'selfRegistered';

/** The fields that a person or an application requests. `keys` are requested as `jwks`. */
export type RequestedField = Exclude<RegisteredField, UnrequestedField>;

/** The fields that every request states. */
type StatedInRequest = 'name' | 'applicationType' | 'tokenEndpointAuthMethod' | 'redirectUris';

/** An unchecked registration. A field that is null or left out gets its default. */
export type RegistrationRequest = Pick<Application, StatedInRequest> & {
  readonly [Field in Exclude<RequestedField, StatedInRequest | 'keys'>]?: Application[Field] | null;
} & {
  /** A JWK Set (RFC 7517 §5) as JSON text. */
  readonly jwks?: string | null;
};

/** Unchecked changes of an application. A field that is null or left out stays as it is. */
export type ChangesRequest = { readonly [Field in ChangeableField]?: Application[Field] | null };

/** How a field is requested. */
interface Request<Value> {
  /** Its name in the metadata of RFC 7591 §2 and the specifications that extend it. */
  readonly metadata: string;
  /** @returns the value to store @throws FieldFault if the value is not allowed */
  check(given: Value, context: CheckContext): Value;
}

interface Field<Value> {
  readonly column: Exclude<
    keyof Selectable<Tables['applications']>,
    'id' | 'created_at' | 'secret_hash' | 'granted_at'
  >;
  readonly form: StoredForm<Value>;
}

type FieldOf<Name extends RegisteredField> = Field<Application[Name]> &
  (Name extends OptionalField ? { readonly default: Application[Name] } : unknown) &
  (Name extends UnrequestedField ? unknown : Request<Application[Name]>);

/**
 * Every field that a registration sets: its column, its default, its name in the metadata of RFC 7591 and its check.
 * Fields are checked in this order. If several fields have a fault, the first fault is reported.
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

// The check and the form of a field accept only values of this field. The loops pass them no other values.
/** Every field that a registration sets, in the order of the checks. */
export const registeredFields: readonly (readonly [RegisteredField, AnyField])[] = Object.entries(
  fields,
) as unknown as readonly (readonly [RegisteredField, AnyField])[];

/** A field that can be requested. */
export interface RequestedEntry {
  readonly name: RequestedField;
  /** Its name in the metadata of RFC 7591 §2. */
  readonly metadata: string;
  /** Its type in the JSON of a registration. `other`: the general code for fields does not read it. */
  readonly json: StoredForm<unknown>['json'];
}

/** Every field that can be requested. */
export const requestedFields: readonly RequestedEntry[] = registeredFields.flatMap(([name, { metadata, form }]) =>
  metadata === undefined ? [] : [{ name: name as RequestedField, metadata, json: form.json }],
);
