import { wordsOfForm } from '../../auth/algebra/words.ts';
import { wordsOfRule } from '../../auth/rules/words.ts';
import type { Paint } from '../report/paint.ts';
import { writePlace } from '../report/fault.ts';
import { counted, oneLine, textTable } from '../report/table.ts';
import { narrowRows, wrapped } from '../report/wrap.ts';
import { placeOf } from '../source/rule-source.ts';
import type { Coverage, HeldRule } from './coverage.ts';
import { fieldsNarrow } from './narrow.ts';
import { operationsJson, operationsText } from './operations-report.ts';
import { callerText, hasModules, originsOf, requiredBy } from './words.ts';

/** Writes the coverage as JSON, for programs. */
export function coverageJson({ source, types, inputRules, bare, counts, caller, operations }: Coverage): string {
  const held = (rules: readonly HeldRule[]) => rules.map(({ rule, from }) => ({ rule: rule.id, from }));
  return `${JSON.stringify({
    schema: source.name,
    counts,
    caller: caller === undefined ? null : { token: caller !== null, scopes: [...(caller ?? [])] },
    rules: source.rules.map((rule) => {
      const place = placeOf(source, rule.coordinate);
      return {
        coordinate: rule.coordinate,
        source: rule.source,
        words: wordsOfRule(rule),
        mode: rule.mode,
        module: rule.module || null,
        place: place && writePlace(place),
      };
    }),
    types: types.map(({ name, kind, rules, fields, reached }) => ({
      name,
      kind,
      rules: held(rules),
      reached,
      fields: fields.map((field) => ({
        coordinate: field.coordinate,
        returns: field.returns,
        state: field.state,
        rules: held(field.rules),
        argumentRules: field.argumentRules.map(({ id }) => id),
        reached: field.reached,
      })),
    })),
    inputRules: inputRules.map(({ id }) => id),
    bare: bare.map(({ type, fields, paths }) => ({
      type,
      fields,
      paths: paths.map((path) => ({ fields: path.fields, requires: wordsOfForm(path.form) })),
    })),
    operations: operations && operationsJson(operations),
    startFaults: source.startFaults,
  })}\n`;
}

/**
 * Writes the coverage for people: as a table, or as lists by type if a terminal is too narrow for the table.
 *
 * @param columns - the width of the terminal, in characters. Default: no width, so the text is the same everywhere
 */
export function coverageText(coverage: Coverage, paint: Paint, columns: number | null = null): string {
  const { source } = coverage;
  const table = fieldTable(coverage);
  const isTooWide = columns !== null && table.split('\n').some((line) => line.length > columns);
  const width = isTooWide ? columns : null;
  const sections = [
    width === null ? table : fieldsNarrow(coverage, paint, width),
    ...inputText(coverage, width),
    ...bareText(coverage, paint, columns),
    ...(coverage.operations ? [operationsText(coverage.operations, paint, width)] : []),
    ...shadowText(source, columns),
  ];
  const line = (text: string) => `${columns === null ? text : wrapped(text, columns, 0)}\n`;
  if (source.startFaults.length > 0) {
    const [first = ''] = source.startFaults;
    const more = source.startFaults.length > 1 ? ` (and ${source.startFaults.length - 1} more; see --json)` : '';
    sections.push(line(`Claimgate would not start with this schema: ${oneLine(first)}${more}`));
  }
  sections.push(sumText(coverage, paint, columns));
  return sections.join('\n');
}

function fieldTable({ types, source, caller }: Coverage): string {
  const fields = types.filter(({ kind }) => kind === 'type').flatMap((type) => type.fields);
  const hasCaller = caller !== undefined;
  const withModules = hasModules(source);
  return textTable(
    ['coordinate', 'read by', ...(hasCaller ? ['reached'] : []), 'requires', 'from'],
    fields.map((field) => [
      field.coordinate,
      field.state,
      ...(hasCaller ? [field.reached ?? ''] : []),
      requiredBy(field),
      originsOf(field, withModules),
    ]),
  );
}

function sumText({ counts, types, caller }: Coverage, paint: Paint, columns: number | null): string {
  const { guarded, public: open } = counts;
  const fields = types.filter(({ kind }) => kind === 'type').flatMap((type) => type.fields);
  const reached = fields.filter((field) => field.reached === 'yes').length;
  const depends = fields.filter((field) => field.reached === 'depends').length;
  const byCaller =
    caller === undefined
      ? ''
      : ` ${callerText(caller)} reaches ${counted(reached, 'field')}, and ${depends} more if an owner, a policy or a claim allows.`;
  const bare = `${counts.bare} bare`;
  const text = `${counted(counts.fields, 'field')} of ${counted(counts.types, 'type')}: ${guarded} guarded, ${open} public on purpose, ${bare}.${byCaller}`;
  const lines = columns === null ? text : wrapped(text, columns, 0);
  return `${lines.replace(`${bare}.`, `${paint(counts.bare > 0 ? 'yellow' : 'green', bare)}.`)}\n`;
}

function inputText({ types, inputRules }: Coverage, columns: number | null): readonly string[] {
  const ofArguments = new Map(
    types.flatMap(({ fields }) =>
      fields.flatMap(({ argumentRules }) => argumentRules.map((rule) => [rule.id, rule] as const)),
    ),
  );
  const all = [...ofArguments.values(), ...inputRules];
  if (all.length === 0) return [];
  if (columns !== null) {
    const rows = all.map((rule) => ({ cells: [rule.coordinate], text: wordsOfRule(rule) }));
    return [`Inputs, and what they require if they are supplied\n${narrowRows(rows, columns)}`];
  }
  return [
    textTable(
      ['input', 'requires, if it is supplied'],
      all.map((rule) => [rule.coordinate, wordsOfRule(rule)]),
    ),
  ];
}

function bareText({ bare, graph }: Coverage, paint: Paint, columns: number | null): readonly string[] {
  if (bare.length === 0) return [];
  const roots = new Set(graph.roots.map((at) => graph.types[at]?.name));
  const fit = (text: string, used: number) => (columns === null ? text : wrapped(text, columns, 4, used));
  const lines = bare.flatMap(({ type, fields, paths }) => [
    `${paint('bold', type)}: ${fit(fields.map((field) => field.slice(type.length + 1)).join(' '), type.length + 2)}`,
    ...paths.map((path) => `  ${fit(`${path.fields.join(' → ')}  requires ${oneLine(wordsOfForm(path.form))}`, 2)}`),
    ...(paths.length === 0 ? [roots.has(type) ? '  a root type' : '  no operation reaches it'] : []),
  ]);
  return [
    `Bare fields, and the paths with the fewest rules that reach them\n${lines.map((line) => `${line}\n`).join('')}`,
  ];
}

function shadowText({ rules }: Coverage['source'], columns: number | null): readonly string[] {
  const names = rules.filter(({ mode }) => mode === 'SHADOW').map(({ coordinate }) => coordinate);
  if (names.length === 0) return [];
  const what = names.length === 1 ? 'is on trial (SHADOW) and denies' : 'are on trial (SHADOW) and deny';
  const text = `${counted(names.length, 'rule')} ${what} nothing: ${names.join(', ')}`;
  return [`${columns === null ? text : wrapped(text, columns, 0)}\n`];
}
