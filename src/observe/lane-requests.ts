import { Counter, type Registry } from 'prom-client';

/**
 * Makes the counter of the requests to `/graphql` by the outcome of the lane. A request only adds 1 to a number.
 *
 * @returns a function that counts a request. Its outcomes must be words of a fixed set
 */
export function laneCounter(registry: Registry): (outcome: string) => void {
  const counts = new Map<string, number>();
  const counter = new Counter({
    name: 'claimgate_lane_requests_total',
    help: 'Requests to /graphql: answered by the lane, or the reason why not.',
    labelNames: ['outcome'],
    registers: [],
    collect() {
      this.reset();
      for (const [outcome, count] of counts) this.inc({ outcome }, count);
    },
  });
  registry.registerMetric(counter);
  return (outcome) => void counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
}
