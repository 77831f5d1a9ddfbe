import { sql } from 'kysely';
import { isPostgres, openDatabase } from '../../src/store/database.ts';

/** Returns the inconsistencies of a database that is not in use; empty if there is none. */
export async function findUnsoundness(databaseUrl: string): Promise<string[]> {
  const store = await openDatabase(databaseUrl);
  try {
    const faults: string[] = [];
    if (!isPostgres(databaseUrl)) {
      const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(store);
      for (const { integrity_check: found } of rows) if (found !== 'ok') faults.push(found);
      const { rows: broken } = await sql`pragma foreign_key_check`.execute(store);
      if (broken.length > 0) faults.push(`${broken.length} rows refer to nothing`);
    }
    const orphans = await store
      .selectFrom('artifacts')
      .select((eb) => ['model', eb.fn.countAll<number>().as('count')])
      .where('grant_id', 'is not', null)
      .where('grant_id', 'not in', (eb) => eb.selectFrom('grants').select('id'))
      .groupBy('model')
      .execute();
    for (const { model, count } of orphans) faults.push(`${count} artifacts ${model} without their grant`);
    // A used code yields one refresh token, and each use of a refresh token yields one more. Therefore two unused
    // refresh tokens mean two uses.
    const forked = await store
      .selectFrom('artifacts')
      .select(['grant_id', (eb) => eb.fn.countAll<number>().as('count')])
      .where('model', '=', 'RefreshToken')
      .where('consumed_at', 'is', null)
      .groupBy('grant_id')
      .having((eb) => eb.fn.countAll<number>(), '>', 1)
      .execute();
    if (forked.length > 0) faults.push(`${forked.length} grants have several unused refresh tokens`);
    return faults;
  } finally {
    await store.destroy();
  }
}
