import type { Selectable } from 'kysely';
import type { Tables } from '../../store/tables.ts';
import { type Application, type Registration, registeredFields } from './application.ts';

type Row = Selectable<Tables['applications']>;

/** Returns the columns of a registration. If it leaves out a field, the column has the default. */
export function registrationRow(registration: Registration): Omit<Row, 'id' | 'created_at'> {
  const given: Readonly<Record<string, unknown>> = { ...registration };
  const row = registeredFields.map(([name, { column, form, default: fallback }]) => {
    const value = given[name];
    return [column, form.write(value === undefined ? fallback : value)];
  });
  return { secret_hash: null, granted_at: null, ...Object.fromEntries(row) };
}

/** Returns the columns of some fields. */
export function changesRow(changes: Partial<Application>): Partial<Row> {
  const given: Readonly<Record<string, unknown>> = { ...changes };
  const row = registeredFields.flatMap(([name, { column, form }]) =>
    given[name] === undefined ? [] : [[column, form.write(given[name])]],
  );
  return Object.fromEntries(row);
}

/** Returns the application of a row. */
export function applicationOf(row: Row): Application {
  const read = registeredFields.map(([name, { column, form }]) => [name, form.read(row[column])]);
  return { id: row.id, createdAt: row.created_at, ...Object.fromEntries(read) };
}
