import { parse, validate } from 'graphql';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { anonymous } from '../../src/principal.ts';
import { principalFor } from '../support/callers.ts';
import { githubSdl, largeQuery } from '../support/github.ts';

/**
 * Measures how long `explainOperation` takes for a query with 50 guarded selections, on GitHub's public schema with
 * about 2,300 rules:
 * node test/bench/explain.ts
 */
const guarded = createGuardedSchema({ modules: [{ name: 'github', typeDefs: githubSdl() }] });
const variables = { owner: 'o', name: 'n', state: ['CLOSED'] };
const document = parse(largeQuery);
const contenders: Readonly<Record<string, () => unknown>> = {
  parse: () => parse(largeQuery),
  validate: () => validate(guarded.schema, document),
  'decideOperation, planned before': () => guarded.decideOperation({ document, variables, principal: anonymous }),
  'explainOperation, with a scope': () =>
    guarded.explainOperation({ document, variables, principal: principalFor({ scopes: ['repo'] }) }),
  'explainOperation, without a token': () => guarded.explainOperation({ document, variables, principal: anonymous }),
};

function milliseconds(run: () => unknown): number {
  const { user, system } = process.cpuUsage();
  run();
  const after = process.cpuUsage();
  return (after.user + after.system - user - system) / 1_000;
}

for (const [name, run] of Object.entries(contenders)) {
  const times = Array.from({ length: 200 }, () => milliseconds(run))
    .slice(50)
    .toSorted((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))]?.toFixed(2);
  process.stdout.write(`${name}: median ${at(0.5)} ms on a processor (${at(0)}–${at(1)})\n`);
}
