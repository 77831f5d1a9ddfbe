import type { Revocation } from '../../token/ports.ts';
import type { Time } from './columns.ts';

export interface RevocationsTable {
  /** Counts up in the order of commits (counters.ts). */
  sequence: number;
  kind: Revocation['kind'];
  id: string;
  issued_until: Time;
  revoked_at: Time;
}

export interface ReplaysTable {
  /** SHA-256 of the identifier, base64url. */
  id_hash: string;
  /** When it may be deleted. */
  expires_at: Time;
}

export interface AuditEventsTable {
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

/** The tables whose rows are numbered in the order of their commits. Readers follow these tables. */
export type Numbered = 'revocations' | 'audit_events';

export interface CountersTable {
  /** The table whose rows or changes are counted; or `restored_at` (backup/restored.ts). */
  name: Numbered | 'signing_keys' | 'restored_at';
  /** The last number that was taken; or the time of the last restore. */
  value: number;
}

export interface LeasesTable {
  name: string;
  holder: string;
  until: Time;
}

export interface RateLimitsTable {
  /** SHA-256 of the key, base64url, without a salt. The address and the account are not stored in clear. */
  key_hash: string;
  points: number;
  /** When the counter starts again. */
  expires_at: Time;
}
