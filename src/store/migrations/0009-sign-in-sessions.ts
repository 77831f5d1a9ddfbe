import type { Kysely } from 'kysely';

type Before = {
  artifacts: {
    model: string;
    id_hash: string;
    payload: string;
    account_id: string | null;
    signed_in_at: number | null;
  };
};

/**
 * Adds the account to sessions and unfinished sign-ins. Adds to sessions the values that people see in lists of
 * sessions.
 */
export async function describeSignInSessions(db: Kysely<unknown>): Promise<void> {
  const alter = () => db.schema.alterTable('artifacts');
  await alter().addColumn('account_id', 'text').execute();
  await alter().addColumn('signed_in_at', 'bigint').execute();
  await alter().addColumn('user_agent', 'text').execute();
  await db.schema.createIndex('artifacts_by_account').on('artifacts').column('account_id').execute();

  const tables = db.withTables<Before>();
  const rows = await tables
    .selectFrom('artifacts')
    .select(['model', 'id_hash', 'payload'])
    .where('model', 'in', ['Session', 'Interaction'])
    .execute();
  for (const { model, id_hash, payload } of rows) {
    const { accountId, session, result, loginTs } = JSON.parse(payload);
    const owner = accountId ?? result?.login?.accountId ?? session?.accountId ?? null;
    if (owner === null) continue;
    const signedInAt = model === 'Session' && typeof loginTs === 'number' ? loginTs * 1_000 : null;
    await tables
      .updateTable('artifacts')
      .set({ account_id: owner, signed_in_at: signedInAt })
      .where('model', '=', model)
      .where('id_hash', '=', id_hash)
      .execute();
  }
}
