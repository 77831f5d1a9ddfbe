const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A range of time that the page can show. It ends now. */
export interface Range {
  readonly id: string;
  readonly label: string;
  readonly ms: number;
  /** The length of one part, in milliseconds. It divides `ms`. */
  readonly bucketMs: number;
}

export const ranges = [
  { id: '1h', label: '1 hour', ms: hour, bucketMs: minute },
  { id: '24h', label: '24 hours', ms: day, bucketMs: 30 * minute },
  { id: '7d', label: '7 days', ms: 7 * day, bucketMs: 3 * hour },
  { id: '30d', label: '30 days', ms: 30 * day, bucketMs: 12 * hour },
] as const satisfies readonly Range[];

/** A range of time at a moment. Times are in milliseconds since the epoch. */
export interface Span {
  readonly since: number;
  readonly until: number;
  readonly bucketMs: number;
  readonly buckets: number;
}

/** Returns the span of a range that contains `now` in its last part. Its parts begin at whole multiples of their length. */
export function spanAt({ ms, bucketMs }: Range, now: number): Span {
  const until = Math.floor(now / bucketMs) * bucketMs + bucketMs;
  return { since: until - ms, until, bucketMs, buckets: ms / bucketMs };
}

/** Returns the beginning of each part of a span. */
export function timesOf({ since, bucketMs, buckets }: Span): number[] {
  return Array.from({ length: buckets }, (_, index) => since + index * bucketMs);
}
