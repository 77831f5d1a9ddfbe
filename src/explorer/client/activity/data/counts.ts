import { type AuditEvent, numberOf } from './event.ts';
import type { Span } from './ranges.ts';

/** The members by which events are counted. */
export const members = ['coordinates', 'rules', 'clients'] as const;
export type Member = (typeof members)[number];

/** The answer of `auditActivity`. */
export interface ActivityAnswer {
  readonly latest: string | null;
  readonly types: readonly ({
    readonly type: string;
    readonly counts: readonly number[];
  } & Readonly<Record<Member, readonly { readonly value: string; readonly count: number }[]>>)[];
}

/** The counts that the page shows. */
export interface Counts {
  readonly span: () => Span;
  /** Returns the counts of a type, one for each part of the span. */
  readonly of: (type: string) => readonly number[];
  /** Returns the types that have an event. */
  readonly types: () => readonly string[];
  /** Returns the most frequent values of a member, with the count of each type. Their order is not defined. */
  readonly values: (member: Member) => ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Adds a later event. Returns false if the answer already counts it, or if it is outside of the span. */
  readonly add: (event: AuditEvent) => boolean;
  /** Moves the span so that it contains a time. Returns how many parts were dropped at its beginning. */
  readonly moveTo: (now: number) => number;
}

/** How many values of a member are kept at most. */
const maxValues = 500;

/** Makes the counts from an answer of the API. Their size is bounded by the parts, the types and `maxValues`. */
export function createCounts(answer: ActivityAnswer, first: Span): Counts {
  let span = first;
  const latest = answer.latest === null ? 0 : numberOf(answer.latest);
  const byType = new Map(answer.types.map(({ type, counts }) => [type, padded(counts, span.buckets)]));
  const byMember = {
    coordinates: valuesOf(answer, 'coordinates'),
    rules: valuesOf(answer, 'rules'),
    clients: valuesOf(answer, 'clients'),
  } as const;

  function addValue(member: Member, value: string | null, type: string, count: number): void {
    if (value === null) return;
    const values = byMember[member];
    const known = values.get(value);
    if (!known && values.size >= maxValues) return;
    const counts = known ?? new Map<string, number>();
    values.set(value, counts);
    counts.set(type, (counts.get(type) ?? 0) + count);
  }

  return {
    span: () => span,
    of: (type) => byType.get(type) ?? padded([], span.buckets),
    types: () => [...byType.keys()],
    values: (member) => byMember[member],

    add({ id, at, type, count, coordinate, rule, clientId }) {
      const index = Math.floor((Date.parse(at) - span.since) / span.bucketMs);
      if (numberOf(id) <= latest || !(index >= 0 && index < span.buckets)) return false;
      const counts = byType.get(type) ?? padded([], span.buckets);
      byType.set(type, counts);
      counts[index] = (counts[index] ?? 0) + count;
      addValue('coordinates', coordinate, type, count);
      addValue('rules', rule, type, count);
      addValue('clients', clientId, type, count);
      return true;
    },

    moveTo(now) {
      const { since, until, bucketMs, buckets } = span;
      const steps = Math.min(buckets, Math.floor((now - until) / bucketMs) + 1);
      if (!(steps > 0)) return 0;
      const by = Math.floor((now - until) / bucketMs) + 1;
      span = { since: since + by * bucketMs, until: until + by * bucketMs, bucketMs, buckets };
      for (const [type, counts] of byType) byType.set(type, padded(counts.slice(steps), buckets));
      return steps;
    },
  };
}

function padded(counts: readonly number[], length: number): number[] {
  return Array.from({ length }, (_, index) => counts[index] ?? 0);
}

function valuesOf({ types }: ActivityAnswer, member: Member): Map<string, Map<string, number>> {
  const values = new Map<string, Map<string, number>>();
  for (const { type, [member]: found } of types) {
    for (const { value, count } of found) {
      const counts = values.get(value) ?? new Map<string, number>();
      if (values.size < maxValues || values.has(value)) values.set(value, counts.set(type, count));
    }
  }
  return values;
}
