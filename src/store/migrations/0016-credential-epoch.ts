import type { Kysely } from 'kysely';

/** At which state of an account's credentials each session, and each sign-in under way, was proven. Those there are stay good. */
export async function addCredentialEpoch(db: Kysely<unknown>): Promise<void> {
  for (const table of ['accounts', 'artifacts']) {
    await db.schema
      .alterTable(table)
      .addColumn('credential_epoch', 'bigint', (c) => c.notNull().defaultTo(0))
      .execute();
  }
}
