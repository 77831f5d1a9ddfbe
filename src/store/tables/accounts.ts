import type { Generated } from 'kysely';
import type { Json, Time } from './columns.ts';

export interface AccountsTable {
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

export interface ApplicationsTable {
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
  /** The account that registered it; null if it registered itself, and for first-party applications. */
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

export interface GrantsTable {
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
