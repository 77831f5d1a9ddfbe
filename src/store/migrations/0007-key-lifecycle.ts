import { type Kysely, sql } from 'kysely';

/** Adds columns to signing keys: the public key, when the key starts to sign, and how long it is published. */
export async function addKeyLifecycle(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('signing_keys').addColumn('public_jwk', 'text').execute();
  await db.schema.alterTable('signing_keys').addColumn('signs_from', 'bigint').execute();
  await db.schema.alterTable('signing_keys').addColumn('published_until', 'bigint').execute();
  const { rows } = await sql<{ kid: string; jwk: string; created_at: number }>`select * from signing_keys`.execute(db);
  for (const { kid, jwk, created_at } of rows) {
    const { d: _, ...publicJwk } = JSON.parse(jwk);
    await sql`update signing_keys set public_jwk = ${JSON.stringify(publicJwk)}, signs_from = ${created_at} where kid = ${kid}`.execute(
      db,
    );
  }
}
