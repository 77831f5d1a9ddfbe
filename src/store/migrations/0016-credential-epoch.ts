import type { Kysely } from 'kysely';

/** Adds the credential epoch to accounts, sessions and unfinished sign-ins. Existing rows stay valid. */
export async function addCredentialEpoch(db: Kysely<unknown>): Promise<void> {
  for (const table of ['accounts', 'artifacts']) {
    await db.schema
      .alterTable(table)
      .addColumn('credential_epoch', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
  }
}
