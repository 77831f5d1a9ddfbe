import assert from 'node:assert/strict';
import type { GuardedSchema } from '../../../src/auth/guarded-schema.ts';
import { laneClient, type LaneRequest, type RawAnswer } from './client.ts';
import { type RawRequest, sendRaw } from './raw.ts';
import { type LaneServer, type LaneServerOptions, startLaneServer } from './server.ts';

/** How often a request is sent to each server. The first request makes its document known. */
const times = 2;

/** One request, and what is compared with the answers of the other server. */
export interface Observed extends RawAnswer {
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** What ran, as the options `takeRuns` returns it. */
  readonly runs: readonly string[];
}

/** Two servers of the same API. The first answers known queries in the lane. */
export interface LanePair {
  /**
   * Sends a request to both servers several times, and compares what they answer, log and run.
   *
   * @param what - `answers`: the log is not compared. Default: `everything`
   * @returns the answer of the server without the lane
   * @throws AssertionError if the servers differ
   */
  compare(request: LaneRequest, what?: 'everything' | 'answers'): Promise<Observed>;
  /**
   * Sends bytes to both servers, and compares everything that they answer, log and run. @returns the answer of the
   * server without the lane
   */
  compareRaw(request: RawRequest): Promise<string>;
  /** How many answers came from the lane, how many did not, by reason, and how many had errors in another order. */
  seen(): Promise<PairSeen>;
  /** Ends the servers. @param what - `answers`: their counters are not compared. Default: `everything` */
  close(what?: 'everything' | 'answers'): Promise<void>;
}

/** What a pair has seen. */
export interface PairSeen {
  readonly raced: number;
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

  async function observe({ server, client, takeRuns }: typeof fast, request: LaneRequest): Promise<Observed> {
    const answer = await client.send(request);
    // Fields of dropped branches are read after the answer.
    for (let turn = 0; turn < 8; turn += 1) await new Promise(setImmediate);
    return { ...answer, log: await server.takeLog(), runs: takeRuns() };
  }

  return {
    async compare(request, what = 'everything') {
      let wanted: Observed | undefined;
      for (let time = 0; time < times; time += 1) {
        const found = await observe(fast, request);
        wanted = await observe(plain, request);
        if (!isSame(what === 'answers' ? { ...found, log: wanted.log } : found, wanted)) raced += 1;
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
    seen: async () => ({ raced, lane: (await fast.server.readCounters()).lane }),
    async close(what = 'everything') {
      try {
        if (what === 'everything') await assertCountedAlike(fast.server, plain.server);
      } finally {
        for (const { client, server } of sides) {
          client.close();
          await server.close();
        }
      }
    },
  };
}

async function assertCountedAlike(a: LaneServer, b: LaneServer): Promise<void> {
  const [{ common: found }, { common: wanted }] = [await a.readCounters(), await b.readCounters()];
  assert.deepEqual(found, wanted);
}

/**
 * Asserts that two observations are equal. Errors may have another order, because several may race.
 *
 * @returns whether they were equal byte for byte
 */
function isSame(found: Observed, wanted: Observed): boolean {
  try {
    assert.deepEqual(found, wanted);
    return true;
  } catch (error) {
    const [a, b] = [resultOf(found), resultOf(wanted)];
    if (!a || !b || b.errors.length < 2) throw error;
    assert.deepEqual({ ...a, errors: a.errors.toSorted() }, { ...b, errors: b.errors.toSorted() });
    return false;
  }
}

/** Reads a result with errors; null if the body is no result. */
function resultOf({ body, headers, log, ...rest }: Observed) {
  if (!body.startsWith('{')) return null;
  const parsed = JSON.parse(body) as { readonly data?: unknown; readonly errors?: readonly unknown[] };
  if (!Array.isArray(parsed.errors)) return null;
  return {
    ...rest,
    size: body.length,
    headers,
    log: log.map((line) => JSON.stringify(line)).toSorted(),
    data: JSON.stringify(parsed.data),
    errors: parsed.errors.map((error) => JSON.stringify(error)),
  };
}
