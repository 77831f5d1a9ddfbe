import { parseArgs } from 'node:util';
import { HeaderMap } from '@apollo/server';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { principalFor } from '../support/callers.ts';
import { bothPaths } from '../support/known.ts';
import { integerOption } from '../support/options.ts';
import { workloads } from './hot/workloads.ts';
import { microseconds } from './microseconds.ts';
import { resolvers, shopSdl } from './peers/shop.ts';
import { show, spreadOf, table } from './spread.ts';

/**
 * Measures the path of known queries against Apollo Server, with all checks, in one process and without HTTP: from the
 * text of the document to the status, headers and body: node test/bench/known.ts [--rounds 21] [--only W1]
 */
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '21' }, only: { type: 'string' } } });
const rounds = integerOption('rounds', values.rounds, 1);

const guarded = createGuardedSchema({
  modules: [{ name: 'shop', typeDefs: shopSdl((scope) => `@auth(scope: "${scope}")`, '@public'), resolvers }],
});
const { apollo, known } = await bothPaths({ guarded });
const principal = principalFor({ scopes: ['profile', 'orders:read', 'customers:read'] });

const rows: string[][] = [];
for (const { name, what, query, variables = {}, database } of workloads) {
  if (database === 'PostgreSQL' || (values.only !== undefined && values.only !== name)) continue;
  const headers = new HeaderMap([['content-type', 'application/json']]);
  const byApollo = async () => {
    const httpGraphQLRequest = { method: 'POST', search: '', headers, body: { query, variables } };
    const { body } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest,
      context: async () => ({ principal }),
    });
    return body.kind === 'complete' ? body.string : null;
  };
  const byKnown = async () => {
    const operation = known.find(query, null);
    if (operation.kind === 'other') throw new Error(`${name}: ${operation.reason}`);
    const made = known.run(operation, variables, { principal }, 'application/json');
    const answer = 'then' in made ? await made : made;
    return answer.kind === 'answer' ? answer.body : null;
  };
  const [wanted, found] = [await byApollo(), await byKnown()];
  if (wanted !== found) throw new Error(`${name}: ${found} instead of ${wanted}`);
  const measured: { readonly one: number; readonly other: number }[] = [];
  for (let round = -5; round < rounds; round += 1) {
    const [one, other] = [await microseconds(byApollo), await microseconds(byKnown)];
    if (round >= 0) measured.push({ one, other });
  }
  const median = (choose: (each: (typeof measured)[number]) => number) => spreadOf(measured.map(choose));
  rows.push([
    name,
    what,
    median(({ one }) => one).median.toFixed(1),
    median(({ other }) => other).median.toFixed(2),
    show(
      median(({ one, other }) => other / one),
      3,
    ),
  ]);
}
process.stdout.write(`${table(['', '', 'Apollo Server, µs', 'known, µs', 'known ÷ Apollo Server'], rows)}\n`);
await apollo.stop();
process.exit();
