import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { createIdentity } from './migrations/0001-identity.ts';
import { createKeyCopies } from './migrations/0002-key-copies.ts';
import { createRevocationTable } from './migrations/0003-revocations.ts';
import { createReplays } from './migrations/0004-replays.ts';
import { createAuditEvents } from './migrations/0005-audit-events.ts';
import { indexRevocations } from './migrations/0006-revocations-by-name.ts';
import { addKeyLifecycle } from './migrations/0007-key-lifecycle.ts';
import { extendApplications } from './migrations/0008-application-protocol.ts';
import { describeSignInSessions } from './migrations/0009-sign-in-sessions.ts';
import { createRateLimits } from './migrations/0010-rate-limits.ts';
import { createConnectionTables } from './migrations/0011-connections.ts';
import { addPostLogoutRedirectUris } from './migrations/0012-post-logout.ts';
import { indexNewestFirst } from './migrations/0013-newest-first.ts';
import { createCounters } from './migrations/0014-counters.ts';
import { createLeases } from './migrations/0015-leases.ts';
import { addCredentialEpoch } from './migrations/0016-credential-epoch.ts';
import { addConsentSeen } from './migrations/0018-consent-seen.ts';
import { addSelfRegistered } from './migrations/0019-self-registered.ts';
import { indexAuditByClient } from './migrations/0020-audit-by-client.ts';
import { addSessionSight } from './migrations/0021-session-sight.ts';
import { createRecordedRequests } from './migrations/0022-recorded-requests.ts';
import { indexUsedArtifacts } from './migrations/0023-used-artifacts.ts';
import { speaksPostgres } from './postgres/dialect.ts';
import type { Store } from './tables.ts';

/**
 * Every change to the tables, in order. `npm run generate` writes the list: one row for each file in `migrations/`. A
 * released migration is never edited.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001_identity': { up: createIdentity },
  '0002_key_copies': { up: createKeyCopies },
  '0003_revocations': { up: createRevocationTable },
  '0004_replays': { up: createReplays },
  '0005_audit_events': { up: createAuditEvents },
  '0006_revocations_by_name': { up: indexRevocations },
  '0007_key_lifecycle': { up: addKeyLifecycle },
  '0008_application_protocol': { up: extendApplications },
  '0009_sign_in_sessions': { up: describeSignInSessions },
  '0010_rate_limits': { up: createRateLimits },
  '0011_connections': { up: createConnectionTables },
  '0012_post_logout': { up: addPostLogoutRedirectUris },
  '0013_newest_first': { up: indexNewestFirst },
  '0014_counters': { up: createCounters },
  '0015_leases': { up: createLeases },
  '0016_credential_epoch': { up: addCredentialEpoch },
  '0018_consent_seen': { up: addConsentSeen },
  '0019_self_registered': { up: addSelfRegistered },
  '0020_audit_by_client': { up: indexAuditByClient },
  '0021_session_sight': { up: addSessionSight },
  '0022_recorded_requests': { up: createRecordedRequests },
  '0023_used_artifacts': { up: indexUsedArtifacts },
};

/**
 * Migrates the tables to this version in one transaction. If several processes start together, one of them migrates the
 * tables.
 *
 * @throws the error of the failed migration. Then no table has changed.
 */
export async function migrate(store: Store): Promise<void> {
  await store.transaction().execute(async (transaction) => {
    if (speaksPostgres(transaction)) await sql`select pg_advisory_xact_lock(${sql.lit(lockId)})`.execute(transaction);
    const migrator = new Migrator({
      db: transaction,
      provider: { getMigrations: async () => ({ ...migrations }) },
    });
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
  });
}

/**
 * The lock ID of Kysely's PostgresAdapter. Older versions of this program use it too, so all versions wait for each
 * other.
 */
const lockId = 3_853_314_791_062_309_107n;
