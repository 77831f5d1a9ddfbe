import type { Kysely } from 'kysely';

/** Adds to applications the URIs to which a browser may be sent after the person has signed out. */
export async function addPostLogoutRedirectUris(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('applications')
    .addColumn('post_logout_redirect_uris', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute();
}
