import { processorUse } from './hot/processor.ts';
import { ratioInterval, showInterval } from './hot/interval.ts';
import { show, spreadOf, table } from './spread.ts';

/** Rounds of each way before the measurement. The code of the server is then compiled. */
const warmUp = 6;
/** Concurrent exchanges. */
const width = 16;

/** A way to exchange codes. */
interface Way {
  /** Gets codes that are not measured. @returns the function that exchanges them */
  readonly prepare: () => Promise<() => Promise<void>>;
}

/**
 * Measures the processor time that a server takes for an exchange, at the token endpoint and by the mutation. Without
 * the processor time of the client, the ratio is greater than in a comparison of durations. The rounds of a pair are
 * adjacent, and their order alternates.
 *
 * @param pid - the process of the server
 * @param codes - how many codes a round exchanges
 * @param pairs - at least 2
 * @returns a Markdown table
 */
export async function exchangeCost(
  pid: number,
  { endpoint, mutation, codes }: { readonly endpoint: Way; readonly mutation: Way; readonly codes: number },
  pairs: number,
): Promise<string> {
  const costOf = async ({ prepare }: Way): Promise<number> => {
    const exchange = await prepare();
    const before = processorUse(pid).ranUs;
    await exchange();
    return (processorUse(pid).ranUs - before) / codes;
  };
  const costs = { endpoint: [] as number[], mutation: [] as number[] };
  for (let pair = -warmUp; pair < pairs; pair += 1) {
    const order = pair % 2 === 0 ? (['endpoint', 'mutation'] as const) : (['mutation', 'endpoint'] as const);
    for (const name of order) {
      const cost = await costOf(name === 'endpoint' ? endpoint : mutation);
      if (pair >= 0) costs[name].push(cost);
    }
  }
  const ratios = costs.mutation.map((cost, pair) => cost / (costs.endpoint[pair] ?? Number.NaN));
  return table(
    ['on SQLite', 'processor time of the server for an exchange', `ratio (95 % interval, ${pairs} pairs)`],
    [
      ['token endpoint', show(spreadOf(costs.endpoint), 0, ' µs'), '1'],
      ['mutation', show(spreadOf(costs.mutation), 0, ' µs'), showInterval(ratioInterval(ratios))],
    ],
  );
}

/** Does work for each index below `count`, `width` at a time. */
export async function inParallel(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}
