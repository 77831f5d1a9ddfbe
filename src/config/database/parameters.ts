/**
 * Parameters by which other drivers name a schema. This one ignores them, so the tables would be made in another
 * schema.
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
 * Finds parameters of a `postgres://` URL that the driver ignores or reads in another way, although they decide where data are
 * stored or whether they are encrypted.
 *
 * Other unknown parameters decide neither and are ignored, such as `pgbouncer` and `connection_limit` of Prisma.
 *
 * @returns what to do, without a value of a parameter; null where nothing is wrong
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
