import { wordsOfForm } from '../../auth/algebra/words.ts';
import { wordsOfRule } from '../../auth/rules/words.ts';
import type { Paint } from '../report/paint.ts';
import { writePlace } from '../report/fault.ts';
import { counted, oneLine, textTable } from '../report/table.ts';
import { placeOf } from '../source/rule-source.ts';
import type { CallerScopes } from './reach.ts';
import type { Coverage, FieldCoverage, HeldRule } from './coverage.ts';

/** Writes the coverage as JSON, for programs. */
export function coverageJson({ source, types, inputRules, bare, counts, caller }: Coverage): string {
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
    startFaults: source.startFaults,
  })}\n`;
}

/** Writes the coverage as a table for people. */
export function coverageText(coverage: Coverage, paint: Paint): string {
  const { types, counts, source, caller } = coverage;
  const fields = types.filter(({ kind }) => kind === 'type').flatMap((type) => type.fields);
  const hasCaller = caller !== undefined;
  const withModules = hasModules(source);
  const head = ['coordinate', 'read by', ...(hasCaller ? ['reached'] : []), 'requires', 'from'];
  const table = textTable(
    head,
    fields.map((field) => [
      field.coordinate,
      field.state,
      ...(hasCaller ? [field.reached ?? ''] : []),
      requiredBy(field),
      originsOf(field, withModules),
    ]),
  );
  const sections = [table, ...inputText(coverage), ...bareText(coverage, paint), ...shadowText(source)];
  if (source.startFaults.length > 0) {
    const [first = ''] = source.startFaults;
    const more = source.startFaults.length > 1 ? ` (and ${source.startFaults.length - 1} more; see --json)` : '';
    sections.push(`Claimgate would not start with this schema: ${oneLine(first)}${more}\n`);
  }
  const { guarded, public: open } = counts;
  const reached = fields.filter((field) => field.reached === 'yes').length;
  const depends = fields.filter((field) => field.reached === 'depends').length;
  const byCaller = hasCaller
    ? ` ${callerText(caller)} reaches ${counted(reached, 'field')}, and ${depends} more if an owner, a policy or a claim allows.`
    : '';
  sections.push(
    `${counted(counts.fields, 'field')} of ${counted(counts.types, 'type')}: ${guarded} guarded, ${open} public on purpose, ${paint(counts.bare > 0 ? 'yellow' : 'green', `${counts.bare} bare`)}.${byCaller}\n`,
  );
  return sections.join('\n');
}

function callerText(caller: CallerScopes): string {
  if (caller === null) return 'A caller without a token';
  return caller.size === 0
    ? 'A caller with a token without scopes'
    : `A caller with the scopes ${[...caller].join(' ')}`;
}

/** Whether the rules are of several modules or files. */
export function hasModules({ rules }: Coverage['source']): boolean {
  return new Set(rules.map(({ module }) => module)).size > 1;
}

/** Writes what reading a field requires. */
export function requiredBy({ rules }: Pick<FieldCoverage, 'rules'>): string {
  return [...new Set(rules.map(({ rule }) => wordsOfRule(rule)))].join('; and ');
}

/**
 * Writes where the rules of a field come from.
 *
 * @param withModules - whether to name the module or the file of each rule
 */
export function originsOf({ rules }: Pick<FieldCoverage, 'rules'>, withModules: boolean): string {
  const texts = rules.map(({ rule, from }) => {
    const module = rule.module === '' || !withModules ? '' : ` (${rule.module})`;
    return from === 'own' ? `own${module}` : `${from} ${rule.coordinate}${module}`;
  });
  return [...new Set(texts)].join(', ');
}

function inputText({ types, inputRules }: Coverage): readonly string[] {
  const ofArguments = new Map(
    types.flatMap(({ fields }) =>
      fields.flatMap(({ argumentRules }) => argumentRules.map((rule) => [rule.id, rule] as const)),
    ),
  );
  const all = [...ofArguments.values(), ...inputRules];
  if (all.length === 0) return [];
  return [
    textTable(
      ['input', 'requires, if it is supplied'],
      all.map((rule) => [rule.coordinate, wordsOfRule(rule)]),
    ),
  ];
}

function bareText({ bare, graph }: Coverage, paint: Paint): readonly string[] {
  if (bare.length === 0) return [];
  const roots = new Set(graph.roots.map((at) => graph.types[at]?.name));
  const lines = bare.flatMap(({ type, fields, paths }) => [
    `${paint('bold', type)}: ${fields.map((field) => field.slice(type.length + 1)).join(' ')}`,
    ...paths.map((path) => `  ${path.fields.join(' → ')}  requires ${oneLine(wordsOfForm(path.form))}`),
    ...(paths.length === 0 ? [roots.has(type) ? '  a root type' : '  no operation reaches it'] : []),
  ]);
  return [
    `Bare fields, and the paths with the fewest rules that reach them\n${lines.map((line) => `${line}\n`).join('')}`,
  ];
}

function shadowText({ rules }: Coverage['source']): readonly string[] {
  const names = rules.filter(({ mode }) => mode === 'SHADOW').map(({ coordinate }) => coordinate);
  if (names.length === 0) return [];
  const what = names.length === 1 ? 'is on trial (SHADOW) and denies' : 'are on trial (SHADOW) and deny';
  return [`${counted(names.length, 'rule')} ${what} nothing: ${names.join(', ')}\n`];
}
