import type { Kysely } from 'kysely';

/** Adds to applications the URIs to which people may be sent after they signed out. */
export async function addPostLogoutRedirectUris(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('applications')
    .addColumn('post_logout_redirect_uris', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute();
}
