import { join } from 'node:path';
import { createApp } from '../../../src/http/app.ts';
import type { GraphqlRequest } from '../../../src/http/graphql/options.ts';
import type { ExecutorOptions } from '../../../src/auth/execute/executor.ts';
import type { GuardedSchema } from '../../../src/auth/guarded-schema.ts';
import { createLogger } from '../../../src/observe/log.ts';
import { createMetrics } from '../../../src/observe/metrics.ts';
import type { Config } from '../../../src/config.ts';
import { auditTrail } from '../../../src/server/audit.ts';
import type { Recording } from '../../../src/server/replay/recording.ts';
import { appOptions } from '../../../src/server/start/app-options.ts';
import type { Foundation } from '../../../src/server/start/foundation.ts';
import { readServerConfig } from '../../../src/server/configuration.ts';
import { createStore } from '../../../src/store/database.ts';
import { createProofChecker } from '../../../src/token/dpop/proof.ts';
import { memoryReplays } from '../../../src/token/dpop/replays.ts';
import { issuers } from './tokens.ts';
import { root } from '../process.ts';

/** What a server is for. */
export interface LaneServerOptions {
  readonly guarded: GuardedSchema;
  /** Whether known queries are answered in the lane. */
  readonly lane: boolean;
  /** The members of the context besides the caller. Default: none. */
  readonly context?: () => object;
  /** Members of the configuration that differ from a server without settings. */
  readonly config?: Partial<Config>;
  /** Makes the recording of its operations for `claimgate replay`. Default: they are not recorded. */
  readonly recording?: (parts: Pick<Foundation, 'log' | 'metrics'>) => Recording | null;
  /** How the lane executes queries. Default: as in a server. */
  readonly executor?: ExecutorOptions | undefined;
  /** The addresses on which it listens, as those of `localhost`. Default: `127.0.0.1`. */
  readonly addresses?: readonly string[];
  /** Members of the environment. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A server that is assembled as the program assembles it, in this process. It has no database. */
export interface LaneServer {
  readonly port: number;
  /** Removes and returns the log lines, without their times and request IDs. */
  takeLog(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Returns the counters of operations, denials, verifications and requests, and the counters of the lane. */
  readCounters(): Promise<{ readonly common: readonly string[]; readonly lane: Readonly<Record<string, number>> }>;
  close(): Promise<void>;
}

const { config: defaults } = await readServerConfig({ LOG_LEVEL: 'debug' }, join(root, 'test/support/lane'));

/** Starts a server on a free port of the loopback address. */
export async function startLaneServer({
  guarded,
  lane,
  context,
  config: changes = {},
  recording,
  executor,
  addresses,
  env,
}: LaneServerOptions): Promise<LaneServer> {
  const read = env
    ? (await readServerConfig({ LOG_LEVEL: 'debug', ...env }, join(root, 'test/support/lane'))).config
    : defaults;
  const config: Config = { ...read, explorer: false, landingPage: 'explorer', ...changes, lane };
  const lines: string[] = [];
  const { log, access } = createLogger(config.logLevel, { write: (text) => void lines.push(text) });
  const metrics = createMetrics(false); // Each of thousands of servers would observe this process.
  const store = createStore('file::memory:', { onUnavailable() {} });
  const audit = auditTrail(store, log, metrics, true);
  const foundation = { log, access, metrics, tracing: null, store, audit, fetch };
  const catalogues = { own: new Map(), all: new Map() };
  const api = { guarded, catalogues, embedded: false, exchanges: false, executor };
  const parts = { checks: [], mounts: [] };
  const trusted = {
    authorities: [{ issuers, parts, close: async () => {} }],
    proofs: createProofChecker({ replays: memoryReplays() }),
  };
  const options = appOptions(config, foundation, api, trusted, recording?.(foundation));
  const contextOf = options.graphql.context;
  const app = await createApp({
    ...options,
    graphql: {
      ...options.graphql,
      ...(context && { context: (request: GraphqlRequest) => withMembers(contextOf(request), context()) }),
    },
  });
  const address = { host: addresses ? 'localhost' : '127.0.0.1', port: 0 };
  const url = await app.listen(address, async () => addresses ?? []);
  lines.length = 0; // The address differs from server to server.
  return {
    port: Number(new URL(url).port),
    async takeLog() {
      await new Promise(setImmediate);
      const taken = lines.splice(0).flatMap((text) => text.trimEnd().split('\n'));
      return taken.map((line) => {
        const { time: _, reqId, ms, ...rest } = JSON.parse(line, withoutFrames) as Record<string, unknown>;
        return { ...rest, ...(reqId !== undefined && { reqId: 'an ID' }), ...(ms !== undefined && { ms: 'a time' }) };
      });
    },
    async readCounters() {
      const text = (await metrics.read()).split('\n').filter((line) => line.startsWith('claimgate_'));
      const common = text.filter((line) =>
        /^claimgate_(graphql_operations|denials|verifications)_total|^claimgate_http_request_duration_seconds_count/.test(
          line,
        ),
      );
      const counted = text.flatMap((line) => {
        const [, outcome, count] = /^claimgate_lane_requests_total\{outcome="([^"]*)"\} (\d+)/.exec(line) ?? [];
        return outcome === undefined ? [] : [[outcome, Number(count)] as const];
      });
      return { common: common.toSorted(), lane: Object.fromEntries(counted) };
    },
    async close() {
      await app.drain();
      await audit.close();
      await store.destroy();
    },
  };
}

/** Adds members to a context. The result is a promise only if the context is one. */
function withMembers(made: object | Promise<object>, members: object): object | Promise<object> {
  return made instanceof Promise ? made.then((value) => ({ ...value, ...members })) : { ...made, ...members };
}

/** Removes the frames of a stack, because the two executors have other functions. */
function withoutFrames(name: string, value: unknown): unknown {
  return name === 'stack' && typeof value === 'string' ? value.replaceAll(/\n +at .*/g, '') : value;
}
