import { Counter, type Registry } from 'prom-client';

/** Counts something with these labels. */
export type Count = (first: string, second?: string) => void;

interface Series<Name extends string> {
  readonly labels: Partial<Record<Name, string>>;
  count: number;
}

/**
 * Makes a counter with one or two labels. The values of the labels must belong to small fixed sets.
 *
 * The counter finds a series by the values of its labels, and passes the counts to prom-client when the metrics are
 * read. A count by an object of labels takes prom-client five times as long.
 *
 * @param name - without `claimgate_` and `_total`
 */
export function labelledCounter<Name extends string>(
  registry: Registry,
  name: string,
  help: string,
  [first, second]: readonly [first: Name, second?: Name],
): Count {
  const all: Series<Name>[] = [];
  const byValues = new Map<string, Map<string, Series<Name>>>();
  const counter = new Counter<Name>({
    name: `claimgate_${name}_total`,
    help,
    labelNames: second === undefined ? [first] : [first, second],
    registers: [],
    collect() {
      this.reset();
      for (const { labels, count } of all) this.inc(labels, count);
    },
  });
  registry.registerMetric(counter);
  const add = (value: string, other: string): Series<Name> => {
    const labels: Partial<Record<Name, string>> = {};
    labels[first] = value;
    if (second !== undefined) labels[second] = other;
    const series = { labels, count: 0 };
    all.push(series);
    const ofFirst = byValues.get(value) ?? new Map<string, Series<Name>>();
    byValues.set(value, ofFirst.set(other, series));
    return series;
  };
  return (value, other = '') => {
    const series = byValues.get(value)?.get(other) ?? add(value, other);
    series.count += 1;
  };
}
