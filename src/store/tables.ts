import type { Kysely } from 'kysely';
import type { AccountsTable, ApplicationsTable, GrantsTable } from './tables/accounts.ts';
import type {
  ArtifactsTable,
  AuthorizationTransactionsTable,
  ConnectionGrantsTable,
  KeyCopiesTable,
  ServerSecretsTable,
  SigningKeysTable,
} from './tables/authorization.ts';
import type {
  RecordedCallersTable,
  RecordedRequestsTable,
  RecordedShapesTable,
  UnrecordedRequestsTable,
} from './tables/recorded.ts';
import type {
  AuditEventsTable,
  CountersTable,
  LeasesTable,
  RateLimitsTable,
  ReplaysTable,
  RevocationsTable,
} from './tables/upkeep.ts';

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
  recorded_shapes: RecordedShapesTable;
  recorded_callers: RecordedCallersTable;
  recorded_requests: RecordedRequestsTable;
  unrecorded_requests: UnrecordedRequestsTable;
}

/** The database, or a transaction on it. */
export type Store = Kysely<Tables>;
