/** The variable that sets the dose. `full`: the full dose, as in the gate. Not set: the small dose. */
const doseVariable = 'TEST_DOSE';

/** How much of a part runs at each dose. */
interface Part {
  readonly counts: string;
  readonly small: number;
  readonly full: number;
}

/** The parts that find more faults if they run longer. All other tests are the same at each dose. */
export const doses = {
  'faults/run.test.ts': { counts: 'minutes of the fault run', small: 0.25, full: 1 },
  'servers/servers.test.ts': {
    counts: 'GraphQL servers: a sample of the servers and of the cases, or all, also on Node.js 22.18 and by pnpm',
    small: 1,
    full: 2,
  },
  'fuzz/server.test.ts': { counts: 'seconds of attacks, on two targets at once', small: 5, full: 20 },
  'fuzz/token.test.ts': { counts: 'mutated tokens', small: 2_000, full: 20_000 },
  'properties/auth/model.test.ts': { counts: 'operations compared with the model', small: 1_000, full: 10_000 },
  'properties/auth/explain.test.ts': {
    counts: 'operations that run after they were explained',
    small: 400,
    full: 10_000,
  },
  'properties/auth/executor.test.ts': {
    counts: 'queries that both executors run, of each kind of schema',
    small: 400,
    full: 2_500,
  },
  'properties/diff/diff.test.ts': { counts: 'pairs of schemas that are compared', small: 500, full: 10_000 },
  'properties/replay.test.ts': {
    counts: 'pairs of schemas between which requests are replayed',
    small: 150,
    full: 500,
  },
  'properties/lane.test.ts': {
    counts: 'operations that two servers answer, one with the lane',
    small: 200,
    full: 750,
  },
  'api/explain/bounds.test.ts': { counts: 'distinct documents that are explained', small: 1_000, full: 4_000 },
  'conformance/crash.test.ts': { counts: 'rounds of `kill -9`, on each database', small: 1, full: 4 },
  'conformance/races.test.ts': {
    counts: 'rounds of each race, on each database with two processes; in full also with four',
    small: 1,
    full: 3,
  },
  'conformance/auth/depth.test.ts': { counts: 'depths of an input, on each transport', small: 20, full: 100 },
  'conformance/single-use.test.ts': { counts: 'rounds of the race of exchanges, on each database', small: 1, full: 3 },
  'conformance/start.test.ts': { counts: 'rounds of two first starts at once', small: 1, full: 3 },
  'token/cache/size.test.ts': { counts: 'tokens of each kind that are weighed', small: 4_000, full: 6_000 },
  'browser/explorer/run.test.ts': { counts: 'windows and colour schemes', small: 1, full: 2 },
  'browser/explorer/sandbox.test.ts': { counts: 'windows and colour schemes', small: 1, full: 2 },
  'browser/explorer/needs.test.ts': { counts: 'types of the large schema', small: 2_000, full: 10_000 },
  'properties/auth/algebra.test.ts': {
    counts: 'principals that each property of the algebra of rules is compared with',
    small: 4_000,
    full: 100_000,
  },
  'tools/attack/faults.test.ts': {
    counts: 'one of this many planted faults is tested; the attack must find it',
    small: 10,
    full: 1,
  },
  'tools/attack/samples/samples.test.ts': {
    counts: 'published schemas of which 30 elements are attacked',
    small: 1,
    full: 3,
  },
  'properties/auth/faults.test.ts': {
    counts: 'one of this many planted faults is tested; the model must find it',
    small: 10,
    full: 1,
  },
  'auth/properties.test.ts': { counts: 'runs of each property', small: 40, full: 150 },
  'packages/installed.test.ts': {
    counts: 'installations of the packages: the kit by npm; in full also by pnpm, the server, and Node.js 22.18',
    small: 1,
    full: 4,
  },
  'audit/activity.test.ts': { counts: 'rows of the audit trail, on each database', small: 20_000, full: 100_000 },
  'auth/inputs/depth.test.ts': { counts: 'depths of an input, executed directly', small: 20, full: 100 },
} as const satisfies Readonly<Record<string, Part>>;

/**
 * Returns how much of a part runs.
 *
 * @param part the test file
 * @param given the value of the variable. Default: its value in this process
 * @throws Error if the value is neither `full` nor empty
 */
export function dose(part: keyof typeof doses, given = process.env[doseVariable] ?? ''): number {
  if (given === '') return doses[part].small;
  if (given === 'full') return doses[part].full;
  throw new Error(`${doseVariable}=${JSON.stringify(given)}: expected full, or no value for the small dose`);
}
