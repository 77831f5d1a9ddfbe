import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Account as AccountRecord } from '../identity/accounts/accounts.ts';
import type { Application as ApplicationRecord } from '../identity/applications/application.ts';
import type { Activity, TypeWithMembers } from './subjects/audit-activity.ts';
import type { MemberActivity } from '../audit/activity.ts';
import type { AuditEvent as AuditEventRecord } from '../audit/trail.ts';
import type { BegunAuthorization as BegunAuthorizationRecord } from '../exchange/connections/connections.ts';
import type { Grant as GrantRecord } from '../identity/grants/grants.ts';
import type { OAuthError as ExchangeError } from '../exchange/oauth-error.ts';
import type { NamedScope } from '../identity/grants/scopes.ts';
import type { SigningKeyRecord } from './subjects/signing-key-records.ts';
import type { SignInSession as SignInSessionRecord } from '../identity/sessions/sessions.ts';
import type { TokenSet as ExchangeTokens } from '../exchange/token-set.ts';
import type { VerifiedPrincipal } from '../principal.ts';
import type { ApiContext } from './request/context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A date and time in the format of RFC 3339: `2025-01-31T12:00:00.000Z`. */
  DateTime: { input: Date; output: Date; }
};

/** A person who can sign in. With the scope `profile`, a caller can read its own account. With the scope `accounts`, a caller can read every account. */
export type Account = Node & {
  readonly __typename?: 'Account';
  /** The applications that the person registered, newest first. */
  readonly applications?: Maybe<ApplicationConnection>;
  readonly createdAt: Scalars['DateTime']['output'];
  /** Whether the account is disabled. The person of a disabled account cannot sign in. */
  readonly disabled: Scalars['Boolean']['output'];
  /** The email address, in lower case. */
  readonly email: Scalars['String']['output'];
  /** The grants of the person to applications, newest first. */
  readonly grants?: Maybe<GrantConnection>;
  /** Global ID. */
  readonly id: Scalars['ID']['output'];
  /** The roles of the person. With a role, the person can grant the scopes that require it. */
  readonly roles: ReadonlyArray<Scalars['String']['output']>;
  /** The browsers in which the person is signed in, latest sign-in first. */
  readonly signInSessions?: Maybe<SignInSessionConnection>;
};


/** A person who can sign in. With the scope `profile`, a caller can read its own account. With the scope `accounts`, a caller can read every account. */
export type AccountApplicationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


/** A person who can sign in. With the scope `profile`, a caller can read its own account. With the scope `accounts`, a caller can read every account. */
export type AccountGrantsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


/** A person who can sign in. With the scope `profile`, a caller can read its own account. With the scope `accounts`, a caller can read every account. */
export type AccountSignInSessionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

export type AccountConnection = {
  readonly __typename?: 'AccountConnection';
  readonly edges: ReadonlyArray<AccountEdge>;
  /** The accounts of the edges. */
  readonly nodes: ReadonlyArray<Account>;
  readonly pageInfo: PageInfo;
};

export type AccountEdge = {
  readonly __typename?: 'AccountEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: Account;
};

/** An application that asks people for access: an OAuth 2.0 client. */
export type Application = Node & {
  readonly __typename?: 'Application';
  readonly applicationType: ApplicationType;
  /** The client ID of OAuth 2.0. */
  readonly clientId: Scalars['String']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
  /** Whether each token of the application is bound to a key (DPoP, RFC 9449 §5.2). */
  readonly dpopBoundAccessTokens: Scalars['Boolean']['output'];
  readonly grantTypes: ReadonlyArray<GrantType>;
  /** The grants of people to the application, newest first. Only for administrators, because grants name these people. */
  readonly grants?: Maybe<GrantConnection>;
  /** Global ID. */
  readonly id: Scalars['ID']['output'];
  /** The name that the consent page shows. */
  readonly name: Scalars['String']['output'];
  /** The URIs to which the browser may go after a sign-out (OpenID Connect RP-Initiated Logout 1.0). They are compared character by character. */
  readonly postLogoutRedirectUris: ReadonlyArray<Scalars['String']['output']>;
  /** The URIs to which the browser may return with the code. They are compared character by character, except that a loopback address may have any port. */
  readonly redirectUris: ReadonlyArray<Scalars['String']['output']>;
  /** The account that registered the application. Null for applications that come with the server, and for applications that registered themselves. */
  readonly registeredBy?: Maybe<Account>;
  /** Whether the application must use pushed authorization requests (RFC 9126 §6). */
  readonly requirePushedAuthorizationRequests: Scalars['Boolean']['output'];
  /** The scopes that the application may request. */
  readonly scopes: ReadonlyArray<Scalars['String']['output']>;
  readonly tokenEndpointAuthMethod: TokenEndpointAuthMethod;
};


/** An application that asks people for access: an OAuth 2.0 client. */
export type ApplicationGrantsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

export type ApplicationConnection = {
  readonly __typename?: 'ApplicationConnection';
  readonly edges: ReadonlyArray<ApplicationEdge>;
  /** The applications of the edges. */
  readonly nodes: ReadonlyArray<Application>;
  readonly pageInfo: PageInfo;
};

export type ApplicationEdge = {
  readonly __typename?: 'ApplicationEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: Application;
};

/** Where an application runs (OpenID Connect Registration §2). The type decides which redirect URIs the application may have. */
export type ApplicationType =
  /** On a person's device: redirect URIs may also be a loopback address or a private-use scheme (RFC 8252). */
  | 'native'
  /** On a web server or in a browser: redirect URIs are https. */
  | 'web';

/** The counts of the events in a range of time. */
export type AuditActivity = {
  readonly __typename?: 'AuditActivity';
  /** The length of each part of the range. The last part may end after the range. */
  readonly bucketSeconds: Scalars['Float']['output'];
  /**
   * The `id` of the newest event in the trail when the counting began. Later events are not counted. Therefore a client can
   * add the later events of `auditEventAdded`. Null if the trail is empty.
   */
  readonly latest?: Maybe<Scalars['ID']['output']>;
  /** The beginning of the range. Events at this time belong to it. */
  readonly since: Scalars['DateTime']['output'];
  /** The types that have an event in the range, in the order of their names. */
  readonly types: ReadonlyArray<AuditTypeActivity>;
  /** The end of the range. Events at this time do not belong to it. */
  readonly until: Scalars['DateTime']['output'];
};

/** The count of the events of one type that have one value. */
export type AuditActivityCount = {
  readonly __typename?: 'AuditActivityCount';
  readonly count: Scalars['Float']['output'];
  /** The coordinate, the coordinate of the rule, or the client ID. */
  readonly value: Scalars['String']['output'];
};

/** Something that happened. An event holds no secret and no text that a caller sent. */
export type AuditEvent = Node & {
  readonly __typename?: 'AuditEvent';
  /** The account that called. Null if the caller is anonymous, an application without a person, a person of another issuer, or a deleted account. */
  readonly account?: Maybe<Account>;
  /** When the event happened. If `count` is greater than 1, the time of the last occurrence. */
  readonly at: Scalars['DateTime']['output'];
  /** The client ID of the application that called. Null for an anonymous caller. */
  readonly clientId?: Maybe<Scalars['String']['output']>;
  /** The `Type.field` of the schema. Null if the event is about no field, or about several fields. */
  readonly coordinate?: Maybe<Scalars['String']['output']>;
  /** How many operations this event counts. Equal denials or uses within 10 s in one process are one event. */
  readonly count: Scalars['Int']['output'];
  /** Details for people. */
  readonly detail?: Maybe<Scalars['String']['output']>;
  /** Global ID. */
  readonly id: Scalars['ID']['output'];
  readonly outcome: AuditEventOutcome;
  /** The schema element whose rule decided. Null if no rule decided, or if the element is unknown. */
  readonly rule?: Maybe<Scalars['String']['output']>;
  readonly type: AuditEventType;
};

export type AuditEventConnection = {
  readonly __typename?: 'AuditEventConnection';
  readonly edges: ReadonlyArray<AuditEventEdge>;
  /** The events of the edges. */
  readonly nodes: ReadonlyArray<AuditEvent>;
  readonly pageInfo: PageInfo;
};

export type AuditEventEdge = {
  readonly __typename?: 'AuditEventEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: AuditEvent;
};

export type AuditEventOutcome =
  /** It was allowed and done. */
  | 'allowed'
  /** A rule denied it, and nothing was done. */
  | 'denied'
  /** It was allowed, and failed. */
  | 'failed';

export type AuditEventType =
  /** An account was created. */
  | 'account_created'
  /** An account was disabled. */
  | 'account_disabled'
  /** A disabled account was enabled again. */
  | 'account_enabled'
  /** The roles of an account were changed. */
  | 'account_roles_changed'
  /** A caller used a field that only a scope of administrators opened. */
  | 'administration'
  /** An application was deleted. */
  | 'application_deleted'
  /** An application was registered. */
  | 'application_registered'
  /** An application got a new client secret. */
  | 'application_secret_rotated'
  /** An application was changed. */
  | 'application_updated'
  /** A client sent a used authorization code again, later than in a race. The grant was revoked. */
  | 'code_reuse'
  /** The key that signs cookies and forms was replaced. Every browser is signed out. */
  | 'cookie_key_replaced'
  /** The database was restored from a backup. All grants, codes, tokens and sign-in sessions ended, and the signing keys were withdrawn. */
  | 'database_restored'
  /** A rule denied an operation, or a field of it. */
  | 'denial'
  /** A person granted an application access. */
  | 'grant_given'
  /** A person, an administrator or a client ended a grant, one of its codes or refresh tokens was sent again, or the account had too many grants. */
  | 'grant_revoked'
  /** A signing key was made and published. It signs later. */
  | 'key_published'
  /** A signing key was withdrawn. Tokens that it signed are rejected. */
  | 'key_retired'
  /** A password was changed. */
  | 'password_changed'
  /** A client sent a used refresh token again, later than in a race. The grant was revoked. */
  | 'refresh_reuse'
  /** A rule in shadow mode would have denied an operation, or a field of it. The operation was executed. */
  | 'shadow_denial'
  /** A person signed in. */
  | 'sign_in'
  /** A person failed to sign in, or entered a wrong password on the account page. `account` is the account with the address that was entered, or null if there is none. */
  | 'sign_in_failed'
  /** A person signed out, or one of their sessions was ended. */
  | 'sign_out'
  /** An access token was issued for an authorization code, or for an application alone. `detail` has the grant type. */
  | 'token_issued'
  /** An access token was issued for a refresh token. */
  | 'token_refreshed'
  /** A client revoked one of its tokens. */
  | 'token_revoked';

/**
 * The counts of the events of one type. Each number is a sum of `AuditEvent.count`. An event counts at the time of its
 * last occurrence. The numbers are whole, and may be greater than an `Int`.
 */
export type AuditTypeActivity = {
  readonly __typename?: 'AuditTypeActivity';
  /** The client IDs of the applications that called most often, most frequent first. Events without a client are not counted. */
  readonly clients: ReadonlyArray<AuditActivityCount>;
  /** The most frequent coordinates, most frequent first. Events without a coordinate are not counted. */
  readonly coordinates: ReadonlyArray<AuditActivityCount>;
  /** The sum for each part of the range, in order. */
  readonly counts: ReadonlyArray<Scalars['Float']['output']>;
  /** The schema elements whose rules decided most often, most frequent first. Events without a rule are not counted. */
  readonly rules: ReadonlyArray<AuditActivityCount>;
  /** The sum over the range. */
  readonly total: Scalars['Float']['output'];
  readonly type: AuditEventType;
};


/**
 * The counts of the events of one type. Each number is a sum of `AuditEvent.count`. An event counts at the time of its
 * last occurrence. The numbers are whole, and may be greater than an `Int`.
 */
export type AuditTypeActivityClientsArgs = {
  first?: Scalars['Int']['input'];
};


/**
 * The counts of the events of one type. Each number is a sum of `AuditEvent.count`. An event counts at the time of its
 * last occurrence. The numbers are whole, and may be greater than an `Int`.
 */
export type AuditTypeActivityCoordinatesArgs = {
  first?: Scalars['Int']['input'];
};


/**
 * The counts of the events of one type. Each number is a sum of `AuditEvent.count`. An event counts at the time of its
 * last occurrence. The numbers are whole, and may be greater than an `Int`.
 */
export type AuditTypeActivityRulesArgs = {
  first?: Scalars['Int']['input'];
};

/** What happens when a rule does not hold. */
export type AuthMode =
  /** The rule denies. */
  | 'ENFORCE'
  /** The rule denies nothing. The denial is logged and counted. A root field with this rule still needs another rule. */
  | 'SHADOW';

/** An alternative within a rule. Its arguments mean the same as the arguments of @auth. All of them must hold. */
export type AuthRule = {
  readonly acr?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly claims?: InputMaybe<ReadonlyArray<ClaimRule>>;
  readonly maxAge?: InputMaybe<Scalars['Int']['input']>;
  readonly owner?: InputMaybe<Scalars['String']['input']>;
  readonly policy?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly scope?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

export type BeginAuthorizationInput = {
  /** The name of a connection in this server's configuration. */
  readonly connection: Scalars['String']['input'];
  /** The URI at which your application receives the code. It must equal a redirect URI that is configured for the connection. */
  readonly redirectUri: Scalars['String']['input'];
  /** Some of the scopes that are configured for the connection. `openid` is added. Default: all of them. */
  readonly scope?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

export type BeginAuthorizationPayload = BegunAuthorization | OAuthError;

/** An authorization request of this server. It has no response yet. */
export type BegunAuthorization = {
  readonly __typename?: 'BegunAuthorization';
  /** The URL for the browser, at the authorization endpoint of the foreign issuer. */
  readonly authorizationUrl: Scalars['String']['output'];
  /** The remaining lifetime of the transaction, in seconds. */
  readonly expiresIn: Scalars['Int']['output'];
  /** The secret of this request. It is accepted only once. Store it where no other page can read it, such as session storage. Send it with the code. */
  readonly transaction: Scalars['String']['output'];
};

/** A condition on one claim of the access token. Exactly one of oneOf, contains and exists is required. Strings, booleans and whole numbers are compared by their text. */
export type ClaimRule = {
  /** The names of members from the outside in: ["https://example.com/app", "tenant"]. */
  readonly claim: ReadonlyArray<Scalars['String']['input']>;
  /** The claim is a list that contains this value. */
  readonly contains?: InputMaybe<Scalars['String']['input']>;
  /** The claim exists and is not null. Only true is allowed. */
  readonly exists?: InputMaybe<Scalars['Boolean']['input']>;
  /** The claim is equal to one of these values. */
  readonly oneOf?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

export type ClientExchangeInput = {
  readonly clientId: Scalars['String']['input'];
  /** Leave it out for an application without a secret. */
  readonly clientSecret?: InputMaybe<Scalars['String']['input']>;
  /** The `code` that the redirect URI received. */
  readonly code: Scalars['String']['input'];
  /** The text from which your application made the `code_challenge` of the authorization request: 43 to 128 unreserved characters. */
  readonly codeVerifier: Scalars['String']['input'];
  /** The `redirect_uri` of the authorization request, unchanged. */
  readonly redirectUri: Scalars['String']['input'];
};

export type ConnectionExchangeInput = {
  /** The `code` that the redirect URI received. */
  readonly code: Scalars['String']['input'];
  /** The `connection` of `beginAuthorization`. */
  readonly connection: Scalars['String']['input'];
  /** The `iss` that the redirect URI received (RFC 9207), if there was one. */
  readonly iss?: InputMaybe<Scalars['String']['input']>;
  /** The `state` that the redirect URI received. */
  readonly state: Scalars['String']['input'];
  /** The `transaction` of `beginAuthorization`. */
  readonly transaction: Scalars['String']['input'];
};

export type CreateAccountInput = {
  readonly email: Scalars['String']['input'];
  /** From 12 to 1,024 characters. Default: the server makes up a password and shows it once. */
  readonly password?: InputMaybe<Scalars['String']['input']>;
  /** Roles that scopes require. Any other role is refused. */
  readonly roles?: ReadonlyArray<Scalars['String']['input']>;
};

export type CreateAccountPayload = {
  readonly __typename?: 'CreateAccountPayload';
  readonly account: Account;
  /** The password that the server made up. It is shown only once. Null if the input had a password. */
  readonly password?: Maybe<Scalars['String']['output']>;
};

export type DeleteApplicationInput = {
  /** The `id` of an application. */
  readonly id: Scalars['ID']['input'];
};

export type DeleteApplicationPayload = {
  readonly __typename?: 'DeleteApplicationPayload';
  /** The application before it was deleted. */
  readonly application: Application;
};

export type DisableAccountInput = {
  /** The `id` of an account. */
  readonly id: Scalars['ID']['input'];
};

export type DisableAccountPayload = {
  readonly __typename?: 'DisableAccountPayload';
  readonly account: Account;
};

export type EnableAccountInput = {
  /** The `id` of an account. */
  readonly id: Scalars['ID']['input'];
};

export type EnableAccountPayload = {
  readonly __typename?: 'EnableAccountPayload';
  readonly account: Account;
};

export type EndSignInSessionInput = {
  /** The `id` of a sign-in session. */
  readonly id: Scalars['ID']['input'];
};

export type EndSignInSessionPayload = {
  readonly __typename?: 'EndSignInSessionPayload';
  /** The session before it ended. */
  readonly signInSession: SignInSession;
};

/** The issuer of the code. Exactly one member is required. */
export type ExchangeAuthorizationCodeInput =
  /** The authorization endpoint of this server issued the code to the calling application. */
  { readonly client: ClientExchangeInput; readonly connection?: never; }
  |  /** A foreign issuer issued the code to this server, and sent it to the redirect URI after `beginAuthorization`. */
  { readonly client?: never; readonly connection: ConnectionExchangeInput; };

/** An element of the schema with a rule, at the place where an operation uses it. */
export type ExplainedElement = {
  readonly __typename?: 'ExplainedElement';
  /** The column of the field in the line, from 1. */
  readonly column: Scalars['Int']['output'];
  /** The coordinate of the element: `Type.field`, `Type.field(argument:)`, `Input.field`, `Enum.VALUE` or `Type`. A type is the type of the value at `path`. */
  readonly coordinate: Scalars['String']['output'];
  /** The decision of the rules together. It is also DEPENDS if the rules deny, and the element belongs to only some of the possible types. */
  readonly decision: RuleDecision;
  /** The line of the field in the document, from 1. */
  readonly line: Scalars['Int']['output'];
  /** The response keys from the root to the field, without list indices. */
  readonly path: ReadonlyArray<Scalars['String']['output']>;
  /** The rules of the element, inherited rules included. */
  readonly rules: ReadonlyArray<ExplainedRule>;
};

/** A rule, and its decision for the caller. */
export type ExplainedRule = {
  readonly __typename?: 'ExplainedRule';
  /** The coordinate of the element that carries the rule. It differs from the element if the rule is inherited. */
  readonly coordinate: Scalars['String']['output'];
  /** The decision of this rule alone. */
  readonly decision: RuleDecision;
  /** What the caller lacks for this rule. Null if the rule does not deny. */
  readonly missing?: Maybe<MissingEvidence>;
  /** Whether the rule only reports what it would deny (`mode: SHADOW`). It is not part of any other decision. */
  readonly shadow: Scalars['Boolean']['output'];
  /** The directive as it is written in the schema. */
  readonly source: Scalars['String']['output'];
  /** The requirements of the rule in words. */
  readonly words: Scalars['String']['output'];
};

/** The access that a person granted to an application. */
export type Grant = Node & {
  readonly __typename?: 'Grant';
  /** The account that granted the access. If the caller is not allowed to see the account, it is null and there is an error. */
  readonly account?: Maybe<Account>;
  readonly application: Application;
  readonly createdAt: Scalars['DateTime']['output'];
  /** When the grant expires. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** Global ID. */
  readonly id: Scalars['ID']['output'];
  /** The scopes that were granted. */
  readonly scopes: ReadonlyArray<Scalars['String']['output']>;
};

export type GrantConnection = {
  readonly __typename?: 'GrantConnection';
  readonly edges: ReadonlyArray<GrantEdge>;
  /** The grants of the edges. */
  readonly nodes: ReadonlyArray<Grant>;
  readonly pageInfo: PageInfo;
};

export type GrantEdge = {
  readonly __typename?: 'GrantEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: Grant;
};

/** How an application gets tokens (RFC 7591 §2). */
export type GrantType =
  /** A person signs in and grants access. */
  | 'authorization_code'
  /** The application acts for itself (RFC 6749 §4.4), with scopes that require no role. Public clients cannot use this grant type. */
  | 'client_credentials'
  /** The application gets new tokens for an existing grant. */
  | 'refresh_token';

/** What a caller lacks. A field that is false, null or empty names nothing that is missing. */
export type MissingEvidence = {
  readonly __typename?: 'MissingEvidence';
  /** Whether a rule requires an account of this system, and the caller has none. */
  readonly account: Scalars['Boolean']['output'];
  /** The accepted authentication contexts. Null: the context is accepted. */
  readonly acr?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** The claims that are missing or have another value, as paths with dots. */
  readonly claims: ReadonlyArray<Scalars['String']['output']>;
  /** The person must have authenticated at most this number of seconds ago. Null: the authentication is recent enough. */
  readonly maxAge?: Maybe<Scalars['Int']['output']>;
  /** The missing scopes, as alternatives. Empty: no scope is missing. */
  readonly scopes: ReadonlyArray<ReadonlyArray<Scalars['String']['output']>>;
  /** Whether an access token is missing. */
  readonly token: Scalars['Boolean']['output'];
};

export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Begins an authorization code flow at a foreign issuer. This server is a client of the issuer. Send the browser to the URL, and store the transaction. */
  readonly beginAuthorization: BeginAuthorizationPayload;
  /** Creates an account. If another account has the address, the error is `CONFLICT`. */
  readonly createAccount: CreateAccountPayload;
  /**
   * Deletes one of the caller's applications. With the scope `accounts`, it deletes any application. The grants and tokens
   * of the application end. For an application that comes with the server, the error is `CONFLICT`.
   */
  readonly deleteApplication: DeleteApplicationPayload;
  /**
   * Disables an account. The person cannot sign in, the sign-in sessions end, and the grants yield no tokens. The access
   * tokens of the account are refused: at once by the replica that runs the mutation, within two seconds by all other
   * replicas. For the last administrator who can sign in, the error is `CONFLICT`.
   */
  readonly disableAccount: DisableAccountPayload;
  /** Enables a disabled account. The person can sign in, and the grants yield tokens again. The ended sign-in sessions stay ended. */
  readonly enableAccount: EnableAccountPayload;
  /**
   * Ends a sign-in session of the caller. With the scope `accounts`, it ends any session. The access tokens that were
   * issued in the session are refused. Grants that the person gave in the session remain until they are revoked.
   */
  readonly endSignInSession: EndSignInSessionPayload;
  /** Exchanges an authorization code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.5). A code is accepted once. */
  readonly exchangeAuthorizationCode: TokenPayload;
  /** Exchanges a refresh token, or the refresh handle of a connection, for new tokens (RFC 6749 §6). A refresh token or handle is accepted only once. Store the new one. */
  readonly refreshAccessToken: TokenPayload;
  /** Registers an application for the caller. An account can have at most 1,000 applications. Beyond this limit, the error is `CONFLICT`. */
  readonly registerApplication: RegisterApplicationPayload;
  /**
   * Revokes a grant of the caller. With the scope `accounts`, it revokes any grant. The application gets no further tokens
   * for the grant, and its present tokens are refused.
   */
  readonly revokeGrant: RevokeGrantPayload;
  /**
   * Revokes a token (RFC 7009). If it is a refresh token, its grant and every access token of the grant are revoked. If it
   * is an access token, only this token is revoked. An unknown token, or a token of another application or connection, is
   * ignored without an error.
   */
  readonly revokeToken: RevokeTokenPayload;
  /**
   * Makes a new client secret for one of the caller's applications. With the scope `accounts`, it does so for any
   * application. The old secret is rejected at once. For an application without a secret, the error is `BAD_USER_INPUT`.
   */
  readonly rotateClientSecret: RotateClientSecretPayload;
  /**
   * Publishes a new signing key. The server waits until every verifier can have fetched the new key. Then the new key
   * replaces the current key. If a published key does not sign yet, no further key is made. The payload then holds the
   * published key. With `now` or `withdraw`, the key signs sooner.
   */
  readonly rotateSigningKey: RotateSigningKeyPayload;
  /**
   * Sets the password of an account. The sign-in sessions, grants and tokens of the account end, because another person
   * may have known the old password.
   */
  readonly setAccountPassword: SetAccountPasswordPayload;
  /**
   * Sets the roles of an account. Grants with scopes that the new roles do not allow end. If the last administrator who
   * can sign in would lose the role, the error is `CONFLICT`.
   */
  readonly setAccountRoles: SetAccountRolesPayload;
  /**
   * Changes one of the caller's applications. With the scope `accounts`, it changes any application. If the application
   * loses a scope, the grants with this scope end. The tokens that the application got for itself end too.
   */
  readonly updateApplication: UpdateApplicationPayload;
};


export type MutationBeginAuthorizationArgs = {
  input: BeginAuthorizationInput;
};


export type MutationCreateAccountArgs = {
  input: CreateAccountInput;
};


export type MutationDeleteApplicationArgs = {
  input: DeleteApplicationInput;
};


export type MutationDisableAccountArgs = {
  input: DisableAccountInput;
};


export type MutationEnableAccountArgs = {
  input: EnableAccountInput;
};


export type MutationEndSignInSessionArgs = {
  input: EndSignInSessionInput;
};


export type MutationExchangeAuthorizationCodeArgs = {
  input: ExchangeAuthorizationCodeInput;
};


export type MutationRefreshAccessTokenArgs = {
  input: RefreshAccessTokenInput;
};


export type MutationRegisterApplicationArgs = {
  input: RegisterApplicationInput;
};


export type MutationRevokeGrantArgs = {
  input: RevokeGrantInput;
};


export type MutationRevokeTokenArgs = {
  input: RevokeTokenInput;
};


export type MutationRotateClientSecretArgs = {
  input: RotateClientSecretInput;
};


export type MutationRotateSigningKeyArgs = {
  input: RotateSigningKeyInput;
};


export type MutationSetAccountPasswordArgs = {
  input: SetAccountPasswordInput;
};


export type MutationSetAccountRolesArgs = {
  input: SetAccountRolesInput;
};


export type MutationUpdateApplicationArgs = {
  input: UpdateApplicationInput;
};

/** An object that can be fetched again by its `id`. */
export type Node = {
  /** Global ID. It is opaque, and unique in the whole API. */
  readonly id: Scalars['ID']['output'];
};

/** An expected failure of a token mutation (RFC 6749 §5.2). */
export type OAuthError = {
  readonly __typename?: 'OAuthError';
  readonly error: OAuthErrorCode;
  /** A description for a developer. It repeats nothing of the request. */
  readonly errorDescription: Scalars['String']['output'];
};

/** The error codes of the RFCs, in their spelling. */
export type OAuthErrorCode =
  /** The client ID is unknown, or the client secret is wrong, missing or not expected. */
  | 'invalid_client'
  /** The code or refresh token is wrong, expired, used or revoked, or it belongs to another client. */
  | 'invalid_grant'
  /** The request lacks a parameter, repeats one or is malformed. */
  | 'invalid_request'
  /** A scope is unknown or malformed, or it was not granted. */
  | 'invalid_scope'
  /** The resource is unknown or not allowed (RFC 8707). */
  | 'invalid_target'
  /** The authorization server did not answer with tokens. */
  | 'server_error'
  /** The authorization server did not answer in time. Try again. */
  | 'temporarily_unavailable'
  /** The application is not allowed to use this grant type. */
  | 'unauthorized_client'
  /** The authorization server does not support this grant type. */
  | 'unsupported_grant_type'
  /** Tokens of this kind cannot be revoked (RFC 7009). */
  | 'unsupported_token_type';

/** The rules of an operation, and their decisions for the caller. */
export type OperationExplanation = {
  readonly __typename?: 'OperationExplanation';
  /** The error code of the refusal. Null if the outcome is not REFUSED. */
  readonly code?: Maybe<Scalars['String']['output']>;
  /** The elements with a rule, in the order of the document: at most 1,000, with at most 500,000 characters as JSON. A fragment that is spread several times on one type is explained one time. */
  readonly elements: ReadonlyArray<ExplainedElement>;
  /** Whether there are more elements than `elements` holds. */
  readonly elementsCapped: Scalars['Boolean']['output'];
  /** The faults of the document and of the variables. They are not denials. */
  readonly faults: ReadonlyArray<OperationFault>;
  /** The smallest sets of scopes that let every field through, as alternatives, at most 32. An empty set: no scope is needed. No alternative: no scopes are enough. */
  readonly leastScopes: ReadonlyArray<ReadonlyArray<Scalars['String']['output']>>;
  /** Whether there are more alternatives than `leastScopes` holds. The alternatives are then enough, but smaller ones can exist. */
  readonly leastScopesCapped: Scalars['Boolean']['output'];
  /** What the caller lacks for the rules that deny. Null if no rule denies. */
  readonly missing?: Maybe<MissingEvidence>;
  /** The name of the operation. Null if it has no name, or if the document has a fault. */
  readonly operationName?: Maybe<Scalars['String']['output']>;
  /** What happens if the caller sends this operation now. */
  readonly outcome: OperationOutcome;
};

/** A fault of a document or of its variables. */
export type OperationFault = {
  readonly __typename?: 'OperationFault';
  /** The error code of the answer to this operation. */
  readonly code: Scalars['String']['output'];
  /** The column in the line, from 1. Null if the fault has no place. */
  readonly column?: Maybe<Scalars['Int']['output']>;
  /** The line in the document, from 1. Null if the fault has no place. */
  readonly line?: Maybe<Scalars['Int']['output']>;
  /** What is wrong. */
  readonly message: Scalars['String']['output'];
};

/** What happens if an operation is sent. */
export type OperationOutcome =
  /** A value, an owner, a policy or the type of a value decides some of the elements. Elements with the decision DENY are denied. */
  | 'DEPENDS'
  /** Nothing of the operation runs. */
  | 'REFUSED'
  /** Every rule allows. */
  | 'RUNS'
  /** The operation runs. Elements with the decision DENY are denied, and a field whose argument is not of its type has an error. */
  | 'RUNS_IN_PART';

/** The position of a page in its list (GraphQL Cursor Connections). */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** The cursor of the last item. Send it as `after` to request the next page. Null on an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether there are items after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether this page was requested with `after`. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first item. Null on an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
};

export type Query = {
  readonly __typename?: 'Query';
  /** One account. If there is none, the error is `NOT_FOUND`. */
  readonly account?: Maybe<Account>;
  /** Every account, newest first. */
  readonly accounts: AccountConnection;
  /** One of the caller's applications, by exactly one of `id` and `clientId`. With the scope `accounts`, any application. For another person's application, the error is `NOT_FOUND`, as for an unknown application. */
  readonly application?: Maybe<Application>;
  /** The applications that the caller registered, newest first. */
  readonly applications: ApplicationConnection;
  /**
   * Counts the events of a range of time, by type. An event counts only if every given filter applies to it. An operation
   * can select this field only one time.
   */
  readonly auditActivity: AuditActivity;
  /** The audit trail, newest first. Returns the events to which every given filter applies. */
  readonly auditEvents: AuditEventConnection;
  /** Explains the rules of an operation for the caller: whether the operation would run, which rules apply, and what is missing. It runs nothing. An operation can select this field only one time. */
  readonly explainOperation: OperationExplanation;
  /** The grants of the caller to applications, newest first. */
  readonly grants: GrantConnection;
  /**
   * The object with this `id` (GraphQL Global Object Identification). Null if there is no such object. The rules of its
   * type apply. If the caller is not allowed to see an object of the identity API, the answer is null too. Therefore the
   * answer does not show whether this object exists.
   */
  readonly node?: Maybe<Node>;
  /** The rules of this API: each `@auth` of the schema, with its decision for the caller. Introspection carries no applied directives, so tools and the documentation pane read the rules here. The field is as open as introspection. */
  readonly schemaRules: SchemaRulePage;
  /** Every scope that an application can request. */
  readonly scopes: ReadonlyArray<Scope>;
  /** The current and former signing keys of the authorization server, newest first. */
  readonly signingKeys: SigningKeyConnection;
  /** The caller, as the access token of this request identifies it. */
  readonly viewer: Viewer;
};


export type QueryAccountArgs = {
  id: Scalars['ID']['input'];
};


export type QueryAccountsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  email?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


export type QueryApplicationArgs = {
  clientId?: InputMaybe<Scalars['String']['input']>;
  id?: InputMaybe<Scalars['ID']['input']>;
};


export type QueryApplicationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


export type QueryAuditActivityArgs = {
  account?: InputMaybe<Scalars['ID']['input']>;
  buckets?: Scalars['Int']['input'];
  clientId?: InputMaybe<Scalars['String']['input']>;
  coordinate?: InputMaybe<Scalars['String']['input']>;
  since: Scalars['DateTime']['input'];
  type?: InputMaybe<AuditEventType>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


export type QueryAuditEventsArgs = {
  account?: InputMaybe<Scalars['ID']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  clientId?: InputMaybe<Scalars['String']['input']>;
  coordinate?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  type?: InputMaybe<AuditEventType>;
};


export type QueryExplainOperationArgs = {
  document: Scalars['String']['input'];
  operationName?: InputMaybe<Scalars['String']['input']>;
  variables?: InputMaybe<Scalars['String']['input']>;
};


export type QueryGrantsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


export type QuerySchemaRulesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  types?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};


export type QuerySigningKeysArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};

/** Either `clientId`, for an application of this server, or `connection` is required. */
export type RefreshAccessTokenInput = {
  readonly clientId?: InputMaybe<Scalars['String']['input']>;
  /** Leave it out for an application without a secret, and for a connection. */
  readonly clientSecret?: InputMaybe<Scalars['String']['input']>;
  /** The name of the connection that the handle belongs to. */
  readonly connection?: InputMaybe<Scalars['String']['input']>;
  /** A refresh token, or the refresh handle of a connection. If a handle is sent again more than 10 s after its use, the sign-in that it belongs to ends. */
  readonly refreshToken: Scalars['String']['input'];
  /** Some of the granted scopes. Default: all granted scopes. */
  readonly scope?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

export type RegisterApplicationInput = {
  readonly applicationType: ApplicationType;
  /** Whether each token of the application is bound to a key (DPoP, RFC 9449 §5.2). Default: false. */
  readonly dpopBoundAccessTokens?: InputMaybe<Scalars['Boolean']['input']>;
  /** Default: `AUTHORIZATION_CODE` and `REFRESH_TOKEN`. */
  readonly grantTypes?: InputMaybe<ReadonlyArray<GrantType>>;
  /** The public keys of the application: a JWK Set (RFC 7517 §5) of 1 to 10 keys as JSON text. Only for `PRIVATE_KEY_JWT`. */
  readonly jwks?: InputMaybe<Scalars['String']['input']>;
  /** From 1 to 100 characters, in one line. */
  readonly name: Scalars['String']['input'];
  /** Up to 10 different URIs. Default: no URI. The browser then stays on a page of this server after a sign-out. */
  readonly postLogoutRedirectUris?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** From 1 to 10 different URIs. An application without the grant type `AUTHORIZATION_CODE` has an empty list. */
  readonly redirectUris: ReadonlyArray<Scalars['String']['input']>;
  /** Whether the application must use pushed authorization requests (RFC 9126 §6). Default: false. */
  readonly requirePushedAuthorizationRequests?: InputMaybe<Scalars['Boolean']['input']>;
  /** The scopes that the application may request. They must require no role. Default: all scopes that require no role. */
  readonly scopes?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly tokenEndpointAuthMethod: TokenEndpointAuthMethod;
};

export type RegisterApplicationPayload = {
  readonly __typename?: 'RegisterApplicationPayload';
  readonly application: Application;
  /** The client secret. It is returned only once. Null for an application without a secret. */
  readonly clientSecret?: Maybe<Scalars['String']['output']>;
};

export type RevokeGrantInput = {
  /** The `id` of a grant. */
  readonly id: Scalars['ID']['input'];
};

export type RevokeGrantPayload = {
  readonly __typename?: 'RevokeGrantPayload';
  /** The grant before it was revoked. */
  readonly grant: Grant;
};

/** Either `clientId`, for an application of this server, or `connection` is required. */
export type RevokeTokenInput = {
  readonly clientId?: InputMaybe<Scalars['String']['input']>;
  /** Leave it out for an application without a secret, and for a connection. */
  readonly clientSecret?: InputMaybe<Scalars['String']['input']>;
  /** The name of the connection that the handle belongs to. */
  readonly connection?: InputMaybe<Scalars['String']['input']>;
  /** A refresh token or an access token. For a connection, it is a refresh handle. For an ID token, the error is `unsupported_token_type`. */
  readonly token: Scalars['String']['input'];
};

export type RevokeTokenPayload = {
  readonly __typename?: 'RevokeTokenPayload';
  /** Why the token could not be revoked. Null if the token was revoked or ignored. */
  readonly error?: Maybe<OAuthError>;
};

export type RotateClientSecretInput = {
  /** The `id` of an application. */
  readonly id: Scalars['ID']['input'];
};

export type RotateClientSecretPayload = {
  readonly __typename?: 'RotateClientSecretPayload';
  readonly application: Application;
  /** The new client secret. It is returned only once. */
  readonly clientSecret: Scalars['String']['output'];
};

export type RotateSigningKeyInput = {
  /** The new key signs in two seconds. By then, every replica has read it. A verifier that does not fetch the keys for an unknown key ID may refuse the first tokens. */
  readonly now?: Scalars['Boolean']['input'];
  /** The current key is no longer trusted. Every replica refuses the tokens that it signed within two seconds. The new key signs at once. Replicas that have not read the new key yet refuse its tokens for up to two seconds. */
  readonly withdraw?: Scalars['Boolean']['input'];
};

export type RotateSigningKeyPayload = {
  readonly __typename?: 'RotateSigningKeyPayload';
  /** The key that signs now or next. */
  readonly signingKey: SigningKey;
};

/** A condition on one claim. Exactly one of `oneOf`, `contains` and `exists` is stated. */
export type RuleClaim = {
  readonly __typename?: 'RuleClaim';
  /** The path of the claim: the names of members, the outermost first. */
  readonly claim: ReadonlyArray<Scalars['String']['output']>;
  /** The value that the list must contain. */
  readonly contains?: Maybe<Scalars['String']['output']>;
  /** True: the claim must be present. */
  readonly exists?: Maybe<Scalars['Boolean']['output']>;
  /** The accepted values. */
  readonly oneOf?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
};

/** The decision of rules before an operation runs. */
export type RuleDecision =
  | 'ALLOW'
  | 'DENY'
  /** A value, an owner or a policy decides while the operation runs. */
  | 'DEPENDS';

/** The parts of a rule, or of one of its alternatives. All of them must hold. */
export type RuleRequirement = {
  readonly __typename?: 'RuleRequirement';
  /** The accepted authentication contexts. */
  readonly acr?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** The conditions on claims of the token. */
  readonly claims: ReadonlyArray<RuleClaim>;
  /** The person must have authenticated at most this number of seconds ago. */
  readonly maxAge?: Maybe<Scalars['Int']['output']>;
  /** The field of the object, or with `$` the argument, that must name the account of the caller. */
  readonly owner?: Maybe<Scalars['String']['output']>;
  /** The names of the server's policies that must allow. */
  readonly policies: ReadonlyArray<Scalars['String']['output']>;
  /** Alternative sets of scopes. An empty set: no scope is needed. No set: every caller is denied. */
  readonly scope: ReadonlyArray<ReadonlyArray<Scalars['String']['output']>>;
};

/** The kind of the element that carries a rule. */
export type RuledElement =
  | 'ARGUMENT'
  | 'ENUM'
  | 'ENUM_VALUE'
  | 'FIELD'
  | 'INPUT_FIELD'
  | 'INPUT_OBJECT'
  | 'INTERFACE'
  | 'OBJECT'
  | 'SCALAR'
  | 'UNION';

/** One `@auth` of the schema. Everything that is stated must hold. */
export type SchemaRule = {
  readonly __typename?: 'SchemaRule';
  /** If there are alternatives, at least one of them must hold in addition to `requirement`. */
  readonly anyOf: ReadonlyArray<RuleRequirement>;
  /** The element that carries the rule: `Type`, `Type.member` or `Type.field(argument:)`. Implementers inherit the rules of their interfaces, and a field also has the rules of the type that it returns. */
  readonly coordinate: Scalars['String']['output'];
  /** The decision for the caller, before any value is known. */
  readonly decision: RuleDecision;
  readonly kind: RuledElement;
  readonly requirement: RuleRequirement;
  /** Whether the rule only reports what it would deny (`mode: SHADOW`). */
  readonly shadow: Scalars['Boolean']['output'];
  /** The directive as it is written in the schema. */
  readonly source: Scalars['String']['output'];
  /** The requirements in words. */
  readonly words: Scalars['String']['output'];
};

/** A page of rules, in the order of the table of rules. */
export type SchemaRulePage = {
  readonly __typename?: 'SchemaRulePage';
  /** The cursor of the next page. Null: there are no more rules. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
  readonly nodes: ReadonlyArray<SchemaRule>;
};

/** A permission that an access token can have. */
export type Scope = {
  readonly __typename?: 'Scope';
  /** The access that the scope allows, in the words of the consent page. */
  readonly description: Scalars['String']['output'];
  /** The name in requests and tokens (RFC 6749 §3.3). */
  readonly name: Scalars['String']['output'];
  /** Whether only people with a certain role can grant the scope. An application that a person registers has no scope that requires a role, until an administrator adds it. */
  readonly requiresRole: Scalars['Boolean']['output'];
};

export type SetAccountPasswordInput = {
  /** The `id` of an account. */
  readonly id: Scalars['ID']['input'];
  /** From 12 to 1,024 characters. */
  readonly password: Scalars['String']['input'];
};

export type SetAccountPasswordPayload = {
  readonly __typename?: 'SetAccountPasswordPayload';
  readonly account: Account;
};

export type SetAccountRolesInput = {
  /** The `id` of an account. */
  readonly id: Scalars['ID']['input'];
  /** Roles that scopes require. Any other role is refused. */
  readonly roles: ReadonlyArray<Scalars['String']['input']>;
};

export type SetAccountRolesPayload = {
  readonly __typename?: 'SetAccountRolesPayload';
  readonly account: Account;
};

/** A browser in which a person is signed in at this server. */
export type SignInSession = Node & {
  readonly __typename?: 'SignInSession';
  /** The browser and the system in words, such as `Firefox on Linux`. They are from headers that the browser chooses. Null if they are unknown. */
  readonly browser?: Maybe<Scalars['String']['output']>;
  /** Whether the caller's access token was issued in this session. */
  readonly current: Scalars['Boolean']['output'];
  /** When the session expires. The session is prolonged if the browser uses this server before this time. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** Global ID. */
  readonly id: Scalars['ID']['output'];
  /** When the browser last used the session at the authorization endpoint, the sign-in pages or the account page. It is stored at most every 5 minutes. Null if it is unknown. */
  readonly lastSeenAt?: Maybe<Scalars['DateTime']['output']>;
  /** When the person signed in. */
  readonly signedInAt: Scalars['DateTime']['output'];
  /** The `User-Agent` header of the browser. It is not verified. Null if the browser sent none. */
  readonly userAgent?: Maybe<Scalars['String']['output']>;
};

export type SignInSessionConnection = {
  readonly __typename?: 'SignInSessionConnection';
  readonly edges: ReadonlyArray<SignInSessionEdge>;
  /** The sessions of the edges. */
  readonly nodes: ReadonlyArray<SignInSession>;
  readonly pageInfo: PageInfo;
};

export type SignInSessionEdge = {
  readonly __typename?: 'SignInSessionEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: SignInSession;
};

/** A key pair. The API never returns the private key. */
export type SigningKey = Node & {
  readonly __typename?: 'SigningKey';
  /** The signature algorithm (RFC 7518 §3.1, RFC 8037 §3.1). */
  readonly alg: Scalars['String']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
  /** Global ID. */
  readonly id: Scalars['ID']['output'];
  /** The key ID in the header of tokens (RFC 7515 §4.1.4). It is the thumbprint of the key (RFC 7638). */
  readonly kid: Scalars['String']['output'];
  /** Until this time, the key is published and its signatures are accepted. Null if no end is set. */
  readonly publishedUntil?: Maybe<Scalars['DateTime']['output']>;
  /** When the key begins to sign. It signs until a later key begins to sign. */
  readonly signsFrom: Scalars['DateTime']['output'];
  readonly state: SigningKeyState;
};

export type SigningKeyConnection = {
  readonly __typename?: 'SigningKeyConnection';
  readonly edges: ReadonlyArray<SigningKeyEdge>;
  /** The keys of the edges. */
  readonly nodes: ReadonlyArray<SigningKey>;
  readonly pageInfo: PageInfo;
};

export type SigningKeyEdge = {
  readonly __typename?: 'SigningKeyEdge';
  readonly cursor: Scalars['String']['output'];
  readonly node: SigningKey;
};

export type SigningKeyState =
  /** The key is published and does not sign yet. */
  | 'published'
  /** The key no longer signs. It is still published, because verifiers may need it. */
  | 'retired'
  /** The key signs. */
  | 'signing'
  /** The key is no longer published, and its signatures are refused. */
  | 'withdrawn';

export type Subscription = {
  readonly __typename?: 'Subscription';
  /**
   * Every new audit event from every process on the database, in the order of writing. A client that reads slowly gets
   * the events later. It misses an event only if the server deletes the event first, because it is too old or there are
   * too many.
   */
  readonly auditEventAdded: AuditEvent;
};

/** How an application authenticates at the token endpoint (RFC 7591 §2). */
export type TokenEndpointAuthMethod =
  /** With its client secret in the `Authorization` header. */
  | 'client_secret_basic'
  /** With its client secret in the body. */
  | 'client_secret_post'
  /** The application does not authenticate. It is a public client in a browser or on a device, which cannot keep a secret. */
  | 'none'
  /** With a JWT that it signs with its private key (RFC 7523 §2.2). The token endpoint accepts this JWT. The token mutations do not. */
  | 'private_key_jwt';

export type TokenPayload = OAuthError | TokenSet;

/** Tokens (RFC 6749 §5.1). */
export type TokenSet = {
  readonly __typename?: 'TokenSet';
  /** The access token. Send it in the `Authorization` header of requests. */
  readonly accessToken: Scalars['String']['output'];
  /** The remaining lifetime of the access token, in seconds. Null if it is not known. */
  readonly expiresIn?: Maybe<Scalars['Int']['output']>;
  /** The ID token (OpenID Connect) if the scope `openid` was granted. This server has verified the ID token of a connection. A `client` must verify the nonce of its ID token itself. */
  readonly idToken?: Maybe<Scalars['String']['output']>;
  /** The refresh token for `refreshAccessToken`. Null if none was issued. For a connection, it is a refresh handle. This server stores the refresh token of the foreign issuer, encrypted. */
  readonly refreshToken?: Maybe<Scalars['String']['output']>;
  /** The scopes that were granted. */
  readonly scope: ReadonlyArray<Scalars['String']['output']>;
  /** The scheme of that header: `Bearer`. */
  readonly tokenType: Scalars['String']['output'];
};

export type UpdateApplicationInput = {
  /** The `id` of an application. */
  readonly id: Scalars['ID']['input'];
  /** From 1 to 100 characters, in one line. Default: unchanged. */
  readonly name?: InputMaybe<Scalars['String']['input']>;
  /** Up to 10 different URIs. Default: unchanged. */
  readonly postLogoutRedirectUris?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** From 1 to 10 different URIs. Default: unchanged. */
  readonly redirectUris?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /**
   * The scopes that the application may request. Scopes that require a role are allowed only if the application has them
   * already, or if the caller has the scope `accounts`. Default: unchanged.
   */
  readonly scopes?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

export type UpdateApplicationPayload = {
  readonly __typename?: 'UpdateApplicationPayload';
  readonly application: Application;
};

/** The content of the access token of this request. */
export type Viewer = {
  readonly __typename?: 'Viewer';
  /** The account of the person. Null for an application that acts for itself, and for a person without an account at this server. */
  readonly account?: Maybe<Account>;
  /** The client ID of the application that the token was issued to. Null if the token names no client. */
  readonly clientId?: Maybe<Scalars['String']['output']>;
  /** When the token expires. */
  readonly expiresAt: Scalars['DateTime']['output'];
  /** The issuer of the token (`iss`). */
  readonly issuer: Scalars['String']['output'];
  /** The scopes that the token grants, in alphabetical order. */
  readonly scopes: ReadonlyArray<Scalars['String']['output']>;
  /** The token's subject (`sub`): the person, or an application that acts for itself. */
  readonly subject: Scalars['String']['output'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;



/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  BeginAuthorizationPayload:
    | ( BegunAuthorizationRecord )
    | ( ExchangeError )
  ;
  TokenPayload:
    | ( ExchangeError )
    | ( ExchangeTokens )
  ;
};

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( AccountRecord )
    | ( ApplicationRecord )
    | ( AuditEventRecord )
    | ( GrantRecord )
    | ( SignInSessionRecord )
    | ( SigningKeyRecord )
  ;
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Account: ResolverTypeWrapper<AccountRecord>;
  AccountConnection: ResolverTypeWrapper<Omit<AccountConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['AccountEdge']>, nodes: ReadonlyArray<ResolversTypes['Account']> }>;
  AccountEdge: ResolverTypeWrapper<Omit<AccountEdge, 'node'> & { node: ResolversTypes['Account'] }>;
  Application: ResolverTypeWrapper<ApplicationRecord>;
  ApplicationConnection: ResolverTypeWrapper<Omit<ApplicationConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['ApplicationEdge']>, nodes: ReadonlyArray<ResolversTypes['Application']> }>;
  ApplicationEdge: ResolverTypeWrapper<Omit<ApplicationEdge, 'node'> & { node: ResolversTypes['Application'] }>;
  ApplicationType: null;
  AuditActivity: ResolverTypeWrapper<Activity>;
  AuditActivityCount: ResolverTypeWrapper<MemberActivity>;
  AuditEvent: ResolverTypeWrapper<AuditEventRecord>;
  AuditEventConnection: ResolverTypeWrapper<Omit<AuditEventConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['AuditEventEdge']>, nodes: ReadonlyArray<ResolversTypes['AuditEvent']> }>;
  AuditEventEdge: ResolverTypeWrapper<Omit<AuditEventEdge, 'node'> & { node: ResolversTypes['AuditEvent'] }>;
  AuditEventOutcome: null;
  AuditEventType: null;
  AuditTypeActivity: ResolverTypeWrapper<TypeWithMembers>;
  AuthMode: AuthMode;
  AuthRule: AuthRule;
  BeginAuthorizationInput: BeginAuthorizationInput;
  BeginAuthorizationPayload: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['BeginAuthorizationPayload']>;
  BegunAuthorization: ResolverTypeWrapper<BegunAuthorizationRecord>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  ClaimRule: ClaimRule;
  ClientExchangeInput: ClientExchangeInput;
  ConnectionExchangeInput: ConnectionExchangeInput;
  CreateAccountInput: CreateAccountInput;
  CreateAccountPayload: ResolverTypeWrapper<Omit<CreateAccountPayload, 'account'> & { account: ResolversTypes['Account'] }>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeleteApplicationInput: DeleteApplicationInput;
  DeleteApplicationPayload: ResolverTypeWrapper<Omit<DeleteApplicationPayload, 'application'> & { application: ResolversTypes['Application'] }>;
  DisableAccountInput: DisableAccountInput;
  DisableAccountPayload: ResolverTypeWrapper<Omit<DisableAccountPayload, 'account'> & { account: ResolversTypes['Account'] }>;
  EnableAccountInput: EnableAccountInput;
  EnableAccountPayload: ResolverTypeWrapper<Omit<EnableAccountPayload, 'account'> & { account: ResolversTypes['Account'] }>;
  EndSignInSessionInput: EndSignInSessionInput;
  EndSignInSessionPayload: ResolverTypeWrapper<Omit<EndSignInSessionPayload, 'signInSession'> & { signInSession: ResolversTypes['SignInSession'] }>;
  ExchangeAuthorizationCodeInput: ExchangeAuthorizationCodeInput;
  ExplainedElement: ResolverTypeWrapper<ExplainedElement>;
  ExplainedRule: ResolverTypeWrapper<ExplainedRule>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Grant: ResolverTypeWrapper<GrantRecord>;
  GrantConnection: ResolverTypeWrapper<Omit<GrantConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['GrantEdge']>, nodes: ReadonlyArray<ResolversTypes['Grant']> }>;
  GrantEdge: ResolverTypeWrapper<Omit<GrantEdge, 'node'> & { node: ResolversTypes['Grant'] }>;
  GrantType: null;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  MissingEvidence: ResolverTypeWrapper<MissingEvidence>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  OAuthError: ResolverTypeWrapper<ExchangeError>;
  OAuthErrorCode: OAuthErrorCode;
  OperationExplanation: ResolverTypeWrapper<OperationExplanation>;
  OperationFault: ResolverTypeWrapper<OperationFault>;
  OperationOutcome: OperationOutcome;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RefreshAccessTokenInput: RefreshAccessTokenInput;
  RegisterApplicationInput: RegisterApplicationInput;
  RegisterApplicationPayload: ResolverTypeWrapper<Omit<RegisterApplicationPayload, 'application'> & { application: ResolversTypes['Application'] }>;
  RevokeGrantInput: RevokeGrantInput;
  RevokeGrantPayload: ResolverTypeWrapper<Omit<RevokeGrantPayload, 'grant'> & { grant: ResolversTypes['Grant'] }>;
  RevokeTokenInput: RevokeTokenInput;
  RevokeTokenPayload: ResolverTypeWrapper<Omit<RevokeTokenPayload, 'error'> & { error?: Maybe<ResolversTypes['OAuthError']> }>;
  RotateClientSecretInput: RotateClientSecretInput;
  RotateClientSecretPayload: ResolverTypeWrapper<Omit<RotateClientSecretPayload, 'application'> & { application: ResolversTypes['Application'] }>;
  RotateSigningKeyInput: RotateSigningKeyInput;
  RotateSigningKeyPayload: ResolverTypeWrapper<Omit<RotateSigningKeyPayload, 'signingKey'> & { signingKey: ResolversTypes['SigningKey'] }>;
  RuleClaim: ResolverTypeWrapper<RuleClaim>;
  RuleDecision: RuleDecision;
  RuleRequirement: ResolverTypeWrapper<RuleRequirement>;
  RuledElement: RuledElement;
  SchemaRule: ResolverTypeWrapper<SchemaRule>;
  SchemaRulePage: ResolverTypeWrapper<SchemaRulePage>;
  Scope: ResolverTypeWrapper<NamedScope>;
  SetAccountPasswordInput: SetAccountPasswordInput;
  SetAccountPasswordPayload: ResolverTypeWrapper<Omit<SetAccountPasswordPayload, 'account'> & { account: ResolversTypes['Account'] }>;
  SetAccountRolesInput: SetAccountRolesInput;
  SetAccountRolesPayload: ResolverTypeWrapper<Omit<SetAccountRolesPayload, 'account'> & { account: ResolversTypes['Account'] }>;
  SignInSession: ResolverTypeWrapper<SignInSessionRecord>;
  SignInSessionConnection: ResolverTypeWrapper<Omit<SignInSessionConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['SignInSessionEdge']>, nodes: ReadonlyArray<ResolversTypes['SignInSession']> }>;
  SignInSessionEdge: ResolverTypeWrapper<Omit<SignInSessionEdge, 'node'> & { node: ResolversTypes['SignInSession'] }>;
  SigningKey: ResolverTypeWrapper<SigningKeyRecord>;
  SigningKeyConnection: ResolverTypeWrapper<Omit<SigningKeyConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversTypes['SigningKeyEdge']>, nodes: ReadonlyArray<ResolversTypes['SigningKey']> }>;
  SigningKeyEdge: ResolverTypeWrapper<Omit<SigningKeyEdge, 'node'> & { node: ResolversTypes['SigningKey'] }>;
  SigningKeyState: null;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  TokenEndpointAuthMethod: null;
  TokenPayload: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['TokenPayload']>;
  TokenSet: ResolverTypeWrapper<ExchangeTokens>;
  UpdateApplicationInput: UpdateApplicationInput;
  UpdateApplicationPayload: ResolverTypeWrapper<Omit<UpdateApplicationPayload, 'application'> & { application: ResolversTypes['Application'] }>;
  Viewer: ResolverTypeWrapper<VerifiedPrincipal>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Account: AccountRecord;
  AccountConnection: Omit<AccountConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['AccountEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Account']> };
  AccountEdge: Omit<AccountEdge, 'node'> & { node: ResolversParentTypes['Account'] };
  Application: ApplicationRecord;
  ApplicationConnection: Omit<ApplicationConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['ApplicationEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Application']> };
  ApplicationEdge: Omit<ApplicationEdge, 'node'> & { node: ResolversParentTypes['Application'] };
  AuditActivity: Activity;
  AuditActivityCount: MemberActivity;
  AuditEvent: AuditEventRecord;
  AuditEventConnection: Omit<AuditEventConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['AuditEventEdge']>, nodes: ReadonlyArray<ResolversParentTypes['AuditEvent']> };
  AuditEventEdge: Omit<AuditEventEdge, 'node'> & { node: ResolversParentTypes['AuditEvent'] };
  AuditTypeActivity: TypeWithMembers;
  AuthRule: AuthRule;
  BeginAuthorizationInput: BeginAuthorizationInput;
  BeginAuthorizationPayload: ResolversUnionTypes<ResolversParentTypes>['BeginAuthorizationPayload'];
  BegunAuthorization: BegunAuthorizationRecord;
  Boolean: Scalars['Boolean']['output'];
  ClaimRule: ClaimRule;
  ClientExchangeInput: ClientExchangeInput;
  ConnectionExchangeInput: ConnectionExchangeInput;
  CreateAccountInput: CreateAccountInput;
  CreateAccountPayload: Omit<CreateAccountPayload, 'account'> & { account: ResolversParentTypes['Account'] };
  DateTime: Scalars['DateTime']['output'];
  DeleteApplicationInput: DeleteApplicationInput;
  DeleteApplicationPayload: Omit<DeleteApplicationPayload, 'application'> & { application: ResolversParentTypes['Application'] };
  DisableAccountInput: DisableAccountInput;
  DisableAccountPayload: Omit<DisableAccountPayload, 'account'> & { account: ResolversParentTypes['Account'] };
  EnableAccountInput: EnableAccountInput;
  EnableAccountPayload: Omit<EnableAccountPayload, 'account'> & { account: ResolversParentTypes['Account'] };
  EndSignInSessionInput: EndSignInSessionInput;
  EndSignInSessionPayload: Omit<EndSignInSessionPayload, 'signInSession'> & { signInSession: ResolversParentTypes['SignInSession'] };
  ExchangeAuthorizationCodeInput: ExchangeAuthorizationCodeInput;
  ExplainedElement: ExplainedElement;
  ExplainedRule: ExplainedRule;
  Float: Scalars['Float']['output'];
  Grant: GrantRecord;
  GrantConnection: Omit<GrantConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['GrantEdge']>, nodes: ReadonlyArray<ResolversParentTypes['Grant']> };
  GrantEdge: Omit<GrantEdge, 'node'> & { node: ResolversParentTypes['Grant'] };
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  MissingEvidence: MissingEvidence;
  Mutation: Record<PropertyKey, never>;
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  OAuthError: ExchangeError;
  OperationExplanation: OperationExplanation;
  OperationFault: OperationFault;
  PageInfo: PageInfo;
  Query: Record<PropertyKey, never>;
  RefreshAccessTokenInput: RefreshAccessTokenInput;
  RegisterApplicationInput: RegisterApplicationInput;
  RegisterApplicationPayload: Omit<RegisterApplicationPayload, 'application'> & { application: ResolversParentTypes['Application'] };
  RevokeGrantInput: RevokeGrantInput;
  RevokeGrantPayload: Omit<RevokeGrantPayload, 'grant'> & { grant: ResolversParentTypes['Grant'] };
  RevokeTokenInput: RevokeTokenInput;
  RevokeTokenPayload: Omit<RevokeTokenPayload, 'error'> & { error?: Maybe<ResolversParentTypes['OAuthError']> };
  RotateClientSecretInput: RotateClientSecretInput;
  RotateClientSecretPayload: Omit<RotateClientSecretPayload, 'application'> & { application: ResolversParentTypes['Application'] };
  RotateSigningKeyInput: RotateSigningKeyInput;
  RotateSigningKeyPayload: Omit<RotateSigningKeyPayload, 'signingKey'> & { signingKey: ResolversParentTypes['SigningKey'] };
  RuleClaim: RuleClaim;
  RuleRequirement: RuleRequirement;
  SchemaRule: SchemaRule;
  SchemaRulePage: SchemaRulePage;
  Scope: NamedScope;
  SetAccountPasswordInput: SetAccountPasswordInput;
  SetAccountPasswordPayload: Omit<SetAccountPasswordPayload, 'account'> & { account: ResolversParentTypes['Account'] };
  SetAccountRolesInput: SetAccountRolesInput;
  SetAccountRolesPayload: Omit<SetAccountRolesPayload, 'account'> & { account: ResolversParentTypes['Account'] };
  SignInSession: SignInSessionRecord;
  SignInSessionConnection: Omit<SignInSessionConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['SignInSessionEdge']>, nodes: ReadonlyArray<ResolversParentTypes['SignInSession']> };
  SignInSessionEdge: Omit<SignInSessionEdge, 'node'> & { node: ResolversParentTypes['SignInSession'] };
  SigningKey: SigningKeyRecord;
  SigningKeyConnection: Omit<SigningKeyConnection, 'edges' | 'nodes'> & { edges: ReadonlyArray<ResolversParentTypes['SigningKeyEdge']>, nodes: ReadonlyArray<ResolversParentTypes['SigningKey']> };
  SigningKeyEdge: Omit<SigningKeyEdge, 'node'> & { node: ResolversParentTypes['SigningKey'] };
  String: Scalars['String']['output'];
  Subscription: Record<PropertyKey, never>;
  TokenPayload: ResolversUnionTypes<ResolversParentTypes>['TokenPayload'];
  TokenSet: ExchangeTokens;
  UpdateApplicationInput: UpdateApplicationInput;
  UpdateApplicationPayload: Omit<UpdateApplicationPayload, 'application'> & { application: ResolversParentTypes['Application'] };
  Viewer: VerifiedPrincipal;
};

export type AuthDirectiveArgs = {
  acr?: Maybe<ReadonlyArray<Scalars['String']['input']>>;
  anyOf?: Maybe<ReadonlyArray<AuthRule>>;
  claims?: Maybe<ReadonlyArray<ClaimRule>>;
  maxAge?: Maybe<Scalars['Int']['input']>;
  mode?: AuthMode;
  owner?: Maybe<Scalars['String']['input']>;
  policy?: Maybe<ReadonlyArray<Scalars['String']['input']>>;
  scope?: Maybe<ReadonlyArray<Scalars['String']['input']>>;
};

export type AuthDirectiveResolver<Result, Parent, ContextType = ApiContext, Args = AuthDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type PublicDirectiveArgs = { };

export type PublicDirectiveResolver<Result, Parent, ContextType = ApiContext, Args = PublicDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type SensitiveDirectiveArgs = { };

export type SensitiveDirectiveResolver<Result, Parent, ContextType = ApiContext, Args = SensitiveDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type AccountResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['Account'] = ResolversParentTypes['Account']> = {
  applications?: Resolver<Maybe<ResolversTypes['ApplicationConnection']>, ParentType, ContextType, RequireFields<AccountApplicationsArgs, 'first'>>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  disabled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  grants?: Resolver<Maybe<ResolversTypes['GrantConnection']>, ParentType, ContextType, RequireFields<AccountGrantsArgs, 'first'>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  roles?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  signInSessions?: Resolver<Maybe<ResolversTypes['SignInSessionConnection']>, ParentType, ContextType, RequireFields<AccountSignInSessionsArgs, 'first'>>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AccountConnectionResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['AccountConnection'] = ResolversParentTypes['AccountConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['AccountEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Account']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AccountEdgeResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['AccountEdge'] = ResolversParentTypes['AccountEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
};

export type ApplicationResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['Application'] = ResolversParentTypes['Application']> = {
  applicationType?: Resolver<ResolversTypes['ApplicationType'], ParentType, ContextType>;
  clientId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  dpopBoundAccessTokens?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  grantTypes?: Resolver<ReadonlyArray<ResolversTypes['GrantType']>, ParentType, ContextType>;
  grants?: Resolver<Maybe<ResolversTypes['GrantConnection']>, ParentType, ContextType, RequireFields<ApplicationGrantsArgs, 'first'>>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  postLogoutRedirectUris?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  redirectUris?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  registeredBy?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  requirePushedAuthorizationRequests?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  scopes?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  tokenEndpointAuthMethod?: Resolver<ResolversTypes['TokenEndpointAuthMethod'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ApplicationConnectionResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['ApplicationConnection'] = ResolversParentTypes['ApplicationConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ApplicationEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Application']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ApplicationEdgeResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['ApplicationEdge'] = ResolversParentTypes['ApplicationEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Application'], ParentType, ContextType>;
};

export type ApplicationTypeResolvers = { NATIVE: 'native', WEB: 'web' };

export type AuditActivityResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['AuditActivity'] = ResolversParentTypes['AuditActivity']> = {
  bucketSeconds?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  latest?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  since?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  types?: Resolver<ReadonlyArray<ResolversTypes['AuditTypeActivity']>, ParentType, ContextType>;
  until?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type AuditActivityCountResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['AuditActivityCount'] = ResolversParentTypes['AuditActivityCount']> = {
  count?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AuditEventResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['AuditEvent'] = ResolversParentTypes['AuditEvent']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  clientId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  coordinate?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  detail?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['AuditEventOutcome'], ParentType, ContextType>;
  rule?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  type?: Resolver<ResolversTypes['AuditEventType'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AuditEventConnectionResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['AuditEventConnection'] = ResolversParentTypes['AuditEventConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['AuditEventEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['AuditEvent']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AuditEventEdgeResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['AuditEventEdge'] = ResolversParentTypes['AuditEventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AuditEvent'], ParentType, ContextType>;
};

export type AuditEventOutcomeResolvers = { ALLOWED: 'allowed', DENIED: 'denied', FAILED: 'failed' };

export type AuditEventTypeResolvers = { ACCOUNT_CREATED: 'account_created', ACCOUNT_DISABLED: 'account_disabled', ACCOUNT_ENABLED: 'account_enabled', ACCOUNT_ROLES_CHANGED: 'account_roles_changed', ADMINISTRATION: 'administration', APPLICATION_DELETED: 'application_deleted', APPLICATION_REGISTERED: 'application_registered', APPLICATION_SECRET_ROTATED: 'application_secret_rotated', APPLICATION_UPDATED: 'application_updated', CODE_REUSE: 'code_reuse', COOKIE_KEY_REPLACED: 'cookie_key_replaced', DATABASE_RESTORED: 'database_restored', DENIAL: 'denial', GRANT_GIVEN: 'grant_given', GRANT_REVOKED: 'grant_revoked', KEY_PUBLISHED: 'key_published', KEY_RETIRED: 'key_retired', PASSWORD_CHANGED: 'password_changed', REFRESH_REUSE: 'refresh_reuse', SHADOW_DENIAL: 'shadow_denial', SIGN_IN: 'sign_in', SIGN_IN_FAILED: 'sign_in_failed', SIGN_OUT: 'sign_out', TOKEN_ISSUED: 'token_issued', TOKEN_REFRESHED: 'token_refreshed', TOKEN_REVOKED: 'token_revoked' };

export type AuditTypeActivityResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['AuditTypeActivity'] = ResolversParentTypes['AuditTypeActivity']> = {
  clients?: Resolver<ReadonlyArray<ResolversTypes['AuditActivityCount']>, ParentType, ContextType, RequireFields<AuditTypeActivityClientsArgs, 'first'>>;
  coordinates?: Resolver<ReadonlyArray<ResolversTypes['AuditActivityCount']>, ParentType, ContextType, RequireFields<AuditTypeActivityCoordinatesArgs, 'first'>>;
  counts?: Resolver<ReadonlyArray<ResolversTypes['Float']>, ParentType, ContextType>;
  rules?: Resolver<ReadonlyArray<ResolversTypes['AuditActivityCount']>, ParentType, ContextType, RequireFields<AuditTypeActivityRulesArgs, 'first'>>;
  total?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['AuditEventType'], ParentType, ContextType>;
};

export type BeginAuthorizationPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['BeginAuthorizationPayload'] = ResolversParentTypes['BeginAuthorizationPayload']> = {
  __resolveType: TypeResolveFn<'BegunAuthorization' | 'OAuthError', ParentType, ContextType>;
};

export type BegunAuthorizationResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['BegunAuthorization'] = ResolversParentTypes['BegunAuthorization']> = {
  authorizationUrl?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresIn?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  transaction?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateAccountPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['CreateAccountPayload'] = ResolversParentTypes['CreateAccountPayload']> = {
  account?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
  password?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeleteApplicationPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['DeleteApplicationPayload'] = ResolversParentTypes['DeleteApplicationPayload']> = {
  application?: Resolver<ResolversTypes['Application'], ParentType, ContextType>;
};

export type DisableAccountPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['DisableAccountPayload'] = ResolversParentTypes['DisableAccountPayload']> = {
  account?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
};

export type EnableAccountPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['EnableAccountPayload'] = ResolversParentTypes['EnableAccountPayload']> = {
  account?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
};

export type EndSignInSessionPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['EndSignInSessionPayload'] = ResolversParentTypes['EndSignInSessionPayload']> = {
  signInSession?: Resolver<ResolversTypes['SignInSession'], ParentType, ContextType>;
};

export type ExplainedElementResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['ExplainedElement'] = ResolversParentTypes['ExplainedElement']> = {
  column?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  coordinate?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  decision?: Resolver<ResolversTypes['RuleDecision'], ParentType, ContextType>;
  line?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  path?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  rules?: Resolver<ReadonlyArray<ResolversTypes['ExplainedRule']>, ParentType, ContextType>;
};

export type ExplainedRuleResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['ExplainedRule'] = ResolversParentTypes['ExplainedRule']> = {
  coordinate?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  decision?: Resolver<ResolversTypes['RuleDecision'], ParentType, ContextType>;
  missing?: Resolver<Maybe<ResolversTypes['MissingEvidence']>, ParentType, ContextType>;
  shadow?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  words?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type GrantResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['Grant'] = ResolversParentTypes['Grant']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  application?: Resolver<ResolversTypes['Application'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  scopes?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type GrantConnectionResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['GrantConnection'] = ResolversParentTypes['GrantConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['GrantEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Grant']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type GrantEdgeResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['GrantEdge'] = ResolversParentTypes['GrantEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Grant'], ParentType, ContextType>;
};

export type GrantTypeResolvers = { AUTHORIZATION_CODE: 'authorization_code', CLIENT_CREDENTIALS: 'client_credentials', REFRESH_TOKEN: 'refresh_token' };

export type MissingEvidenceResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['MissingEvidence'] = ResolversParentTypes['MissingEvidence']> = {
  account?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  acr?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  claims?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  maxAge?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  scopes?: Resolver<ReadonlyArray<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  token?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  beginAuthorization?: Resolver<ResolversTypes['BeginAuthorizationPayload'], ParentType, ContextType, RequireFields<MutationBeginAuthorizationArgs, 'input'>>;
  createAccount?: Resolver<ResolversTypes['CreateAccountPayload'], ParentType, ContextType, RequireFields<MutationCreateAccountArgs, 'input'>>;
  deleteApplication?: Resolver<ResolversTypes['DeleteApplicationPayload'], ParentType, ContextType, RequireFields<MutationDeleteApplicationArgs, 'input'>>;
  disableAccount?: Resolver<ResolversTypes['DisableAccountPayload'], ParentType, ContextType, RequireFields<MutationDisableAccountArgs, 'input'>>;
  enableAccount?: Resolver<ResolversTypes['EnableAccountPayload'], ParentType, ContextType, RequireFields<MutationEnableAccountArgs, 'input'>>;
  endSignInSession?: Resolver<ResolversTypes['EndSignInSessionPayload'], ParentType, ContextType, RequireFields<MutationEndSignInSessionArgs, 'input'>>;
  exchangeAuthorizationCode?: Resolver<ResolversTypes['TokenPayload'], ParentType, ContextType, RequireFields<MutationExchangeAuthorizationCodeArgs, 'input'>>;
  refreshAccessToken?: Resolver<ResolversTypes['TokenPayload'], ParentType, ContextType, RequireFields<MutationRefreshAccessTokenArgs, 'input'>>;
  registerApplication?: Resolver<ResolversTypes['RegisterApplicationPayload'], ParentType, ContextType, RequireFields<MutationRegisterApplicationArgs, 'input'>>;
  revokeGrant?: Resolver<ResolversTypes['RevokeGrantPayload'], ParentType, ContextType, RequireFields<MutationRevokeGrantArgs, 'input'>>;
  revokeToken?: Resolver<ResolversTypes['RevokeTokenPayload'], ParentType, ContextType, RequireFields<MutationRevokeTokenArgs, 'input'>>;
  rotateClientSecret?: Resolver<ResolversTypes['RotateClientSecretPayload'], ParentType, ContextType, RequireFields<MutationRotateClientSecretArgs, 'input'>>;
  rotateSigningKey?: Resolver<ResolversTypes['RotateSigningKeyPayload'], ParentType, ContextType, RequireFields<MutationRotateSigningKeyArgs, 'input'>>;
  setAccountPassword?: Resolver<ResolversTypes['SetAccountPasswordPayload'], ParentType, ContextType, RequireFields<MutationSetAccountPasswordArgs, 'input'>>;
  setAccountRoles?: Resolver<ResolversTypes['SetAccountRolesPayload'], ParentType, ContextType, RequireFields<MutationSetAccountRolesArgs, 'input'>>;
  updateApplication?: Resolver<ResolversTypes['UpdateApplicationPayload'], ParentType, ContextType, RequireFields<MutationUpdateApplicationArgs, 'input'>>;
};

export type NodeResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'Account' | 'Application' | 'AuditEvent' | 'Grant' | 'SignInSession' | 'SigningKey', ParentType, ContextType>;
};

export type OAuthErrorResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['OAuthError'] = ResolversParentTypes['OAuthError']> = {
  error?: Resolver<ResolversTypes['OAuthErrorCode'], ParentType, ContextType>;
  errorDescription?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OperationExplanationResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['OperationExplanation'] = ResolversParentTypes['OperationExplanation']> = {
  code?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  elements?: Resolver<ReadonlyArray<ResolversTypes['ExplainedElement']>, ParentType, ContextType>;
  elementsCapped?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  faults?: Resolver<ReadonlyArray<ResolversTypes['OperationFault']>, ParentType, ContextType>;
  leastScopes?: Resolver<ReadonlyArray<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  leastScopesCapped?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  missing?: Resolver<Maybe<ResolversTypes['MissingEvidence']>, ParentType, ContextType>;
  operationName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['OperationOutcome'], ParentType, ContextType>;
};

export type OperationFaultResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['OperationFault'] = ResolversParentTypes['OperationFault']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  column?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  line?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType, RequireFields<QueryAccountArgs, 'id'>>;
  accounts?: Resolver<ResolversTypes['AccountConnection'], ParentType, ContextType, RequireFields<QueryAccountsArgs, 'first'>>;
  application?: Resolver<Maybe<ResolversTypes['Application']>, ParentType, ContextType, Partial<QueryApplicationArgs>>;
  applications?: Resolver<ResolversTypes['ApplicationConnection'], ParentType, ContextType, RequireFields<QueryApplicationsArgs, 'first'>>;
  auditActivity?: Resolver<ResolversTypes['AuditActivity'], ParentType, ContextType, RequireFields<QueryAuditActivityArgs, 'buckets' | 'since'>>;
  auditEvents?: Resolver<ResolversTypes['AuditEventConnection'], ParentType, ContextType, RequireFields<QueryAuditEventsArgs, 'first'>>;
  explainOperation?: Resolver<ResolversTypes['OperationExplanation'], ParentType, ContextType, RequireFields<QueryExplainOperationArgs, 'document'>>;
  grants?: Resolver<ResolversTypes['GrantConnection'], ParentType, ContextType, RequireFields<QueryGrantsArgs, 'first'>>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  schemaRules?: Resolver<ResolversTypes['SchemaRulePage'], ParentType, ContextType, RequireFields<QuerySchemaRulesArgs, 'first'>>;
  scopes?: Resolver<ReadonlyArray<ResolversTypes['Scope']>, ParentType, ContextType>;
  signingKeys?: Resolver<ResolversTypes['SigningKeyConnection'], ParentType, ContextType, RequireFields<QuerySigningKeysArgs, 'first'>>;
  viewer?: Resolver<ResolversTypes['Viewer'], ParentType, ContextType>;
};

export type RegisterApplicationPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['RegisterApplicationPayload'] = ResolversParentTypes['RegisterApplicationPayload']> = {
  application?: Resolver<ResolversTypes['Application'], ParentType, ContextType>;
  clientSecret?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type RevokeGrantPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['RevokeGrantPayload'] = ResolversParentTypes['RevokeGrantPayload']> = {
  grant?: Resolver<ResolversTypes['Grant'], ParentType, ContextType>;
};

export type RevokeTokenPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['RevokeTokenPayload'] = ResolversParentTypes['RevokeTokenPayload']> = {
  error?: Resolver<Maybe<ResolversTypes['OAuthError']>, ParentType, ContextType>;
};

export type RotateClientSecretPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['RotateClientSecretPayload'] = ResolversParentTypes['RotateClientSecretPayload']> = {
  application?: Resolver<ResolversTypes['Application'], ParentType, ContextType>;
  clientSecret?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type RotateSigningKeyPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['RotateSigningKeyPayload'] = ResolversParentTypes['RotateSigningKeyPayload']> = {
  signingKey?: Resolver<ResolversTypes['SigningKey'], ParentType, ContextType>;
};

export type RuleClaimResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['RuleClaim'] = ResolversParentTypes['RuleClaim']> = {
  claim?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  contains?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  exists?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  oneOf?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
};

export type RuleRequirementResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['RuleRequirement'] = ResolversParentTypes['RuleRequirement']> = {
  acr?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  claims?: Resolver<ReadonlyArray<ResolversTypes['RuleClaim']>, ParentType, ContextType>;
  maxAge?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  owner?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  policies?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  scope?: Resolver<ReadonlyArray<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
};

export type SchemaRuleResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['SchemaRule'] = ResolversParentTypes['SchemaRule']> = {
  anyOf?: Resolver<ReadonlyArray<ResolversTypes['RuleRequirement']>, ParentType, ContextType>;
  coordinate?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  decision?: Resolver<ResolversTypes['RuleDecision'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['RuledElement'], ParentType, ContextType>;
  requirement?: Resolver<ResolversTypes['RuleRequirement'], ParentType, ContextType>;
  shadow?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  words?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type SchemaRulePageResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['SchemaRulePage'] = ResolversParentTypes['SchemaRulePage']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['SchemaRule']>, ParentType, ContextType>;
};

export type ScopeResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['Scope'] = ResolversParentTypes['Scope']> = {
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  requiresRole?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type SetAccountPasswordPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['SetAccountPasswordPayload'] = ResolversParentTypes['SetAccountPasswordPayload']> = {
  account?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
};

export type SetAccountRolesPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['SetAccountRolesPayload'] = ResolversParentTypes['SetAccountRolesPayload']> = {
  account?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
};

export type SignInSessionResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['SignInSession'] = ResolversParentTypes['SignInSession']> = {
  browser?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  current?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastSeenAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  signedInAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SignInSessionConnectionResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['SignInSessionConnection'] = ResolversParentTypes['SignInSessionConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['SignInSessionEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['SignInSession']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type SignInSessionEdgeResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['SignInSessionEdge'] = ResolversParentTypes['SignInSessionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['SignInSession'], ParentType, ContextType>;
};

export type SigningKeyResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['SigningKey'] = ResolversParentTypes['SigningKey']> = {
  alg?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kid?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  publishedUntil?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  signsFrom?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['SigningKeyState'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SigningKeyConnectionResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['SigningKeyConnection'] = ResolversParentTypes['SigningKeyConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['SigningKeyEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['SigningKey']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type SigningKeyEdgeResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['SigningKeyEdge'] = ResolversParentTypes['SigningKeyEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['SigningKey'], ParentType, ContextType>;
};

export type SigningKeyStateResolvers = { PUBLISHED: 'published', RETIRED: 'retired', SIGNING: 'signing', WITHDRAWN: 'withdrawn' };

export type SubscriptionResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  auditEventAdded?: SubscriptionResolver<ResolversTypes['AuditEvent'], "auditEventAdded", ParentType, ContextType>;
};

export type TokenEndpointAuthMethodResolvers = { CLIENT_SECRET_BASIC: 'client_secret_basic', CLIENT_SECRET_POST: 'client_secret_post', NONE: 'none', PRIVATE_KEY_JWT: 'private_key_jwt' };

export type TokenPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['TokenPayload'] = ResolversParentTypes['TokenPayload']> = {
  __resolveType: TypeResolveFn<'OAuthError' | 'TokenSet', ParentType, ContextType>;
};

export type TokenSetResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['TokenSet'] = ResolversParentTypes['TokenSet']> = {
  accessToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresIn?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  idToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  refreshToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  scope?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  tokenType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateApplicationPayloadResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['UpdateApplicationPayload'] = ResolversParentTypes['UpdateApplicationPayload']> = {
  application?: Resolver<ResolversTypes['Application'], ParentType, ContextType>;
};

export type ViewerResolvers<ContextType = ApiContext, ParentType extends ResolversParentTypes['Viewer'] = ResolversParentTypes['Viewer']> = {
  account?: Resolver<Maybe<ResolversTypes['Account']>, ParentType, ContextType>;
  clientId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  issuer?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  scopes?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type Resolvers<ContextType = ApiContext> = {
  Account?: AccountResolvers<ContextType>;
  AccountConnection?: AccountConnectionResolvers<ContextType>;
  AccountEdge?: AccountEdgeResolvers<ContextType>;
  Application?: ApplicationResolvers<ContextType>;
  ApplicationConnection?: ApplicationConnectionResolvers<ContextType>;
  ApplicationEdge?: ApplicationEdgeResolvers<ContextType>;
  ApplicationType?: ApplicationTypeResolvers;
  AuditActivity?: AuditActivityResolvers<ContextType>;
  AuditActivityCount?: AuditActivityCountResolvers<ContextType>;
  AuditEvent?: AuditEventResolvers<ContextType>;
  AuditEventConnection?: AuditEventConnectionResolvers<ContextType>;
  AuditEventEdge?: AuditEventEdgeResolvers<ContextType>;
  AuditEventOutcome?: AuditEventOutcomeResolvers;
  AuditEventType?: AuditEventTypeResolvers;
  AuditTypeActivity?: AuditTypeActivityResolvers<ContextType>;
  BeginAuthorizationPayload?: BeginAuthorizationPayloadResolvers<ContextType>;
  BegunAuthorization?: BegunAuthorizationResolvers<ContextType>;
  CreateAccountPayload?: CreateAccountPayloadResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeleteApplicationPayload?: DeleteApplicationPayloadResolvers<ContextType>;
  DisableAccountPayload?: DisableAccountPayloadResolvers<ContextType>;
  EnableAccountPayload?: EnableAccountPayloadResolvers<ContextType>;
  EndSignInSessionPayload?: EndSignInSessionPayloadResolvers<ContextType>;
  ExplainedElement?: ExplainedElementResolvers<ContextType>;
  ExplainedRule?: ExplainedRuleResolvers<ContextType>;
  Grant?: GrantResolvers<ContextType>;
  GrantConnection?: GrantConnectionResolvers<ContextType>;
  GrantEdge?: GrantEdgeResolvers<ContextType>;
  GrantType?: GrantTypeResolvers;
  MissingEvidence?: MissingEvidenceResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  OAuthError?: OAuthErrorResolvers<ContextType>;
  OperationExplanation?: OperationExplanationResolvers<ContextType>;
  OperationFault?: OperationFaultResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RegisterApplicationPayload?: RegisterApplicationPayloadResolvers<ContextType>;
  RevokeGrantPayload?: RevokeGrantPayloadResolvers<ContextType>;
  RevokeTokenPayload?: RevokeTokenPayloadResolvers<ContextType>;
  RotateClientSecretPayload?: RotateClientSecretPayloadResolvers<ContextType>;
  RotateSigningKeyPayload?: RotateSigningKeyPayloadResolvers<ContextType>;
  RuleClaim?: RuleClaimResolvers<ContextType>;
  RuleRequirement?: RuleRequirementResolvers<ContextType>;
  SchemaRule?: SchemaRuleResolvers<ContextType>;
  SchemaRulePage?: SchemaRulePageResolvers<ContextType>;
  Scope?: ScopeResolvers<ContextType>;
  SetAccountPasswordPayload?: SetAccountPasswordPayloadResolvers<ContextType>;
  SetAccountRolesPayload?: SetAccountRolesPayloadResolvers<ContextType>;
  SignInSession?: SignInSessionResolvers<ContextType>;
  SignInSessionConnection?: SignInSessionConnectionResolvers<ContextType>;
  SignInSessionEdge?: SignInSessionEdgeResolvers<ContextType>;
  SigningKey?: SigningKeyResolvers<ContextType>;
  SigningKeyConnection?: SigningKeyConnectionResolvers<ContextType>;
  SigningKeyEdge?: SigningKeyEdgeResolvers<ContextType>;
  SigningKeyState?: SigningKeyStateResolvers;
  Subscription?: SubscriptionResolvers<ContextType>;
  TokenEndpointAuthMethod?: TokenEndpointAuthMethodResolvers;
  TokenPayload?: TokenPayloadResolvers<ContextType>;
  TokenSet?: TokenSetResolvers<ContextType>;
  UpdateApplicationPayload?: UpdateApplicationPayloadResolvers<ContextType>;
  Viewer?: ViewerResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = ApiContext> = {
  auth?: AuthDirectiveResolver<any, any, ContextType>;
  public?: PublicDirectiveResolver<any, any, ContextType>;
  sensitive?: SensitiveDirectiveResolver<any, any, ContextType>;
};
