import assert from 'node:assert/strict';
import type { GuardedSchema } from '../../../src/auth/guarded-schema.ts';
import { laneClient, type LaneRequest } from './client.ts';
import type { Observed } from './observed.ts';
import { type RawRequest, sendRaw } from './raw.ts';
import { likenessOf } from './same-answer.ts';
import { type LaneServer, type LaneServerOptions, startLaneServer } from './server.ts';

/** How often a request is sent to each server if the test does not say it. The first request makes its document known. */
const usualTimes = 2;

/** Two servers of the same API. The first answers known queries in the lane. */
export interface LanePair {
  /**
   * Sends a request to both servers several times, and compares what they answer, log and run.
   *
   * @param what - `answers`: the log is not compared. Default: `everything`
   * @param times - how often it is sent. Default: 2, so that the second answer comes from the lane
   * @returns the answer of the server without the lane
   * @throws AssertionError if the servers differ
   */
  compare(request: LaneRequest, what?: 'everything' | 'answers', times?: number): Promise<Observed>;
  /**
   * Sends bytes to both servers, and compares everything that they answer, log and run. @returns the answer of the
   * server without the lane
   */
  compareRaw(request: RawRequest): Promise<string>;
  /** How many answers came from the lane, how many did not, by reason, and how many were not equal byte for byte. */
  seen(): Promise<PairSeen>;
  /**
   * Does work, and ends the servers. Their counters are compared if the work succeeds. An error of the work is thrown as
   * it is.
   */
  closeAfter<T>(work: () => Promise<T>): Promise<T>;
  /** Ends the servers. @param what - `answers`: their counters are not compared. Default: `everything` */
  close(what?: 'everything' | 'answers'): Promise<void>;
}

/** What a pair has seen. */
export interface PairSeen {
  readonly raced: number;
  /** Answers whose errors differ below dropped branches. */
  readonly dropped: number;
  /** Answers whose result cannot be written as JSON. */
  readonly unwritable: number;
  readonly lane: Readonly<Record<string, number>>;
}

/** The options of `startLanePair`. Each server has its own schema, so that it has its own caches. */
export interface LanePairOptions extends Omit<LaneServerOptions, 'guarded' | 'lane' | 'context'> {
  /** Makes the schema of one server, and returns what ran since the last call. */
  readonly make: () => PairWorld;
}

/** The schema of one server of a pair. */
export interface PairWorld {
  readonly guarded: GuardedSchema;
  readonly context?: () => object;
  /** Removes and returns what ran. Default: nothing is recorded. */
  readonly takeRuns?: () => readonly string[];
}

/** Starts two servers of the same API, one with the lane and one without. */
export async function startLanePair({ make, ...options }: LanePairOptions): Promise<LanePair> {
  const sides = await Promise.all(
    [true, false].map(async (lane) => {
      const { takeRuns = () => [], ...world } = make();
      const server = await startLaneServer({ ...options, ...world, lane });
      return { server, takeRuns, client: laneClient(server.port) };
    }),
  );
  const [fast, plain] = sides as [(typeof sides)[0], (typeof sides)[0]];
  let raced = 0;
  let dropped = 0;
  let unwritable = 0;

  async function observe({ server, client, takeRuns }: typeof fast, request: LaneRequest): Promise<Observed> {
    const answer = await client.send(request);
    // Fields of dropped branches are read after the answer.
    for (let turn = 0; turn < 8; turn += 1) await new Promise(setImmediate);
    return { ...answer, log: await server.takeLog(), runs: takeRuns() };
  }

  async function end(): Promise<void> {
    for (const { client, server } of sides) {
      client.close();
      await server.close();
    }
  }

  return {
    async compare(request, what = 'everything', times = usualTimes) {
      let wanted: Observed | undefined;
      for (let time = 0; time < times; time += 1) {
        // Promises settle in turns of the event loop, so each server sees the order that it would see alone.
        const both = await Promise.all([observe(fast, request), observe(plain, request)]);
        const [found] = both;
        [, wanted] = both;
        const likeness = likenessOf(what === 'answers' ? { ...found, log: wanted.log } : found, wanted);
        if (likeness === 'raced') raced += 1;
        if (likeness === 'dropped') dropped += 1;
        if (likeness === 'unwritable') unwritable += 1;
      }
      assert.ok(wanted);
      return wanted;
    },
    async compareRaw(request) {
      const [found, wanted] = await Promise.all(
        sides.map(async ({ server, takeRuns }) => {
          const answer = await sendRaw(server.port, request);
          return { answer, log: await server.takeLog(), runs: takeRuns() };
        }),
      );
      assert.deepEqual(found, wanted);
      return wanted?.answer ?? '';
    },
    seen: async () => ({ raced, dropped, unwritable, lane: (await fast.server.readCounters()).lane }),
    async closeAfter(work) {
      try {
        const result = await work();
        await assertCountedAlike(fast.server, plain.server, dropped + unwritable > 0);
        return result;
      } finally {
        await end();
      }
    },
    async close(what = 'everything') {
      try {
        if (what === 'everything') await assertCountedAlike(fast.server, plain.server, dropped + unwritable > 0);
      } finally {
        await end();
      }
    },
  };
}

/** @param anyOutcome - whether the outcomes of queries are counted together */
async function assertCountedAlike(a: LaneServer, b: LaneServer, anyOutcome: boolean): Promise<void> {
  const [{ common: found }, { common: wanted }] = [await a.readCounters(), await b.readCounters()];
  if (anyOutcome) assert.deepEqual(withoutOutcomes(found), withoutOutcomes(wanted));
  else assert.deepEqual(found, wanted);
}

function withoutOutcomes(counters: readonly string[]): readonly (string | number)[] {
  const ofQuery = /^claimgate_graphql_operations_total\{type="query",outcome="\w+"\} /;
  const counts = counters.filter((line) => ofQuery.test(line)).map((line) => Number(line.replace(ofQuery, '')));
  return [counts.reduce((sum, count) => sum + count, 0), ...counters.filter((line) => !ofQuery.test(line))];
}
