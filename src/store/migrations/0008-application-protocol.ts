import type { Kysely } from 'kysely';

/** Adds columns to applications: grant types, keys, and whether they must use DPoP and pushed requests. */
export async function extendApplications(db: Kysely<unknown>): Promise<void> {
  const granted = '["authorization_code","refresh_token"]';
  const alter = () => db.schema.alterTable('applications');
  await alter()
    .addColumn('grant_types', 'text', (c) => c.notNull().defaultTo(granted))
    .execute();
  await alter().addColumn('jwks', 'text').execute();
  await alter()
    .addColumn('dpop_bound', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await alter()
    .addColumn('pushed_requests_only', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
}
