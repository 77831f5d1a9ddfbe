import { buildSchema, executeSync, type GraphQLSchema, parse } from 'graphql';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { principalFor } from '../support/callers.ts';
import { show, spreadOf, table } from './spread.ts';

/** Rounds before the measurement. */
const warmUp = 20;
/** Measured rounds. */
const rounds = 41;
/** Executions in each round. */
const size = 20;
/** Executions before the next contender's turn. */
const turn = 2;
/** Look-ups in each round. */
const lookups = 20_000;

const open = `
  type Query { list: [Item!]! PUBLIC }
  type Item { id: ID!  name: String  price: Int RULE  stock: Int RULE }
`;
const items = Array.from({ length: 1000 }, (_, id) => ({ id: `${id}`, name: `item ${id}`, price: id, stock: 1 }));
const rootValue = { list: items };

const guarded = createGuardedSchema({
  modules: [
    { name: 'bench', typeDefs: open.replace('PUBLIC', '@public').replaceAll('RULE', '@auth(scope: "items:read")') },
  ],
});
const plain = buildSchema(open.replace('PUBLIC', '').replaceAll('RULE', ''));
const document = parse('{ list { id name price stock } }');
const allowed = { principal: principalFor({ scopes: ['items:read'] }) };
const denied = { principal: principalFor({ scopes: ['other'] }) };

/** Microseconds for one execution or one look-up, for one round. */
interface Round {
  readonly unguarded: number;
  readonly allowed: number;
  readonly denied: number;
  readonly lookup: number;
}

/** `node test/bench/auth.ts` measures what `@auth` costs, as ratios within one run. */
function main(): void {
  const measured: Round[] = [];
  for (let round = -warmUp; round < rounds; round += 1) {
    const taken = measure();
    if (round >= 0) measured.push(taken);
  }
  const of = (choose: (round: Round) => number) => spreadOf(measured.map(choose));
  const rows = [
    [
      'allowed ÷ unguarded',
      show(
        of(({ allowed, unguarded }) => allowed / unguarded),
        3,
      ),
      '1.03',
    ],
    [
      'denied ÷ allowed',
      show(
        of(({ denied, allowed }) => denied / allowed),
        3,
      ),
      'below 1',
    ],
    [
      'look-up of a known plan, decided',
      show(
        of(({ lookup }) => lookup),
        3,
        ' µs',
      ),
      'below 1 µs',
    ],
  ];
  process.stdout.write(
    `Median (least–greatest) of ${rounds} rounds of ${size} executions of a list of 1,000 × 4 fields, two of them guarded, in turns.\n\n`,
  );
  process.stdout.write(`${table(['', 'measured', 'target'], rows)}\n`);
}

function measure(): Round {
  const contenders = [
    { microseconds: 0, run: () => execute(plain, allowed) },
    { microseconds: 0, run: () => execute(guarded.schema, allowed) },
    { microseconds: 0, run: () => execute(guarded.schema, denied) },
  ];
  for (let at = 0; at < size; at += turn) {
    // The order rotates, so each contender is first equally often.
    for (let next = 0; next < contenders.length; next += 1) {
      const contender = contenders[(at / turn + next) % contenders.length];
      if (contender) contender.microseconds += timed(turn, contender.run);
    }
  }
  const { principal } = allowed;
  const lookup = timed(lookups, () => guarded.decideOperation({ document, principal }));
  const [unguarded, mayRead, mayNot] = contenders.map(({ microseconds }) => microseconds / size);
  return {
    unguarded: unguarded ?? Number.NaN,
    allowed: mayRead ?? Number.NaN,
    denied: mayNot ?? Number.NaN,
    lookup: lookup / lookups,
  };
}

function execute(schema: GraphQLSchema, contextValue: object): void {
  const { data } = executeSync({ schema, document, rootValue, contextValue });
  if (!data) throw new Error('No data came out.');
}

/** Returns how long this many calls take, in microseconds. */
function timed(times: number, run: () => unknown): number {
  const start = performance.now();
  for (let time = 0; time < times; time += 1) run();
  return (performance.now() - start) * 1000;
}

main();
