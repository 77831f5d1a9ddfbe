import { resolve } from 'node:path';
import { isRecord } from '../../protocol/record.ts';
import { ToolFault } from '../report/fault.ts';
import { readText } from '../source/text.ts';
import type { Change } from './change.ts';

/** The accepted widenings: the rule of each element as it was accepted, by coordinate. */
export type Allowed = ReadonlyMap<string, string>;

/**
 * Reads a file of accepted rules by coordinate.
 *
 * @param command - the command that writes the entries, for messages
 * @throws {ToolFault} if it cannot be read, or has another form
 */
export async function readAllowed(
  file: string,
  directory: string,
  command = 'claimgate diff --json',
): Promise<Allowed> {
  const expected = `expected a JSON object: { "Type.field": "rule" }, as ${command} has in toAllow`;
  const place = { file, line: null };
  const hint = `; to make it, save the object toAllow of ${command}`;
  const text = await readText(resolve(directory, file), file, hint);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ToolFault(place, `${expected}; ${error instanceof Error ? error.message : 'it is no JSON'}`);
  }
  if (!isRecord(value)) throw new ToolFault(place, `${expected}; found another value`);
  return new Map(
    Object.entries(value).map(([coordinate, rule]) => {
      if (typeof rule === 'string') return [coordinate, rule];
      const line = text.split('\n').findIndex((one) => one.includes(JSON.stringify(coordinate))) + 1;
      throw new ToolFault({ file, line: line || null }, `${coordinate}: expected the rule as a text`);
    }),
  );
}

/** The widenings that a file does not cover, and the entries that cover none. */
export interface Judged {
  readonly refused: readonly Change[];
  readonly accepted: readonly Change[];
  /** One line for each entry that covers no widening. */
  readonly stale: readonly string[];
}

/** Compares widenings with the accepted ones. An entry covers a widening only if the rule is exactly the accepted one. */
export function judge(changes: readonly Change[], allowed: Allowed): Judged {
  const findings = changes.filter(({ isFinding }) => isFinding);
  const isAccepted = ({ coordinate, rule }: Change): boolean => rule !== null && allowed.get(coordinate) === rule;
  const accepted = findings.filter(isAccepted);
  const covered = new Set(accepted.map(({ coordinate }) => coordinate));
  const rules = new Map(findings.map(({ coordinate, rule }) => [coordinate, rule]));
  const stale = [...allowed].flatMap(([coordinate, rule]) => {
    if (covered.has(coordinate)) return [];
    const found = rules.get(coordinate);
    if (found === undefined || found === null) return [`${coordinate}: no widening; remove the entry`];
    return [`${coordinate}: accepted was "${rule}"; found "${found}", which is not accepted`];
  });
  return { refused: findings.filter((change) => !isAccepted(change)), accepted, stale };
}
