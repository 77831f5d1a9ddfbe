import type { Policy } from '../../auth/policies/policy.ts';
import type { Principal } from '../../principal.ts';

/** The types of the records of the identity API. */
export const recordTypes = ['Account', 'Application', 'AuditEvent', 'Grant', 'SigningKey', 'SignInSession'] as const;

/** The name of a record of the identity API. */
export type RecordType = (typeof recordTypes)[number];

/** The administrator's scope by which a caller sees a record. Null if the record is the caller's own. */
export type SeenBy = 'accounts' | 'audit' | 'keys' | null;

/**
 * A condition under which a record is the caller's own. The caller must have `scope`, and `member` of the record must
 * be the ID of the caller's account.
 */
interface OwnWay {
  readonly scope: string;
  readonly member: string;
}

interface RecordKind {
  readonly own: readonly OwnWay[];
  /** The scope with which a caller sees every record of the kind. */
  readonly scope: NonNullable<SeenBy>;
}

/**
 * Which callers may see a record of the identity API, through any field, list or interface. The rules on the types of
 * the schema must agree with this table. They use the policies below.
 */
const recordKinds: Readonly<Record<RecordType, RecordKind>> = {
  Account: { own: [{ scope: 'profile', member: 'id' }], scope: 'accounts' },
  Application: {
    own: [
      { scope: 'applications', member: 'registeredBy' },
      // A person who sees a grant must also see its application.
      { scope: 'grants', member: 'grantedBy' },
    ],
    scope: 'accounts',
  },
  Grant: { own: [{ scope: 'grants', member: 'accountId' }], scope: 'accounts' },
  SignInSession: { own: [{ scope: 'grants', member: 'accountId' }], scope: 'accounts' },
  AuditEvent: { own: [], scope: 'audit' },
  SigningKey: { own: [], scope: 'keys' },
};

/**
 * Returns the administrator's scope by which a caller sees a record. Null for the caller's own record. Undefined if the
 * caller is not allowed to see the record.
 */
export function seenBy(type: RecordType, record: object, principal: Principal): SeenBy | undefined {
  if (principal.kind === 'anonymous') return undefined;
  const { own, scope } = recordKinds[type];
  if (own.some((way) => principal.scopes.has(way.scope) && isOf(record, way.member, principal))) return null;
  return principal.scopes.has(scope) ? scope : undefined;
}

/**
 * Whether a member of a record is the ID of the caller's account. False for a record without an owner, and for a caller
 * without an account.
 */
function isOf(record: object, member: string, principal: Principal): boolean {
  const account = principal.kind === 'account' ? principal.accountId : null;
  return account !== null && (Object.entries(record).find(([name]) => name === member)?.[1] ?? null) === account;
}

/**
 * Returns the policies that the rules of the record types name. Each request to a policy has a record as its parent.
 * The policies do not check scopes, because the rules name a scope together with each policy.
 *
 * @param recordOf - returns the kind of record that a type of the schema stands for
 */
export function recordPolicies(
  recordOf: (type: string) => RecordType | null,
): Readonly<Record<'claimgate:own' | 'claimgate:granted', Policy>> {
  return {
    'claimgate:own': (requests) =>
      requests.map(({ coordinate, parent, principal }) => {
        const record = recordOf(coordinate);
        const [way] = record === null ? [] : recordKinds[record].own;
        return (
          way !== undefined && typeof parent === 'object' && parent !== null && isOf(parent, way.member, principal)
        );
      }),
    'claimgate:granted': (requests) =>
      requests.map(
        ({ parent, principal }) =>
          typeof parent === 'object' && parent !== null && isOf(parent, 'grantedBy', principal),
      ),
  };
}
