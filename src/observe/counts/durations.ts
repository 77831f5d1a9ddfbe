import { Histogram, type HistogramConfiguration, type Registry } from 'prom-client';
import { byRequest } from './by-request.ts';

/** Counts the duration of one request. @param statusClass - 2 for the statuses 200 to 299, and so on */
export type CountDuration = (route: string, method: string, statusClass: number, seconds: number) => void;

type Label = 'route' | 'method' | 'status';
type Values = ReturnType<Histogram<Label | 'le'>['get']>;

/** The requests of one route, method and class of status. */
interface Series {
  readonly labels: Readonly<Record<Label, string>>;
  /** How many requests fall into each bucket. The last element counts the longer requests. */
  readonly counts: number[];
  sum: number;
}

/** The upper bounds of the buckets, in seconds. */
const buckets: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Makes the histogram of the durations of requests by route, method and class of status. Their values must belong to
 * small sets.
 *
 * It finds a series by the values of the labels. prom-client makes a text of an object of labels for each observation,
 * which takes several times as long. The text of the metrics is that of prom-client's own histogram.
 */
export function durations(registry: Registry, name: string, help: string): CountDuration {
  const all: Series[] = [];
  registry.registerMetric(new Durations({ name, help, labelNames: ['route', 'method', 'status'], registers: [] }, all));
  const seriesOf = byRequest((route, method, statusClass) => {
    const counts = Array.from({ length: buckets.length + 1 }, () => 0);
    const series: Series = { labels: { route, method, status: `${statusClass}xx` }, counts, sum: 0 };
    all.push(series);
    return series;
  });
  return (route, method, statusClass, seconds) => {
    const series = seriesOf(route, method, statusClass);
    let bucket = 0;
    while (bucket < buckets.length && seconds > (buckets[bucket] ?? Infinity)) bucket += 1;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
  };
}

class Durations extends Histogram<Label | 'le'> {
  readonly #name: string;
  /** A histogram without observations. It has the other members of the result of `get`. */
  readonly #empty: Histogram<Label | 'le'>;
  readonly #all: readonly Series[];

  constructor(configuration: HistogramConfiguration<Label>, all: readonly Series[]) {
    super(configuration);
    this.#name = configuration.name;
    this.#empty = new Histogram(configuration);
    this.#all = all;
  }

  /** Returns the values as prom-client's own histogram does. */
  override async get(): Values {
    const name = this.#name;
    const values = this.#all.flatMap(({ labels, counts, sum }) => {
      let total = 0;
      const bucketsUpTo = [...buckets, '+Inf'].map((le, bucket) => {
        total += counts[bucket] ?? 0;
        return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: total };
      });
      return [
        ...bucketsUpTo,
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: total },
      ];
    });
    return { ...(await this.#empty.get()), values };
  }

  /** The registry calls this method of prom-client's own histogram instead of `get`, if it is there. */
  async getForPromString(): Values {
    return this.get();
  }
}
