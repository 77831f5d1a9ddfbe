import { setTimeout } from 'node:timers/promises';
import { start, type Started } from '../hot/contenders.ts';
import { processorUse } from '../hot/processor.ts';
import { makeTokens } from '../hot/tokens.ts';
import type { Curve, Point } from './curve.ts';
import { measured, noted, server, small } from './requests.ts';

/** Cost per request against the number of replicas, of which each gets load in turn. */
export async function replicasCurve(sizes: readonly number[], seconds: number, databaseUrl: string): Promise<Curve> {
  const tokens = makeTokens();
  const busy: Point[] = [];
  const idle: Point[] = [];
  const replicas: Started[] = [];
  try {
    for (const size of sizes) {
      while (replicas.length < size) {
        const env = { DATABASE_URL: databaseUrl, CLAIMGATE_PUBLIC_URL: 'http://localhost:4000' };
        replicas.push(await start(server(env), tokens));
      }
      const values: number[] = [];
      for (const replica of replicas) {
        values.push(await measured(replica, 1, () => ({ query: small, header: tokens.header(0) }), seconds));
      }
      busy.push(noted('replicas', 'load', size, values.reduce((sum, value) => sum + value, 0) / values.length));
      idle.push(noted('replicas', 'idle', size, await idleCost(replicas, seconds)));
    }
  } finally {
    for (const replica of replicas) await replica.stop();
  }
  return {
    name: 'replicas',
    of: 'processes on one PostgreSQL, per process',
    unit: 'µs',
    series: [
      { name: 'a request', points: busy },
      { name: 'a second without requests', points: idle },
    ],
  };
}

async function idleCost(replicas: readonly Started[], seconds: number): Promise<number> {
  const used = () => replicas.reduce((sum, { pid }) => sum + processorUse(pid).ranUs, 0);
  const before = used();
  await setTimeout(seconds * 1_000);
  return (used() - before) / replicas.length / seconds;
}
