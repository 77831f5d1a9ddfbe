import { parseArgs } from 'node:util';
import { execute, type ExecutionResult, parse } from 'graphql';
import { createExecutor, type ExecuteQuery, type QueryResult } from '../../src/auth/execute/executor.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { principalFor } from '../support/callers.ts';
import { integerOption } from '../support/options.ts';
import { workloads } from './hot/workloads.ts';
import { resolvers, shopSdl } from './peers/shop.ts';
import { microseconds } from './microseconds.ts';
import { show, spreadOf, table } from './spread.ts';

/**
 * Measures the executor against `execute` and `JSON.stringify` of graphql-js, on the same guarded schema and in one
 * process, without HTTP. The executor only interprets, or it has compiled its selections: node test/bench/executor.ts [--rounds 21] [--only W1]
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '21' }, only: { type: 'string' } } });
const rounds = integerOption('rounds', values.rounds, 1);

const { schema } = createGuardedSchema({
  modules: [{ name: 'shop', typeDefs: shopSdl((scope) => `@auth(scope: "${scope}")`, '@public'), resolvers }],
});
const interpreter = createExecutor(schema, { compileAfter: Infinity });
const compiler = createExecutor(schema, { compileAfter: 0, compileIntervalMs: 0 });
const principal = principalFor({ scopes: ['profile', 'orders:read', 'customers:read'] });

const rows: string[][] = [];
for (const { name, what, query, variables = {}, database } of workloads) {
  if (database === 'PostgreSQL' || (values.only !== undefined && values.only !== name)) continue;
  const document = parse(query);
  const byGraphql: () => Promise<string> = async () => {
    const result = execute({ schema, document, variableValues: variables, contextValue: { principal } });
    const text = ({ data }: ExecutionResult): string => JSON.stringify(data);
    return 'then' in result ? text(await result) : text(result);
  };
  const by = (executeQuery: ExecuteQuery) => async (): Promise<string> => {
    const result = executeQuery({ document, variables, contextValue: { principal } });
    const settled = 'then' in result ? await result : result;
    const { data } = settled as QueryResult;
    Buffer.byteLength(data); // A text of many parts is joined before it is sent.
    return data;
  };
  const ways = { graphql: byGraphql, interpreted: by(interpreter), compiled: by(compiler) };
  const wanted = await byGraphql();
  for (const run of [ways.interpreted, ways.compiled]) {
    const found = await run();
    if (wanted !== found) throw new Error(`${name}: ${found} instead of ${wanted}`);
  }
  const measured: Readonly<Record<keyof typeof ways, number>>[] = [];
  for (let round = -5; round < rounds; round += 1) {
    const graphql = await microseconds(ways.graphql);
    const interpreted = await microseconds(ways.interpreted);
    const compiled = await microseconds(ways.compiled);
    if (round >= 0) measured.push({ graphql, interpreted, compiled });
  }
  const median = (choose: (each: (typeof measured)[number]) => number) => spreadOf(measured.map(choose));
  rows.push([
    name,
    what,
    median(({ graphql }) => graphql).median.toFixed(2),
    median(({ interpreted }) => interpreted).median.toFixed(2),
    median(({ compiled }) => compiled).median.toFixed(2),
    show(
      median(({ graphql, compiled }) => compiled / graphql),
      3,
    ),
    show(
      median(({ interpreted, compiled }) => compiled / interpreted),
      2,
    ),
  ]);
}
const head = [
  '',
  '',
  'graphql-js, µs',
  'interpreted, µs',
  'compiled, µs',
  'compiled ÷ graphql-js',
  'compiled ÷ interpreted',
];
process.stdout.write(`${table(head, rows)}\n`);
