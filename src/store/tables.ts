import type { Generated, Kysely } from 'kysely';
import type { Revocation } from '../token/ports.ts';

/** Milliseconds since the epoch. */
type Time = number;
/** A JSON document as text. */
type Json = string;

interface AccountsTable {
  id: string;
  /** In lower case. */
  email: string;
  /** PHC string, argon2id. */
  password_hash: string;
  /** JSON array of strings. */
  roles: Json;
  created_at: Time;
  disabled_at: Time | null;
  /**
   * Increases when earlier authentications end: when the account gets a new password, is disabled, or is signed out
   * everywhere.
   */
  credential_epoch: Generated<number>;
}

interface ApplicationsTable {
  /** The client ID. */
  id: string;
  name: string;
  /** SHA-256 of the client secret, base64url; null for a public client. */
  secret_hash: string | null;
  token_endpoint_auth_method: string;
  application_type: string;
  /** JSON array of strings. */
  redirect_uris: Json;
  /** JSON array of strings; null: every scope of the catalogue. */
  scopes: Json | null;
  /** The account that registered it; null if it registered itself, and for the first-party application. */
  registered_by: string | null;
  created_at: Time;
  /** JSON array of OAuth grant types. */
  grant_types: Json;
  /** JSON array of the public JWKs with which the application authenticates. */
  jwks: Json | null;
  /** 1: all its tokens are bound to a key (DPoP). 0: they need not be. */
  dpop_bound: number;
  /** 1: it must use pushed authorization requests. */
  pushed_requests_only: number;
  /** JSON array of strings. */
  post_logout_redirect_uris: Json;
  /** How it registered itself; null: it did not register itself, or this is unknown. */
  self_registered: 'open' | 'token' | null;
  /**
   * The time of the last consent, if `self_registered` is `open`. Null: no consent yet, or another `self_registered`.
   */
  granted_at: Time | null;
}

interface GrantsTable {
  id: string;
  account_id: string;
  application_id: string;
  /** JSON array of strings: the scopes of the API that were granted. */
  scopes: Json;
  /** The payload that oidc-provider stores for the grant. */
  payload: Json;
  created_at: Time;
  expires_at: Time;
  /** SHA-256 of the facts that the consent page stated; null: the consent is not remembered. */
  consent_seen: string | null;
}

interface ArtifactsTable {
  /** oidc-provider's model name. */
  model: string;
  /** SHA-256 of the identifier, base64url. Only the payload of a session has the identifier in clear. */
  id_hash: string;
  payload: Json;
  grant_id: string | null;
  /** SHA-256 of the session's uid, base64url. */
  uid_hash: string | null;
  consumed_at: Time | null;
  expires_at: Time | null;
  /** The account of a session or of an unfinished sign-in. */
  account_id: string | null;
  /** The credential epoch in which that account authenticated. In another epoch, the artifact is not found. */
  credential_epoch: Generated<number>;
  /** When the account of a session signed in. */
  signed_in_at: Time | null;
  /** The `User-Agent` of the last request of a session. */
  user_agent: string | null;
}

interface SigningKeysTable {
  kid: string;
  alg: string;
  /** The private key as a JWK, in clear or sealed (sealing.ts). Empty when the key is no longer published. */
  jwk: Json;
  public_jwk: Json;
  created_at: Time;
  signs_from: Time;
  published_until: Time | null;
}

interface ServerSecretsTable {
  name: string;
  /** In clear, or sealed (sealing.ts). */
  value: string;
}

interface KeyCopiesTable {
  issuer: string;
  /** A JWK Set of public keys. */
  key_set: Json;
  fetched_at: Time;
}

interface RevocationsTable {
  /** Counts up in the order of commits (counters.ts). */
  sequence: number;
  kind: Revocation['kind'];
  id: string;
  issued_until: Time;
  revoked_at: Time;
}

interface ReplaysTable {
  /** SHA-256 of the identifier, base64url. */
  id_hash: string;
  /** When it may be deleted. */
  expires_at: Time;
}

interface AuditEventsTable {
  /** Counts up in the order of commits (counters.ts). */
  sequence: number;
  at: Time;
  type: string;
  outcome: string;
  coordinate: string | null;
  rule: string | null;
  account_id: string | null;
  /** The client ID of the application. */
  client_id: string | null;
  detail: string | null;
  /** How many equal events this row represents. */
  count: number;
}

interface AuthorizationTransactionsTable {
  /** SHA-256 of the handle, base64url. */
  id_hash: string;
  /** The name of a configured connection. */
  connection: string;
  redirect_uri: string;
  /** When it was used; null: not yet. */
  taken_at: Time | null;
  expires_at: Time;
}

interface ConnectionGrantsTable {
  /** SHA-256 of the refresh handle, base64url. */
  id_hash: string;
  /** The name that all handles of one sign-in share. */
  family: string;
  /** The name of a configured connection. */
  connection: string;
  /** The foreign refresh token and its account, encrypted; null after the handle was used. */
  sealed: string | null;
  /** When the claim of a request ends; null: no request has claimed it. */
  claimed_until: Time | null;
  spent_at: Time | null;
  expires_at: Time;
}

/** The tables whose rows are numbered in the order of their commits. Readers follow these tables. */
export type Numbered = 'revocations' | 'audit_events';

interface CountersTable {
  /** The table whose rows or changes are counted. */
  name: Numbered | 'signing_keys';
  /** The last number that was taken. */
  value: number;
}

interface LeasesTable {
  name: string;
  holder: string;
  until: Time;
}

interface RateLimitsTable {
  /** SHA-256 of the key, base64url, without a salt. The address and the account are not stored in clear. */
  key_hash: string;
  points: number;
  /** When the counter starts again. */
  expires_at: Time;
}

/** The tables by their names. */
export interface Tables {
  accounts: AccountsTable;
  applications: ApplicationsTable;
  grants: GrantsTable;
  artifacts: ArtifactsTable;
  signing_keys: SigningKeysTable;
  server_secrets: ServerSecretsTable;
  key_copies: KeyCopiesTable;
  revocations: RevocationsTable;
  replays: ReplaysTable;
  audit_events: AuditEventsTable;
  authorization_transactions: AuthorizationTransactionsTable;
  connection_grants: ConnectionGrantsTable;
  counters: CountersTable;
  leases: LeasesTable;
  rate_limits: RateLimitsTable;
}

/** The database, or a transaction on it. */
export type Store = Kysely<Tables>;
