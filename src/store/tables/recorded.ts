import type { Json } from './columns.ts';

/** The shapes of operations: their documents without literals. */
export interface RecordedShapesTable {
  /** SHA-256 of the name and the document, base64url. */
  id: string;
  operation_name: string | null;
  document: string;
}

/** What rules can ask of callers with a token. */
export interface RecordedCallersTable {
  /** SHA-256 of the other columns, base64url. */
  id: string;
  /** The name of the key of the HMACs. */
  key_name: string;
  /** HMACs of scopes and claims. */
  facts: Json;
}

/** How often callers of one kind sent an operation of one shape on one day. */
export interface RecordedRequestsTable {
  /** Days since the epoch, in UTC. */
  day: number;
  shape_id: string;
  /** A row of `recorded_callers`, or `anonymous`. */
  caller_id: string;
  /** Empty: the caller has no token, or the token names no client. */
  client_id: string;
  count: number;
  /** The size of the shape and the caller, in bytes. */
  bytes: number;
}

/** Why a request is in no row of `recorded_requests`. */
export type UnrecordedReason = 'displaced' | 'too many' | 'too large' | 'not judged';

export interface UnrecordedRequestsTable {
  /** Days since the epoch, in UTC. */
  day: number;
  reason: UnrecordedReason;
  count: number;
}
