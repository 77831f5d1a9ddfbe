/** The names that the identity API has in the schema of this server. */
export interface IdentityNames {
  readonly type: (name: string) => string;
  readonly field: (name: string) => string;
}

/** Returns the names with the prefix of the identity API. The prefix may be empty. */
export function identityNames(prefix: string): IdentityNames {
  if (prefix === '') return { type: (name) => name, field: (name) => name };
  const first = prefix.charAt(0).toLowerCase() + prefix.slice(1);
  return {
    type: (name) => prefix + name,
    field: (name) => first + name.charAt(0).toUpperCase() + name.slice(1),
  };
}
