import { sql } from 'kysely';
import { speaksPostgres } from '../../src/store/postgres/dialect.ts';
import type { Store } from '../../src/store/tables.ts';

/** Makes the database refuse every further row of the audit trail. */
export async function refuseAudit(store: Store): Promise<void> {
  if (!speaksPostgres(store)) {
    const trigger = `create trigger refused before insert on audit_events begin select raise(abort, 'refused'); end`;
    await sql.raw(trigger).execute(store);
    return;
  }
  const body = `begin raise exception 'refused'; end`;
  await sql.raw(`create function refused() returns trigger language plpgsql as $$ ${body} $$`).execute(store);
  await sql
    .raw('create trigger refused before insert on audit_events for each row execute function refused()')
    .execute(store);
}

/** Undoes `refuseAudit`. */
export async function admitAudit(store: Store): Promise<void> {
  if (!speaksPostgres(store)) return void (await sql.raw('drop trigger refused').execute(store));
  await sql.raw('drop function refused() cascade').execute(store);
}
