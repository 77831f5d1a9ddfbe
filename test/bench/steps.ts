import assert from 'node:assert/strict';
import { openSync } from 'node:fs';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { fastify } from 'fastify';
import { parse, validate } from 'graphql';
import {
  createKnownOperations,
  formatErrorFor,
  type KnownOperation,
  operationSteps,
} from '../../src/api/operation/operation.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { jsonReader } from '../../src/http/graphql/json-body.ts';
import { acceptReader } from '../../src/http/lane/accept-types.ts';
import { admissionFault } from '../../src/http/lane/admission.ts';
import { bodyReader } from '../../src/http/lane/body.ts';
import { accessLog } from '../../src/observe/access.ts';
import { enterRequestId } from '../../src/observe/log.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { processOutput } from '../../src/observe/output.ts';
import { requestIds } from '../../src/observe/request-ids.ts';
import type { Principal } from '../../src/principal.ts';
import { callerReader } from '../../src/request/context.ts';
import { createRevocations } from '../../src/token/revocation/revocations.ts';
import { createVerifier } from '../../src/token/verify.ts';
import { policy } from '../api/fixture.ts';
import { issuerOf, makeKey, now, payloadOf, sign, target } from '../support/tokens.ts';
import { show, spreadOf, table } from './spread.ts';

/** How often a step runs in one round. */
const size = 100_000;
/** Rounds before the measurement. */
const warmUp = 3;
/** Measured rounds. */
const rounds = 9;

/** One thing that a request makes the server do. */
interface Step {
  readonly name: string;
  /** Which requests pay for it. */
  readonly paths: 'both' | 'lane';
  /** Whether it is a part of the sum: a small query with a repeated token. */
  readonly isUsual: boolean;
  readonly run: (index: number) => unknown;
}

/** `node test/bench/steps.ts` measures what every request pays, for the table in test/bench/README.md. */
async function main(): Promise<void> {
  const steps = [...log(), ...metrics(), ...(await callers()), ...(await lane())];
  const measured = new Map<Step, number[]>(steps.map((step) => [step, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const step of steps) {
      const microseconds = measure(step.run) - measure(nothing);
      if (round >= 0) measured.get(step)?.push(Math.max(0, microseconds));
    }
  }
  const rows = steps.map((step) => {
    const { name, paths } = step;
    return [name, show(spreadOf(measured.get(step) ?? []), 2, ' µs'), paths === 'both' ? 'lane and Fastify' : 'lane'];
  });
  const sum = (paths: readonly Step['paths'][]) =>
    steps
      .filter((step) => step.isUsual && paths.includes(step.paths))
      .reduce((total, step) => total + spreadOf(measured.get(step) ?? []).median, 0)
      .toFixed(2);
  process.stdout.write(
    `Processor time, median (least–greatest) of ${rounds} rounds of ${size} runs.\n\n${table(['step', 'takes', 'on the path'], rows)}\n\n` +
      `A small query with a repeated token: ${sum(['both'])} µs on both paths, and ${sum(['lane'])} µs more in the lane.\n`,
  );
}

function nothing(index: number): unknown {
  return index;
}

/** Keeps the last result. Otherwise the compiler could leave the work out. */
const sink: unknown[] = [undefined];

/** Returns the processor time of one run, in microseconds. */
function measure(run: (index: number) => unknown): number {
  const before = process.cpuUsage();
  for (let index = 0; index < size; index += 1) sink[0] = run(index);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / size;
}

function log(): Step[] {
  const output = processOutput(openSync('/dev/null', 'w'), () => '');
  const newId = requestIds();
  const id = newId();
  const access = accessLog(
    (line) => output.writeSoon(line),
    () => id,
  );
  return [
    {
      name: 'time of arrival, and duration',
      paths: 'both',
      isUsual: true,
      run: () => performance.now() - performance.now(),
    },
    { name: 'request ID', paths: 'lane', isUsual: true, run: newId },
    {
      name: 'request ID for the lines of resolvers',
      paths: 'lane',
      isUsual: true,
      run: () => enterRequestId(id),
    },
    {
      name: 'log line, with its share of the write',
      paths: 'both',
      isUsual: true,
      run: (index) => access({ method: 'POST', route: '/graphql', id, answer: { status: 200, ms: (index % 40) / 10 } }),
    },
  ];
}

function metrics(): Step[] {
  const counts = createMetrics();
  return [
    {
      name: 'metric of the answer',
      paths: 'both',
      isUsual: true,
      run: () => counts.answered({ method: 'POST', route: '/graphql', status: 200, seconds: 0.000_4 }),
    },
    {
      name: 'metric of the operation',
      paths: 'both',
      isUsual: true,
      run: () => counts.operated({ type: 'query', outcome: 'ok' }),
    },
    {
      name: 'metric of the token',
      paths: 'both',
      isUsual: true,
      run: () => counts.verified({ outcome: 'ok', cached: true }),
    },
    { name: 'metric of the lane', paths: 'lane', isUsual: true, run: () => counts.laned('answered') },
  ];
}

/** The header lines of a request, except the last value. */
const headerLines = [
  'Host',
  'localhost:4000',
  'Accept',
  '*/*',
  'Content-Type',
  'application/json',
  'Content-Length',
  '99',
];

async function callers(): Promise<Step[]> {
  const key = makeKey();
  const verifier = createVerifier({
    issuers: [issuerOf([key])],
    clock: () => now * 1_000,
    revocations: createRevocations(),
    onVerification: () => {},
  });
  const bytes: Buffer[] = [];
  for (let index = 0; index < 10_000; index += 1) {
    const token = sign(key, {
      payload: payloadOf({ jti: `token-${index}`, auth_time: now - 60, sid: `session-${index}` }),
    });
    await verifier.verify({ scheme: 'Bearer', token }, target);
    bytes.push(Buffer.from(`Bearer ${token}`));
  }
  const callerOf = callerReader({ verifier, url: target.url, realm: 'https://api.example', resourceMetadata: '' });
  // Each request has a new text, as from the network.
  const caller = (count: number) => (index: number) =>
    callerOf([...headerLines, 'Authorization', bytes[index % count]?.toString('latin1') ?? ''], 'POST');
  return [
    { name: 'caller: no token', paths: 'both', isUsual: false, run: () => callerOf(headerLines, 'POST') },
    { name: 'caller: a repeated token', paths: 'both', isUsual: true, run: caller(1) },
    { name: 'caller: one of 10,000 tokens', paths: 'both', isUsual: false, run: caller(bytes.length) },
  ];
}

async function lane(): Promise<Step[]> {
  const app = fastify();
  const bodies = bodyReader(jsonReader(app));
  const query = '{ me { id name email } }';
  const me = { id: 1, name: 'Ada', email: 'ada@example.com' };
  const guarded = createGuardedSchema({
    modules: [
      {
        name: 'bench',
        typeDefs:
          'type Query { me: Me! @auth(scope: "profile") } type Me @auth(scope: "profile") { id: ID! name: String! email: String! }',
        resolvers: { Query: { me: () => me } },
      },
    ],
  });
  const steps = operationSteps('single', policy, guarded);
  const formatError = formatErrorFor(policy);
  const challenge = { realm: '', resourceMetadata: '' };
  const known = createKnownOperations({ steps, challenge, formatError, reports: { onErrors() {}, onOperation() {} } });
  const document = parse(query);
  // As in the server, the rules measure the cost of the document one time.
  assert.deepEqual(validate(guarded.schema, document, steps.validationRules), []);
  known.remember(query, document);
  const key = makeKey();
  const verifier = createVerifier({ issuers: [issuerOf([key])], clock: () => now * 1_000 });
  const principal: Principal = await verifier.verify(
    { scheme: 'Bearer', token: sign(key, { payload: payloadOf({ scope: 'profile' }) }) },
    target,
  );
  const runKnown = () => {
    const found = known.find(query, undefined);
    if (found.kind === 'other') throw new Error(found.reason);
    return known.run(found satisfies KnownOperation, undefined, { principal, address: '::1' }, 'application/json');
  };
  const first = await runKnown();
  if (first.kind !== 'answer' || first.status !== 200) throw new Error(JSON.stringify(first));
  const sent = Buffer.from(JSON.stringify({ query }));
  const body = bodies.read(sent);
  if (body) bodies.remember(body);
  const withVariables = Buffer.from(JSON.stringify({ query, variables: { id: '1' } }));
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method: 'POST' });
  Object.assign(request.headers, { 'content-type': 'application/json', 'content-length': '99', accept: '*/*' });
  const accepted = acceptReader();
  return [
    {
      name: 'headers',
      paths: 'lane',
      isUsual: true,
      run: () => admissionFault(request, 1_000_000) ?? accepted.typeOf(request.headers.accept),
    },
    { name: 'body: a remembered one', paths: 'lane', isUsual: true, run: () => bodies.read(sent) },
    { name: 'body: with variables', paths: 'lane', isUsual: false, run: () => bodies.read(withVariables) },
    { name: 'find, check, decide and execute', paths: 'lane', isUsual: true, run: runKnown },
  ];
}

await main();
