import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Started } from './contenders.ts';
import type { BenchTokens } from './tokens.ts';
import type { Workload } from './workloads.ts';

/**
 * Checks that all servers give the data that GraphQL defines. Only if a field is denied, a server may give other data.
 *
 * @returns the names of the servers that do, and the status of each server's answer
 */
export async function compareAnswers(
  workload: Workload,
  servers: readonly Started[],
  tokens: BenchTokens,
): Promise<{ readonly others: ReadonlySet<string>; readonly statuses: ReadonlyMap<string, number> }> {
  const header = workload.tokens === 0 ? undefined : tokens.header(0);
  const all = await Promise.all(
    servers.map(async (server) => {
      const { text, status } = await server.ask(workload, header);
      const data = (JSON.parse(text) as { data?: unknown }).data ?? null;
      return { name: server.name, is: server.is, data, text, status };
    }),
  );
  const statuses = new Map(all.map(({ name, status }) => [name, status]));
  const answers = all.filter(({ is }) => is !== 'floor' && !(is === 'ours, all public' && isDenied(workload)));
  // The executor of graphql-js runs in the first contender.
  const others = answers.filter(({ data }) => !isDeepStrictEqual(data, answers[0]?.data));
  if (isDenied(workload)) return { others: new Set(others.map(({ name }) => name)), statuses };
  for (const { name, text } of others) throw new Error(`${workload.name}: ${name} answered ${text.slice(0, 300)}`);
  assert.ok(answers[0]?.data, `${workload.name}: no data, but ${answers[0]?.text}`);
  return { others: new Set(), statuses };
}

/** Whether a field of the workload is denied. */
export function isDenied({ name }: Workload): boolean {
  return name.startsWith('W4');
}
