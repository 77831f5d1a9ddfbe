import { scopesOfRule } from '../../auth/rules/least-scopes.ts';
import { isDynamic, type Rule } from '../../auth/rules/rule.ts';
import type { ScopeAlternatives } from '../../auth/rules/scope.ts';
import { wordsOfRule } from '../../auth/rules/words.ts';
import { labelOf } from '../operations/operation.ts';
import { writePlace } from '../report/fault.ts';
import type { Paint } from '../report/paint.ts';
import { counted, markdownCode, markdownTable, oneLine } from '../report/table.ts';
import { labelled } from '../report/wrap.ts';
import type { NeededElement, OperationNeeds } from './needs.ts';

/** Returns the place of an operation and its least scopes, for JSON. */
export function leastScopesJson({ operation, ...needs }: OperationNeeds): object {
  return {
    name: operation.name,
    id: operation.id,
    file: operation.place.file,
    line: operation.place.line,
    token: needs.token,
    leastScopes: needs.leastScopes,
    leastScopesCapped: needs.isCapped,
    leastScopesWithoutOptional: needs.withoutOptional ?? needs.leastScopes,
  };
}

/** Writes what operations need as JSON, for programs. */
export function needsJson(schema: string, all: readonly OperationNeeds[]): string {
  const operations = all.map((needs) => ({
    ...leastScopesJson(needs),
    dynamic: dynamicElements(needs).map(({ coordinate }) => coordinate),
    elements: needs.elements.map(({ coordinate, line, isOptional, isForSomeTypes, rules }) => ({
      coordinate,
      line,
      optional: isOptional,
      someTypes: isForSomeTypes,
      rules: rules.map((rule) => ({
        coordinate: rule.coordinate,
        source: rule.source,
        words: wordsOfRule(rule),
        scopes: scopesOfRule(rule),
        dynamic: isDynamic(rule),
      })),
    })),
  }));
  return `${JSON.stringify({ schema, operations }, null, 2)}\n`;
}

/**
 * Writes what operations need for people.
 *
 * @param columns - the width of the terminal, in characters. Default: no width, so the text is the same everywhere
 */
export function needsText(all: readonly OperationNeeds[], paint: Paint, columns: number | null = null): string {
  return all.map((needs) => operationText(needs, paint, columns)).join('\n');
}

function operationText(needs: OperationNeeds, paint: Paint, columns: number | null): string {
  const { operation, elements, withoutOptional } = needs;
  const lines = [`${paint('bold', oneLine(labelOf(operation)))}  ${paint('dim', writePlace(operation.place))}`];
  lines.push(labelled('  needs     ', needed(needs), columns));
  if (withoutOptional)
    lines.push(
      labelled(
        ' '.repeat(12),
        `${alternatives(withoutOptional)}, if its variables leave out all optional parts`,
        columns,
      ),
    );
  const shown = elements.filter(({ isForSomeTypes }) => !isForSomeTypes);
  const width = Math.max(0, ...shown.map(({ coordinate }) => coordinate.length));
  shown.forEach((element, at) => {
    const notes = notesOf(element);
    const words = [...new Set(element.rules.map(wordsOfRule))].join('; ');
    const label = `  ${(at === 0 ? 'asked by' : '').padEnd(8)}  ${element.coordinate}`;
    const note = notes === '' ? '' : ` (${notes})`;
    const beside = columns === null || width <= columns / 2 ? width : 0;
    lines.push(...besideOrBelow(label, 12 + beside, `${words}${note}`, columns).map(dimmed(note, paint)));
  });
  const some = someTypesOf(needs);
  if (some !== '') {
    const label = `  ${(shown.length === 0 ? 'asked by' : '').padEnd(8)}  `;
    lines.push(labelled(label, `for some types only: ${some}`, columns));
  }
  const dynamic = dynamicElements(needs);
  if (dynamic.length > 0) {
    const names = dynamic.map(({ coordinate }) => coordinate).join(', ');
    const line = labelled('  depends   ', `on an owner or a policy too: ${names}`, columns);
    lines.push(line.replace('depends', paint('yellow', 'depends')));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Writes a text beside a label, or below it if the label is longer than its column.
 *
 * @param column - the width of the label
 */
function besideOrBelow(label: string, column: number, text: string, columns: number | null): readonly string[] {
  if (columns === null || label.length <= column) return [labelled(`${label.padEnd(column)}  `, text, columns)];
  return [label, labelled(' '.repeat(14), text, columns)];
}

/** Makes the function that dims a note at the end of a line. A note that was wrapped stays as it is. */
function dimmed(note: string, paint: Paint): (line: string) => string {
  return (line) => (note !== '' && line.endsWith(note) ? `${line.slice(0, -note.length)}${paint('dim', note)}` : line);
}

/** Writes what operations need as Markdown, for a page or a pull request. */
export function needsMarkdown(schema: string, all: readonly OperationNeeds[]): string {
  const rows = all.map((needs) => [
    markdownCode(labelOf(needs.operation)),
    needs.token
      ? needs.leastScopes.map((set) => (set.length === 0 ? 'a token' : markdownCode(set.join(' ')))).join(' or ') ||
        'no scopes are enough'
      : 'nothing',
    askedBy(needs),
    dynamicElements(needs)
      .map(({ coordinate }) => markdownCode(coordinate))
      .join(', '),
  ]);
  const head = `### What ${counted(all.length, 'operation')} need${all.length === 1 ? 's' : ''}\n\nSchema: ${markdownCode(schema)}\n\n`;
  return `${head}${rawTable(rows)}`;
}

function askedBy(needs: OperationNeeds): string {
  const some = someTypesOf(needs);
  const always = needs.elements.filter(({ isForSomeTypes }) => !isForSomeTypes);
  return [
    ...always.map(({ coordinate }) => markdownCode(coordinate)),
    ...(some === '' ? [] : [`for some types only: ${some}`]),
  ].join(', ');
}

/** How many elements of some types a report for people names. */
const mostOfSomeTypes = 6;

/** Names the elements that only some types of an interface or a union have. JSON has all of them. */
function someTypesOf({ elements }: OperationNeeds): string {
  const names = elements.filter(({ isForSomeTypes }) => isForSomeTypes).map(({ coordinate }) => coordinate);
  const more = names.length > mostOfSomeTypes ? ` and ${names.length - mostOfSomeTypes} more` : '';
  return `${names.slice(0, mostOfSomeTypes).join(', ')}${more}`;
}

function rawTable(rows: readonly (readonly string[])[]): string {
  // The cells are Markdown already: only what ends a cell is escaped.
  return markdownTable(['operation', 'least scopes', 'asked for by', 'depends on an owner or a policy'], rows);
}

function needed(needs: OperationNeeds): string {
  if (!needs.token) return 'nothing: no rule guards it';
  return `${alternatives(needs.leastScopes)}${needs.isCapped ? ', or another of more alternatives' : ''}`;
}

/** Writes alternative sets of scopes in one line. */
export function alternatives(sets: ScopeAlternatives): string {
  if (sets.length === 0) return 'what no scopes satisfy';
  return sets.map((set) => (set.length === 0 ? 'a token without scopes' : set.join(' '))).join(', or ');
}

function dynamicElements({ elements }: OperationNeeds): readonly NeededElement[] {
  return elements.filter(({ rules }) => rules.some((rule: Rule) => isDynamic(rule)));
}

function notesOf({ isOptional }: NeededElement): string {
  return isOptional ? 'only with some variables' : '';
}
