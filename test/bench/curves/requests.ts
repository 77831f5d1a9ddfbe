import { join } from 'node:path';
import { root } from '../../support/process.ts';
import { prepareRequest, type PreparedRequest } from '../hot/connection.ts';
import { type Contender, contenders, start, type Started } from '../hot/contenders.ts';
import { connections, type Feed, load } from '../hot/load.ts';
import { makeTokens } from '../hot/tokens.ts';
import { workloads } from '../hot/workloads.ts';
import { type Curve, note, type Point } from './curve.ts';

const unit = 'µs of the processor per request';
export const small: string = workloads[0]?.query ?? '';

/** Our built server, with a configuration for curves. */
export function server(env: Readonly<Record<string, string>> = {}): Contender {
  const ours = contenders.find(({ is }) => is === 'ours');
  if (!ours) throw new Error('the benchmark of the hot path has no server of ours');
  return { ...ours, env: { ...ours.env, CLAIMGATE_CONFIG: join(root, 'test/bench/curves/curves.config.ts'), ...env } };
}

/** Cost per request against the number of rules in the schema, of which the query uses one. */
export async function rulesCurve(sizes: readonly number[], seconds: number): Promise<Curve> {
  const tokens = makeTokens();
  const points = await sizesOf(sizes, async (size) => {
    const started = await start(server({ CURVE_RULES: String(size) }), tokens);
    return cost(started, 1, () => ({ query: small, header: tokens.header(0) }), seconds);
  });
  return curve('rules', 'rules in the schema', [{ name: 'the small query', points }]);
}

/** Cost per request against the number of scopes in the token. */
export async function scopesCurve(sizes: readonly number[], seconds: number): Promise<Curve> {
  const known: Point[] = [];
  const first: Point[] = [];
  for (const size of sizes) {
    const tokens = makeTokens(Array.from({ length: size }, (_, index) => `s${index}`));
    const started = await start(server(), tokens);
    try {
      const request = (index: number) => ({ query: small, header: tokens.header(index) });
      const once = await load(
        started,
        eachOnce(started, 3_000, (index) => request(index + 1)),
        600,
      );
      const again = await measured(started, 1, request, seconds);
      first.push(noted('scopes', 'first', size, once.cpuMicrosecondsPerRequest));
      known.push(noted('scopes', 'known', size, again));
    } finally {
      await started.stop();
    }
  }
  return curve('scopes', 'scopes in the token', [
    { name: 'a known token', points: known },
    { name: 'a token for the first time', points: first },
  ]);
}

/** Cost per request against the number of distinct tokens, which all were verified before. */
export async function tokensCurve(sizes: readonly number[], seconds: number): Promise<Curve> {
  const tokens = makeTokens();
  const points = await sizesOf(sizes, async (size) =>
    cost(await start(server(), tokens), size, (index) => ({ query: small, header: tokens.header(index) }), seconds),
  );
  return curve('tokens', 'distinct tokens', [{ name: 'the small query', points }]);
}

/** Cost per request against the number of distinct documents, which all were sent before. */
export async function documentsCurve(sizes: readonly number[], seconds: number): Promise<Curve> {
  const tokens = makeTokens();
  const header = tokens.header(0);
  const points = await sizesOf(sizes, async (size) =>
    cost(
      await start(server(), tokens),
      size,
      (index) => ({ query: `{ me { id name a${index}: email } }`, header }),
      seconds,
    ),
  );
  return curve('documents', 'distinct documents', [{ name: 'the small query', points }]);
}

interface Asked {
  readonly query: string;
  readonly header: string;
}

/** Measures a started server, and stops it. */
async function cost(
  started: Started,
  distinct: number,
  asked: (index: number) => Asked,
  seconds: number,
): Promise<number> {
  try {
    return await measured(started, distinct, asked, seconds);
  } finally {
    await started.stop();
  }
}

/** Sends each distinct request twice, so that the server knows them, and then measures all of them in turns. */
export async function measured(
  started: Started,
  distinct: number,
  asked: (index: number) => Asked,
  seconds: number,
): Promise<number> {
  for (let turn = 0; turn < 2; turn += 1) await load(started, eachOnce(started, distinct, asked), 3_600);
  await load(started, inTurns(started, distinct, asked), Math.min(2, seconds));
  const { cpuMicrosecondsPerRequest, errors } = await load(started, inTurns(started, distinct, asked), seconds);
  if (errors > 0) throw new Error(`${errors} requests of a curve were not answered with 200`);
  return cpuMicrosecondsPerRequest;
}

function eachOnce(started: Started, distinct: number, asked: (index: number) => Asked): Feed {
  return (connection) => {
    let index = connection - connections;
    return () => {
      index += connections;
      return index < distinct ? prepared(started, asked(index)) : null;
    };
  };
}

function inTurns(started: Started, distinct: number, asked: (index: number) => Asked): Feed {
  return (connection) => {
    const part: PreparedRequest[] = [];
    for (let index = connection; index < distinct; index += connections) part.push(prepared(started, asked(index)));
    if (part.length === 0) part.push(prepared(started, asked(0)));
    let at = 0;
    return () => {
      at = (at + 1) % part.length;
      return part[at] ?? null;
    };
  };
}

function prepared({ url }: Started, { query, header }: Asked): PreparedRequest {
  return prepareRequest(new URL(url), JSON.stringify({ query }), header);
}

async function sizesOf(sizes: readonly number[], at: (size: number) => Promise<number>): Promise<readonly Point[]> {
  const points: Point[] = [];
  for (const size of sizes) points.push(noted('cost', 'request', size, await at(size)));
  return points;
}

export function noted(name: string, series: string, size: number, value: number): Point {
  note(name, series, { size, value });
  return { size, value };
}

function curve(name: string, of: string, series: Curve['series']): Curve {
  return { name, of, unit, series };
}
