import type { GraphQLResolveInfo } from 'graphql';
import {
  type ActivityMember,
  type ActivityRange,
  countByTime,
  type MemberActivity,
  mostFrequent,
  type TypeActivity,
} from '../../audit/activity.ts';
import { type AuditFilter, latestAuditEvent } from '../../audit/trail.ts';
import { ClaimgateError } from '../../errors.ts';
import type { Store } from '../../identity/store.ts';

/** How many parts a range has at most. */
const maxBuckets = 200;
/** How many values of a member are returned for each type at most. */
const maxValues = 50;
/** The longest range, in days. It is a day longer than the retention, for ranges that begin at midnight. */
const maxDays = 91;

/** The activity of a range. The API reads it when its lists are selected. */
export interface Activity {
  readonly range: Omit<ActivityRange, 'latest'>;
  /** Returns the number of the newest event that counts. */
  readonly latest: () => Promise<number>;
  readonly types: () => Promise<readonly TypeWithMembers[]>;
}

/** The activity of one type. The members are read for all types together. */
export interface TypeWithMembers extends TypeActivity {
  readonly mostFrequent: (member: ActivityMember, first: number) => Promise<readonly MemberActivity[]>;
}

/**
 * Returns the activity of a range. It reads nothing yet. For any selection, it uses at most five statements.
 *
 * @param given - the arguments of the field
 * @param now - milliseconds since the epoch
 * @throws ClaimgateError `BAD_USER_INPUT` if an argument is out of bounds
 */
export function activityOf(
  store: Store,
  filter: AuditFilter,
  given: { readonly since: Date; readonly until?: Date | null; readonly buckets: number },
  now: number,
): Activity {
  const range = { since: given.since.getTime(), until: given.until?.getTime() ?? now, buckets: given.buckets };
  if (range.buckets < 1 || range.buckets > maxBuckets) {
    throw new ClaimgateError('BAD_USER_INPUT', `buckets: expected 1 to ${maxBuckets}.`);
  }
  if (range.until <= range.since) throw new ClaimgateError('BAD_USER_INPUT', 'since: expected a time before `until`.');
  if (range.until - range.since > maxDays * 24 * 60 * 60_000) {
    throw new ClaimgateError('BAD_USER_INPUT', `since: expected a time at most ${maxDays} days before \`until\`.`);
  }
  let newest: Promise<number> | undefined;
  const latest = () => (newest ??= latestAuditEvent(store));
  const counted = async (): Promise<ActivityRange> => ({ ...range, latest: await latest() });
  const read = new Map<ActivityMember, Promise<readonly MemberActivity[]>>();
  // Several aliases of a list share one statement.
  function valuesOf(member: ActivityMember): Promise<readonly MemberActivity[]> {
    const values = read.get(member) ?? counted().then((range) => mostFrequent(store, filter, range, member, maxValues));
    read.set(member, values);
    return values;
  }
  let types: Promise<readonly TypeWithMembers[]> | undefined;
  async function readTypes(): Promise<readonly TypeWithMembers[]> {
    return (await countByTime(store, filter, await counted())).map((activity) => ({
      ...activity,
      async mostFrequent(member, first) {
        if (first < 1 || first > maxValues) {
          throw new ClaimgateError('BAD_USER_INPUT', `first: expected 1 to ${maxValues}.`);
        }
        return (await valuesOf(member)).filter(({ type }) => type === activity.type).slice(0, first);
      },
    }));
  }
  return { range, latest, types: () => (types ??= readTypes()) };
}

/**
 * Makes a function that throws if it is called a second time in one operation.
 *
 * @param field - the name of the field, for the message
 */
export function onceInOperation(field: string): (info: GraphQLResolveInfo) => void {
  // graphql-js makes a new object of variables for each execution.
  const seen = new WeakSet<object>();
  return ({ variableValues }) => {
    if (seen.has(variableValues)) {
      throw new ClaimgateError('BAD_USER_INPUT', `${field}: expected one time in an operation, found it again.`);
    }
    seen.add(variableValues);
  };
}
