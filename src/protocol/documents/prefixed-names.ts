/** The names of types and root fields with a prefix. */
export interface PrefixedNames {
  readonly type: (name: string) => string;
  readonly field: (name: string) => string;
}

/**
 * Returns the names with a prefix: with `Claimgate`, the type `ClaimgateAccount` and the field `claimgateAccounts`. The
 * prefix may be empty.
 */
export function prefixedNames(prefix: string): PrefixedNames {
  if (prefix === '') return { type: (name) => name, field: (name) => name };
  const first = prefix.charAt(0).toLowerCase() + prefix.slice(1);
  return {
    type: (name) => prefix + name,
    field: (name) => first + name.charAt(0).toUpperCase() + name.slice(1),
  };
}
