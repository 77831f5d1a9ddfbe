import type { Generated } from 'kysely';
import type { Json, Time } from './columns.ts';

export interface ArtifactsTable {
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
  /** The browser and the system of a session in words, such as `Firefox on Linux`; null: unknown. */
  browser: string | null;
  /** When the browser of a session last used it, to within 5 minutes; null: unknown. */
  last_seen_at: Time | null;
}

export interface SigningKeysTable {
  kid: string;
  alg: string;
  /** The private key as a JWK, in clear or sealed (sealing.ts). Empty when the key is no longer published. */
  jwk: Json;
  public_jwk: Json;
  created_at: Time;
  signs_from: Time;
  published_until: Time | null;
}

export interface ServerSecretsTable {
  name: string;
  /** In clear, or sealed (sealing.ts). */
  value: string;
}

export interface KeyCopiesTable {
  issuer: string;
  /** A JWK Set of public keys. */
  key_set: Json;
  fetched_at: Time;
}

export interface AuthorizationTransactionsTable {
  /** SHA-256 of the handle, base64url. */
  id_hash: string;
  /** The name of a configured connection. */
  connection: string;
  redirect_uri: string;
  /** When it was used; null: not yet. */
  taken_at: Time | null;
  expires_at: Time;
}

export interface ConnectionGrantsTable {
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
