import type { AttackReport } from './findings.ts';

/** Writes what an attack found as JSON, for programs. */
export function attackJson({ schema, seed, counts, waysIn, notTried, tried, transports }: AttackReport): string {
  return `${JSON.stringify({ schema, seed, counts, transports, waysIn, notTried, tried }, null, 2)}\n`;
}
