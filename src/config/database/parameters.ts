/** Parameters that name a schema for other drivers and are nothing to this one: the tables would be made in another schema. */
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
 * What is wrong with the parameters of a `postgres://` URL: those that the driver would pass over, or read as something else,
 * although they decide where data go or whether they are encrypted.
 *
 * Other unknown parameters, such as `pgbouncer` and `connection_limit` of Prisma, decide nothing of that kind and are passed over.
 *
 * @returns what to do, without a value; null where nothing is wrong
 */
export function databaseParameterFault(value: string): string | null {
  const start = value.indexOf('?');
  if (start === -1) return null;
  for (const [name, given] of new URLSearchParams(value.slice(start + 1))) {
    // Prisma writes `schema=public` into every URL.
    if (schemaNames.has(name.toLowerCase()) && given !== 'public') {
      return `the parameter ${name} is not one of PostgreSQL: name the schema as options=-c%20search_path%3DNAME`;
    }
    if (name === 'sslmode' && !sslModes.has(given)) return `sslmode: expected one of ${[...sslModes].join(', ')}`;
    if (name === 'ssl' && !sslValues.has(given)) return 'ssl: expected true or 0, or sslmode in its place';
  }
  return null;
}
