import type { Policy } from '../../auth/policies/policy.ts';
import type { Principal } from '../../principal.ts';

/** The types of the records of the identity API. */
export const recordTypes = ['Account', 'Application', 'AuditEvent', 'Grant', 'SigningKey', 'SignInSession'] as const;

/** The name of a record of the identity API. */
export type RecordType = (typeof recordTypes)[number];

/** The scope of administrators that opens a record; null for a record of the caller. */
export type SeenBy = 'accounts' | 'audit' | 'keys' | null;

/** When a record is the caller's own: the caller has this scope, and this member of the record is the caller's account. */
interface OwnWay {
  readonly scope: string;
  readonly member: string;
}

interface RecordKind {
  readonly own: readonly OwnWay[];
  /** The scope that opens every record of the kind. */
  readonly scope: NonNullable<SeenBy>;
}

/**
 * Which callers may see which record of the identity API, by every field, list and interface. The rules on the types of the schema
 * say the same, through the policies below.
 */
const recordKinds: Readonly<Record<RecordType, RecordKind>> = {
  Account: { own: [{ scope: 'profile', member: 'id' }], scope: 'accounts' },
  Application: {
    own: [
      { scope: 'applications', member: 'registeredBy' },
      // A person who sees a grant must see its application too.
      { scope: 'grants', member: 'grantedBy' },
    ],
    scope: 'accounts',
  },
  Grant: { own: [{ scope: 'grants', member: 'accountId' }], scope: 'accounts' },
  SignInSession: { own: [{ scope: 'grants', member: 'accountId' }], scope: 'accounts' },
  AuditEvent: { own: [], scope: 'audit' },
  SigningKey: { own: [], scope: 'keys' },
};

/** Returns the scope by which a caller sees a record; `undefined` if the caller may not see it. */
export function seenBy(type: RecordType, record: object, principal: Principal): SeenBy | undefined {
  if (principal.kind === 'anonymous') return undefined;
  const { own, scope } = recordKinds[type];
  if (own.some((way) => principal.scopes.has(way.scope) && isOf(record, way.member, principal))) return null;
  return principal.scopes.has(scope) ? scope : undefined;
}

/** Whether a member of a record is the caller's account. A record without an owner belongs to no caller. */
function isOf(record: object, member: string, principal: Principal): boolean {
  const account = principal.kind === 'account' ? principal.accountId : null;
  return account !== null && (Object.entries(record).find(([name]) => name === member)?.[1] ?? null) === account;
}

/**
 * Returns the policies that the rules of the record types name. Their parents are records. The rules name them beside a scope only.
 *
 * @param recordOf - returns the record that a type of the schema stands for
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
