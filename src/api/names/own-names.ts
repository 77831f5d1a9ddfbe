import { prefixedNames } from '../../protocol/documents/prefixed-names.ts';
import { type RecordType, recordTypes } from '../records/records.ts';

/**
 * The identity API of a server: `viewer`, `scopes`, accounts, applications, grants, sign-in sessions, the audit trail
 * and signing keys. Without the embedded authorization server, it is only `viewer` and `scopes`. `false`: the schema
 * does not have the identity API. With a prefix, the names of all its types and root fields begin with the prefix:
 * `ClaimgateAccount`, `claimgateAccounts`.
 */
export type IdentityApi = boolean | { readonly prefix: string };

/** The names of the types and root fields of the identity API in a schema. */
export interface OwnNames {
  readonly type: (name: string) => string;
  readonly field: (name: string) => string;
  /** Returns the kind of record that a type of the schema stands for. Null if the type is not a record. */
  readonly recordOf: (type: string) => RecordType | null;
}

/** The names in a server without configuration. */
export const defaultOwnNames: OwnNames = ownNames(true, { keepsNode: true, hasRecords: true });

/**
 * Returns the names of the identity API.
 *
 * @param keepsNode - whether `node` and `Node` get no prefix, because a team's module adds types to them
 * @param hasRecords - whether this server has records, such as accounts and applications
 */
export function ownNames(
  identityApi: IdentityApi,
  { keepsNode, hasRecords }: { readonly keepsNode: boolean; readonly hasRecords: boolean },
): OwnNames {
  const prefix = typeof identityApi === 'object' ? identityApi.prefix : '';
  const names = prefixedNames(prefix);
  const isPlain = (name: string): boolean => keepsNode && (name === 'node' || name === 'Node');
  const type = (name: string): string => (isPlain(name) ? name : names.type(name));
  const field = (name: string): string => (isPlain(name) ? name : names.field(name));
  // Without the identity API, a type named Account belongs to the team.
  const offered = hasRecords && identityApi !== false ? recordTypes : [];
  const records = new Map(offered.map((record) => [type(record), record]));
  return { type, field, recordOf: (name) => records.get(name) ?? null };
}

/**
 * Returns the identity API that examples may use: none if only trusted documents run. The example is then a document that
 * runs anyway.
 */
export function identityApiOfExamples({
  identityApi,
  trustedDocuments,
}: {
  readonly identityApi: IdentityApi;
  readonly trustedDocuments: { readonly only: boolean } | null;
}): IdentityApi {
  return trustedDocuments?.only === true ? false : identityApi;
}

/**
 * Returns an example document for developers: an operation that needs no token, and one that needs a token. If the
 * schema does not have the identity API, it is a query that every schema answers.
 */
export function exampleDocument(identityApi: IdentityApi): string {
  if (identityApi === false) return 'query Example {\n  __typename\n}\n';
  const { field } = ownNames(identityApi, { keepsNode: true, hasRecords: true });
  return `# Needs no token.
query Scopes {
  ${field('scopes')} {
    name
    description
  }
}

# Needs a token: sign in first.
query Caller {
  ${field('viewer')} {
    subject
    clientId
    scopes
    expiresAt
  }
}
`;
}

/**
 * Returns an example query for developers.
 *
 * @param field - a root field of the identity API, by its name without a prefix
 * @param selection - the fields that the query selects
 * @returns the query. If the schema does not have the identity API, a query that every schema answers
 */
export function exampleQuery(identityApi: IdentityApi, field: string, selection: string): string {
  if (identityApi === false) return '{ __typename }';
  return `{ ${ownNames(identityApi, { keepsNode: true, hasRecords: true }).field(field)} { ${selection} } }`;
}
