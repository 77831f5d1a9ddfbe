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
  /** Counts up whenever nothing that was proven before may count: with a new password, when it is disabled or signed out everywhere. */
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
  /** The account that registered it; null for the first-party application. */
  registered_by: string | null;
  created_at: Time;
  /** JSON array of OAuth grant types. */
  grant_types: Json;
  /** JSON array of public JWKs, of an application that proves itself by its key. */
  jwks: Json | null;
  /** 1: its tokens are all bound to a key (DPoP). */
  dpop_bound: number;
  /** 1: it may ask by pushed authorization requests only. */
  pushed_requests_only: number;
  /** JSON array of strings. */
  post_logout_redirect_uris: Json;
  /** How it registered itself; null: an account registered it, or that is not known. */
  self_registered: 'open' | 'token' | null;
  /** When a person allowed it last; null: no person has. */
  granted_at: Time | null;
}

interface GrantsTable {
  id: string;
  account_id: string;
  application_id: string;
  /** JSON array of strings: the scopes of the API that were granted. */
  scopes: Json;
  /** What oidc-provider keeps of the grant. */
  payload: Json;
  created_at: Time;
  expires_at: Time;
  /** SHA-256 of what the consent page said of the application and of where the answer goes; null: the yes is not remembered. */
  consent_seen: string | null;
}

interface ArtifactsTable {
  /** oidc-provider's model name. */
  model: string;
  /** SHA-256 of the identifier, base64url: codes and tokens are never stored. */
  id_hash: string;
  payload: Json;
  grant_id: string | null;
  /** SHA-256 of the session's uid, base64url. */
  uid_hash: string | null;
  consumed_at: Time | null;
  expires_at: Time | null;
  /** Whose session, or sign-in under way, it is. */
  account_id: string | null;
  /** The epoch of that account when it proved itself: with another one this counts for nothing. */
  credential_epoch: Generated<number>;
  /** Of a session: since when somebody is signed in. */
  signed_in_at: Time | null;
  /** Of a session: what the browser called itself when it was last seen. */
  user_agent: string | null;
}

interface SigningKeysTable {
  kid: string;
  alg: string;
  /** The private key as a JWK, or that sealed (sealing.ts); empty once it is of no use any more. */
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
  /** Until when it must be remembered. */
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
  /** How many alike this row stands for. */
  count: number;
}

interface AuthorizationTransactionsTable {
  /** SHA-256 of the handle, base64url. */
  id_hash: string;
  /** The name of a configured connection. */
  connection: string;
  redirect_uri: string;
  /** Used once; null: not yet. */
  taken_at: Time | null;
  expires_at: Time;
}

interface ConnectionGrantsTable {
  /** SHA-256 of the refresh handle, base64url. */
  id_hash: string;
  /** All handles of one sign-in. */
  family: string;
  /** The name of a configured connection. */
  connection: string;
  /** The foreign refresh token and whose it is, encrypted; null where the handle is used up. */
  sealed: string | null;
  /** Until then somebody is using it. */
  claimed_until: Time | null;
  spent_at: Time | null;
  expires_at: Time;
}

/** Tables whose rows are numbered in the order in which they are committed, so that readers can follow them. */
export type Numbered = 'revocations' | 'audit_events';

interface CountersTable {
  /** Of the table that is counted, or whose changes are. */
  name: Numbered | 'signing_keys';
  /** The last number that was given. */
  value: number;
}

interface LeasesTable {
  name: string;
  holder: string;
  until: Time;
}

interface RateLimitsTable {
  /** SHA-256 of what is counted, base64url: no address and no account is kept in clear. */
  key_hash: string;
  points: number;
  /** When counting begins anew. */
  expires_at: Time;
}

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
