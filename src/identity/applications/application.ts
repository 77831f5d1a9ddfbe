import type { ClientKey } from './client-keys.ts';

/** How an application authenticates at the token endpoint (RFC 7591 §2). `none`: a public client. */
export type TokenEndpointAuthMethod = 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';
/** How an application gets tokens (RFC 7591 §2). */
export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials';
/** Where an application runs (OpenID Connect Dynamic Client Registration 1.0 §2). */
export type ApplicationType = 'web' | 'native';

/**
 * An OAuth 2.0 client.
 *
 * To add a field: a migration, the column in `store/tables.ts`, the field here and in `fields.ts`, and its description in
 * `schema/applications.graphql`.
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
  /** The account that registered it; null for the first-party application and for one that registered itself. */
  readonly registeredBy: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly grantTypes: readonly GrantType[];
  /** The public keys of `private_key_jwt`; null for every other method. */
  readonly keys: readonly ClientKey[] | null;
  /** Whether each of its tokens is bound to a key (RFC 9449 §5.2). */
  readonly dpopBoundAccessTokens: boolean;
  /** Whether it may use pushed authorization requests only (RFC 9126 §6). */
  readonly requirePushedAuthorizationRequests: boolean;
  /** Where the browser may be sent after it signed the person out (OpenID Connect RP-Initiated Logout 1.0 §3.1). */
  readonly postLogoutRedirectUris: readonly string[];
  /** How it registered itself: without a token, or with the initial access token; null: it did not, or it is unknown. */
  readonly selfRegistered: 'open' | 'token' | null;
}

/** The fields that the server sets. */
type ServerField = 'id' | 'createdAt';

/** The fields that have no default, so that every registration states them. */
type StatedField = 'name' | 'tokenEndpointAuthMethod' | 'applicationType' | 'redirectUris' | 'scopes' | 'registeredBy';

/** The fields with a default, which a registration may leave out. */
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

/** What a person or an application asks to register, unchecked. Null means the default, as leaving out does. */
export type RegistrationRequest = Pick<Application, StatedInRequest> & {
  readonly [Field in Exclude<RequestedField, StatedInRequest | 'keys'>]?: Application[Field] | null;
} & {
  /** A JWK Set (RFC 7517 §5) as JSON text. */
  readonly jwks?: string | null;
};

/** What a person asks to change, unchecked. A field that is null or left out stays as it is. */
export type ChangesRequest = { readonly [Field in ChangeableField]?: Application[Field] | null };
