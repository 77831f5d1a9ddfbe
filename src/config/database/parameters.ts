/**
 * Parameters that select a schema in other drivers. The driver `pg` ignores them, so the tables would be created in
 * another schema.
 */
const schemaNames: ReadonlySet<string> = new Set(['schema', 'currentschema', 'search_path', 'searchpath']);

const sslModes: ReadonlySet<string> = new Set([
  'disable',
  'prefer',
  'require',
  'verify-ca',
  'verify-full',
  'no-verify',
]);
const sslValues: ReadonlySet<string> = new Set(['true', '1', '0', 'no-verify']);

/**
 * Finds a parameter of a `postgres://` URL that the driver ignores or reads differently. Only parameters for the place
 * of data and for the encryption of the connection are checked.
 *
 * Other unknown parameters are not reported, such as `pgbouncer` and `connection_limit` of Prisma.
 *
 * @returns advice, without the value of a parameter; null if there is no fault
 */
export function databaseParameterFault(value: string): string | null {
  const start = value.indexOf('?');
  if (start === -1) return null;
  for (const [name, setting] of new URLSearchParams(value.slice(start + 1))) {
    // Prisma writes `schema=public` into every URL.
    if (schemaNames.has(name.toLowerCase()) && setting !== 'public') {
      return `the parameter ${name} is not one of PostgreSQL: name the schema as options=-c%20search_path%3DNAME`;
    }
    if (name === 'sslmode' && !sslModes.has(setting)) return `sslmode: expected one of ${[...sslModes].join(', ')}`;
    if (name === 'ssl' && !sslValues.has(setting)) return 'ssl: expected true or 0, or sslmode in its place';
  }
  return null;
}
