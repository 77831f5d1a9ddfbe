import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Store } from './tables.ts';

/** Every change to the tables, in order. One that has landed is never edited. */
const migrations: Record<string, Migration> = {
  '0001_identity': { up: createIdentity },
  '0002_key_copies': { up: createKeyCopies },
  '0003_revocations': { up: createRevocations },
  '0004_replays': { up: createReplays },
  '0005_audit_events': { up: createAuditEvents },
  '0006_revocations_by_name': { up: indexRevocations },
};

/**
 * Brings the tables up to date, in one transaction: of several processes that start together, one does it.
 *
 * @throws what the failed migration threw; nothing of it remains
 */
export async function migrate(store: Store): Promise<void> {
  const migrator = new Migrator({ db: store, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

// Kysely hands a migration a database of unknown tables.
async function createIdentity(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('email', 'text', (c) => c.notNull().unique())
    .addColumn('password_hash', 'text', (c) => c.notNull())
    .addColumn('roles', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('disabled_at', 'bigint')
    .execute();

  await db.schema
    .createTable('applications')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('secret_hash', 'text')
    .addColumn('token_endpoint_auth_method', 'text', (c) => c.notNull())
    .addColumn('application_type', 'text', (c) => c.notNull())
    .addColumn('redirect_uris', 'text', (c) => c.notNull())
    .addColumn('scopes', 'text')
    .addColumn('registered_by', 'text', (c) => c.references('accounts.id').onDelete('cascade'))
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('applications_by_account')
    .on('applications')
    .columns(['registered_by', 'created_at', 'id'])
    .execute();

  await db.schema
    .createTable('grants')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id').onDelete('cascade'))
    .addColumn('application_id', 'text', (c) => c.notNull().references('applications.id').onDelete('cascade'))
    .addColumn('scopes', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('grants_by_account').on('grants').columns(['account_id', 'created_at', 'id']).execute();
  await db.schema
    .createIndex('grants_by_application')
    .on('grants')
    .columns(['application_id', 'created_at', 'id'])
    .execute();

  await db.schema
    .createTable('artifacts')
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('id_hash', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('grant_id', 'text')
    .addColumn('uid_hash', 'text')
    .addColumn('consumed_at', 'bigint')
    .addColumn('expires_at', 'bigint')
    .addPrimaryKeyConstraint('artifacts_pk', ['model', 'id_hash'])
    .execute();
  await db.schema.createIndex('artifacts_by_grant').on('artifacts').column('grant_id').execute();
  await db.schema.createIndex('artifacts_by_uid').on('artifacts').column('uid_hash').execute();
  await db.schema.createIndex('artifacts_by_expiry').on('artifacts').column('expires_at').execute();

  await db.schema
    .createTable('signing_keys')
    .addColumn('kid', 'text', (c) => c.primaryKey())
    .addColumn('alg', 'text', (c) => c.notNull())
    .addColumn('jwk', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute();

  await db.schema
    .createTable('server_secrets')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
}

async function createKeyCopies(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('key_copies')
    .addColumn('issuer', 'text', (c) => c.primaryKey())
    .addColumn('key_set', 'text', (c) => c.notNull())
    .addColumn('fetched_at', 'bigint', (c) => c.notNull())
    .execute();
}

async function createRevocations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('revocations')
    // It counts up in the order of commits, and AUTOINCREMENT never gives out the number of a row that is gone.
    .addColumn('sequence', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('issued_until', 'bigint', (c) => c.notNull())
    .addColumn('revoked_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('revocations_by_time').on('revocations').column('revoked_at').execute();
}

async function createReplays(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('replays')
    .addColumn('id_hash', 'text', (c) => c.primaryKey())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('replays_by_expiry').on('replays').column('expires_at').execute();
}

async function createAuditEvents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_events')
    // As for revocations: readers follow the table by it.
    .addColumn('sequence', 'integer', (c) => c.primaryKey().autoIncrement())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('coordinate', 'text')
    .addColumn('rule', 'text')
    // No reference: what an account did is known when the account is gone.
    .addColumn('account_id', 'text')
    .addColumn('client_id', 'text')
    .addColumn('detail', 'text')
    .addColumn('count', 'integer', (c) => c.notNull())
    .execute();
  for (const column of ['type', 'coordinate', 'account_id']) {
    await db.schema.createIndex(`audit_events_by_${column}`).on('audit_events').columns([column, 'sequence']).execute();
  }
  await db.schema.createIndex('audit_events_by_time').on('audit_events').column('at').execute();
}

async function indexRevocations(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('revocations_by_name').on('revocations').columns(['kind', 'id']).execute();
}
