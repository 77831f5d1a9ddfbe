import type { Kysely } from 'kysely';

/** Where each application may have people sent after it signed them out. */
export async function addPostLogoutRedirectUris(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('applications')
    .addColumn('post_logout_redirect_uris', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute();
}
