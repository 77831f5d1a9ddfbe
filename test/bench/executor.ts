import { parseArgs } from 'node:util';
import { execute, type ExecutionResult, parse } from 'graphql';
import { createExecutor, type QueryResult } from '../../src/auth/execute/executor.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { principalFor } from '../support/callers.ts';
import { workloads } from './hot/workloads.ts';
import { resolvers, shopSdl } from './peers/shop.ts';
import { microseconds } from './microseconds.ts';
import { show, spreadOf, table } from './spread.ts';

/**
 * Measures the executor against `execute` and `JSON.stringify` of graphql-js, on the same guarded schema and in one
 * process, without HTTP: node test/bench/executor.ts [--rounds 21] [--only W1]
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '21' }, only: { type: 'string' } } });
const rounds = Number(values.rounds);

const { schema } = createGuardedSchema({
  modules: [{ name: 'shop', typeDefs: shopSdl((scope) => `@auth(scope: "${scope}")`, '@public'), resolvers }],
});
const executeQuery = createExecutor(schema);
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
  const byExecutor: () => Promise<string> = async () => {
    const result = executeQuery({ document, variables, contextValue: { principal } });
    const settled = 'then' in result ? await result : result;
    return (settled as QueryResult).data;
  };
  const [wanted, found] = [await byGraphql(), await byExecutor()];
  if (wanted !== found) throw new Error(`${name}: ${found} instead of ${wanted}`);
  const measured: { readonly graphql: number; readonly own: number }[] = [];
  for (let round = -5; round < rounds; round += 1) {
    const graphql = await microseconds(byGraphql);
    const own = await microseconds(byExecutor);
    if (round >= 0) measured.push({ graphql, own });
  }
  const median = (choose: (each: (typeof measured)[number]) => number) => spreadOf(measured.map(choose));
  const ratio = median(({ graphql, own }) => own / graphql);
  rows.push([
    name,
    what,
    median(({ graphql }) => graphql).median.toFixed(2),
    median(({ own }) => own).median.toFixed(2),
    show(ratio, 3),
  ]);
}
process.stdout.write(`${table(['', '', 'graphql-js, µs', 'executor, µs', 'executor ÷ graphql-js'], rows)}\n`);
