import { scopesOfRule } from '../../auth/rules/least-scopes.ts';
import { isDynamic, type Rule } from '../../auth/rules/rule.ts';
import type { ScopeAlternatives } from '../../auth/rules/scope.ts';
import { wordsOfRule } from '../../auth/rules/words.ts';
import { labelOf } from '../operations/operation.ts';
import { writePlace } from '../report/fault.ts';
import type { Paint } from '../report/paint.ts';
import { counted, markdownCode, markdownTable, oneLine } from '../report/table.ts';
import type { NeededElement, OperationNeeds } from './needs.ts';

/** Writes what operations need as JSON, for programs. */
export function needsJson(schema: string, all: readonly OperationNeeds[]): string {
  const operations = all.map((needs) => ({
    name: needs.operation.name,
    id: needs.operation.id,
    file: needs.operation.place.file,
    line: needs.operation.place.line,
    token: needs.token,
    leastScopes: needs.leastScopes,
    leastScopesCapped: needs.isCapped,
    leastScopesWithoutOptional: needs.withoutOptional ?? needs.leastScopes,
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

/** Writes what operations need for people. */
export function needsText(all: readonly OperationNeeds[], paint: Paint): string {
  return all.map((needs) => operationText(needs, paint)).join('\n');
}

function operationText(needs: OperationNeeds, paint: Paint): string {
  const { operation, elements, withoutOptional } = needs;
  const lines = [`${paint('bold', oneLine(labelOf(operation)))}  ${paint('dim', writePlace(operation.place))}`];
  lines.push(`  needs     ${needed(needs)}`);
  if (withoutOptional)
    lines.push(`            ${alternatives(withoutOptional)}, if its variables leave out all optional parts`);
  const shown = elements.filter(({ isForSomeTypes }) => !isForSomeTypes);
  const width = Math.max(0, ...shown.map(({ coordinate }) => coordinate.length));
  shown.forEach((element, at) => {
    const notes = notesOf(element);
    const words = [...new Set(element.rules.map(wordsOfRule))].map(oneLine).join('; ');
    const text = `${element.coordinate.padEnd(width)}  ${words}${notes === '' ? '' : paint('dim', ` (${notes})`)}`;
    lines.push(`  ${(at === 0 ? 'asked by' : '').padEnd(8)}  ${text}`);
  });
  const some = someTypesOf(needs);
  if (some !== '') lines.push(`  ${(shown.length === 0 ? 'asked by' : '').padEnd(8)}  for some types only: ${some}`);
  const dynamic = dynamicElements(needs);
  if (dynamic.length > 0) {
    const names = dynamic.map(({ coordinate }) => coordinate).join(', ');
    lines.push(`  ${paint('yellow', 'depends')}   on an owner or a policy too: ${names}`);
  }
  return `${lines.join('\n')}\n`;
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
