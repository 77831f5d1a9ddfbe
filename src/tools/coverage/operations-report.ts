import type { ScopeAlternatives } from '../../auth/rules/scope.ts';
import { alternatives, leastScopesJson } from '../explain/report.ts';
import { labelOf } from '../operations/operation.ts';
import { writePlace } from '../report/fault.ts';
import type { Paint } from '../report/paint.ts';
import { oneLine, textTable } from '../report/table.ts';
import { wrapped } from '../report/wrap.ts';
import type { OperationCoverage } from './operations.ts';

/** Returns what operations need, for JSON. Rules are their numbers. */
export function operationsJson(operations: readonly OperationCoverage[]): readonly object[] {
  return operations.map(({ needs, runs }) => ({
    ...leastScopesJson(needs),
    runs,
    elements: needs.elements.map(({ coordinate, rules, isOptional, isForSomeTypes }) => ({
      coordinate,
      optional: isOptional,
      someTypes: isForSomeTypes,
      rules: rules.map(({ id }) => id),
    })),
  }));
}

function needed(sets: ScopeAlternatives): string {
  return sets.some((set) => set.length === 0) ? 'no scope' : alternatives(sets);
}

/** Writes what an operation needs, in one line. */
export function neededText({ needs, ways }: OperationCoverage): string {
  if (!needs.token) return 'nothing';
  const capped = needs.isCapped ? ', or another of more alternatives' : '';
  const depends = ways.length > 0 && ways.every((way) => way.depends) ? ', and depends on more than scopes' : '';
  const without = needs.withoutOptional;
  const optional = without ? `; ${needed(without)} without the parts that variables can leave out` : '';
  return `${alternatives(needs.leastScopes)}${capped}${depends}${optional}`;
}

/**
 * Writes the operations of clients for people.
 *
 * @param columns - the width of a terminal that is too narrow for tables. `null`: write a table
 */
export function operationsText(operations: readonly OperationCoverage[], paint: Paint, columns: number | null): string {
  const hasCaller = operations.some(({ runs }) => runs !== null);
  if (columns === null) {
    return textTable(
      ['operation', ...(hasCaller ? ['runs'] : []), 'needs', 'place'],
      operations.map((one) => [
        labelOf(one.needs.operation),
        ...(hasCaller ? [one.runs ?? ''] : []),
        neededText(one),
        writePlace(one.needs.operation.place),
      ]),
    );
  }
  const lines = operations.map((one) => {
    const { operation } = one.needs;
    const runs = one.runs === null ? '' : `  runs: ${one.runs}`;
    const head = `${paint('bold', oneLine(labelOf(operation)))}  ${paint('dim', writePlace(operation.place))}${runs}`;
    return `${head}\n  ${wrapped(`needs ${neededText(one)}`, columns, 4, 2)}\n`;
  });
  return `Operations, and the least scopes that they need\n${lines.join('')}`;
}
