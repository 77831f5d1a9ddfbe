import { prefixedNames, type PrefixedNames } from '../../protocol/documents/prefixed-names.ts';

/** The names that the identity API has in the schema of this server. */
export type IdentityNames = PrefixedNames;

/** Returns the names with the prefix of the identity API. The prefix may be empty. */
export function identityNames(prefix: string): IdentityNames {
  return prefixedNames(prefix);
}
