import type { Policy } from '../../auth/policies/policy.ts';
import type { Principal } from '../../principal.ts';

/** The types of the records of the identity API. */
export const recordTypes = ['Account', 'Application', 'AuditEvent', 'Grant', 'SigningKey', 'SignInSession'] as const;

export type RecordType = (typeof recordTypes)[number];

/** The scope of administrators that opens a record; null for what is the caller's own. */
export type SeenBy = 'accounts' | 'audit' | 'keys' | null;

/** A way in which a record is the caller's own: with this scope, where this member of it names the caller's account. */
interface OwnWay {
  readonly scope: string;
  readonly member: string;
}

interface RecordKind {
  readonly own: readonly OwnWay[];
  /** Opens every record of the kind. */
  readonly scope: NonNullable<SeenBy>;
}

/**
 * Which callers may see which record of the identity API. The field, list or interface that leads to it does not matter. The rules on the types of the schema say
 * the same, by the policies below.
 */
const recordKinds: Readonly<Record<RecordType, RecordKind>> = {
  Account: { own: [{ scope: 'profile', member: 'id' }], scope: 'accounts' },
  Application: {
    own: [
      { scope: 'applications', member: 'registeredBy' },
      // What a person allowed an application to do would say nothing without the application.
      { scope: 'grants', member: 'grantedBy' },
    ],
    scope: 'accounts',
  },
  Grant: { own: [{ scope: 'grants', member: 'accountId' }], scope: 'accounts' },
  SignInSession: { own: [{ scope: 'grants', member: 'accountId' }], scope: 'accounts' },
  AuditEvent: { own: [], scope: 'audit' },
  SigningKey: { own: [], scope: 'keys' },
};

/** By which scope a caller sees a record; `undefined`: not at all. */
export function seenBy(type: RecordType, record: object, principal: Principal): SeenBy | undefined {
  if (principal.kind === 'anonymous') return undefined;
  const { own, scope } = recordKinds[type];
  if (own.some((way) => principal.scopes.has(way.scope) && isOf(record, way.member, principal))) return null;
  return principal.scopes.has(scope) ? scope : undefined;
}

/** A record without an owner does not belong to an application that calls without an account. */
function isOf(record: object, member: string, principal: Principal): boolean {
  const account = principal.kind === 'account' ? principal.accountId : null;
  return account !== null && (Object.entries(record).find(([name]) => name === member)?.[1] ?? null) === account;
}

/**
 * The policies that the rules of the record types name. Their parents are records; they are asked only beside a scope.
 *
 * @param recordOf - the record that objects of a type of the schema are
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
