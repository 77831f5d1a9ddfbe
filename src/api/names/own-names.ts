import { type RecordType, recordTypes } from '../records/records.ts';

/**
 * The identity API of a server: `viewer`, `scopes`, accounts, applications, grants, sign-in sessions, the audit trail and signing keys.
 * `false`: it is left out. With a prefix each of its types and root fields has it: `ClaimgateAccount`, `claimgateAccounts`.
 */
export type IdentityApi = boolean | { readonly prefix: string };

/** What the types and root fields of the identity API are called in a schema. */
export interface OwnNames {
  readonly type: (name: string) => string;
  readonly field: (name: string) => string;
  /** The record that objects of a type of the schema are; null for every other type. */
  readonly recordOf: (type: string) => RecordType | null;
}

/** The names where nothing is configured. */
export const usualOwnNames: OwnNames = ownNames(true, { keepsNode: true, hasRecords: true });

/**
 * @param keepsNode - whether `node` and `Node` have no prefix: a module adds types of its own to them
 * @param hasRecords - whether accounts, applications and so on are this server's
 */
export function ownNames(
  identityApi: IdentityApi,
  { keepsNode, hasRecords }: { readonly keepsNode: boolean; readonly hasRecords: boolean },
): OwnNames {
  const prefix = typeof identityApi === 'object' ? identityApi.prefix : '';
  const lower = prefix.charAt(0).toLowerCase() + prefix.slice(1);
  const isPlain = (name: string): boolean => prefix === '' || (keepsNode && (name === 'node' || name === 'Node'));
  const type = (name: string): string => (isPlain(name) ? name : prefix + name);
  const field = (name: string): string => (isPlain(name) ? name : lower + name.charAt(0).toUpperCase() + name.slice(1));
  // Without the identity API a type Account is the team's own.
  const offered = hasRecords && identityApi !== false ? recordTypes : [];
  const records = new Map(offered.map((record) => [type(record), record]));
  return { type, field, recordOf: (name) => records.get(name) ?? null };
}

/**
 * A query for people to try.
 *
 * @param field - a root field of the identity API, by its usual name
 * @param selection - what to ask of it
 * @returns a query that every schema answers where there is no identity API
 */
export function exampleQuery(identityApi: IdentityApi, field: string, selection: string): string {
  if (identityApi === false) return '{ __typename }';
  return `{ ${ownNames(identityApi, { keepsNode: true, hasRecords: true }).field(field)} { ${selection} } }`;
}
