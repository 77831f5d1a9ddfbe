import type { Decision } from '../../auth/decide/decide.ts';
import type { RuledCases } from './rule-cases.ts';
import { type RuleCaller, writeCaller } from './rule-callers.ts';

/** How the table writes each decision. */
const words: Readonly<Record<Decision, string>> = { allow: 'passes', deny: 'denied', depends: 'depends' };

function callerCell(caller: RuleCaller): string {
  if (caller === null) return 'no token';
  return Object.keys(caller).length === 0 ? 'a token without scopes' : writeCaller(caller);
}

/** Writes the callers of each guarded element as a table for people. */
export function ruleTable(elements: readonly RuledCases[]): string {
  const rows = elements.flatMap(({ coordinate, requires, cases, isPartial }) =>
    cases.map(({ caller, decision }, at) => [
      at === 0 ? coordinate : '',
      words[decision],
      callerCell(caller),
      at === 0 ? `requires ${requires}${isPartial ? ' (not every alternative has a caller here)' : ''}` : '',
    ]),
  );
  const all = [['coordinate', 'decision', 'caller', 'rule'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
    .concat('\n');
}
