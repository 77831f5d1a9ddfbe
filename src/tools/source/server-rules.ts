import { type GraphQLSchema, getNamedType, isObjectType, Kind, parse } from 'graphql';
import { readRule } from '../../auth/rules/read-rule.ts';
import type { ElementKind, Rule } from '../../auth/rules/rule.ts';
import { isRecord } from '../../protocol/record.ts';
import { shown } from '../../protocol/shown.ts';
import { ToolFault } from '../report/fault.ts';
import { anyPolicy } from './any-policy.ts';
import { elementAt } from './rule-source.ts';

/** Sends one operation, and returns its data. */
export type Ask = (
  query: string,
  variables?: Readonly<Record<string, unknown>>,
) => Promise<Readonly<Record<string, unknown>>>;

const pageSize = 500;
const maxPages = 400;

/**
 * Reads every rule of a running server of Claimgate. It reads the directives as they are written, because a server counts
 * the cost of the fields of a requirement in lists.
 *
 * @throws {ToolFault} if the server has no `schemaRules`, or if a rule of its answer cannot be read
 */
export async function readServerRules(url: string, schema: GraphQLSchema, ask: Ask): Promise<readonly Rule[]> {
  const place = { file: shown(url), line: null };
  const field = rulesField(schema);
  if (field === null) {
    throw new ToolFault(place, 'the server has no schemaRules, so its rules are not known; give its SDL file');
  }
  const query = `query ($first: Int!, $after: String) {
    rules: ${field}(first: $first, after: $after) { endCursor nodes { coordinate kind source shadow } }
  }`;
  const rules: Rule[] = [];
  let after: unknown = null;
  for (let page = 0; page < maxPages; page += 1) {
    const { rules: answer } = await ask(query, { first: pageSize, after });
    if (!isRecord(answer) || !Array.isArray(answer['nodes'])) {
      throw new ToolFault(place, 'expected a page of schemaRules; found another answer');
    }
    for (const node of answer['nodes']) {
      const rule = ruleOf(node, rules.length);
      if (!rule) throw new ToolFault(place, 'expected a rule from schemaRules; found one that cannot be read');
      if (!elementAt(schema, rule.coordinate)) {
        const message = `schemaRules has a rule of ${shown(rule.coordinate)}, which introspection does not show`;
        throw new ToolFault(place, `${message}, so the schema cannot be judged; give its SDL file`);
      }
      rules.push(rule);
    }
    after = answer['endCursor'];
    if (typeof after !== 'string') return rules;
  }
  throw new ToolFault(place, `has more than ${pageSize * maxPages} rules; give its SDL file`);
}

/** Finds the name of `schemaRules`. The configuration of a server can put a prefix before it. */
function rulesField(schema: GraphQLSchema): string | null {
  for (const { name, type, args } of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const page = getNamedType(type);
    const isPage = isObjectType(page) && page.getFields()['nodes'] !== undefined;
    if (/schemaRules$/i.test(name) && isPage && args.some((one) => one.name === 'after')) return name;
  }
  return null;
}

const kinds: ReadonlyMap<unknown, ElementKind> = new Map([
  ['OBJECT', 'object'],
  ['INTERFACE', 'interface'],
  ['UNION', 'union'],
  ['FIELD', 'field'],
  ['ARGUMENT', 'argument'],
  ['INPUT_OBJECT', 'inputObject'],
  ['INPUT_FIELD', 'inputField'],
  ['ENUM', 'enum'],
  ['ENUM_VALUE', 'enumValue'],
  ['SCALAR', 'scalar'],
]);

/** Reads a rule. `null`: it cannot be read, so the schema cannot be judged. */
function ruleOf(node: unknown, id: number): Rule | null {
  if (!isRecord(node)) return null;
  const { coordinate, source, shadow } = node;
  const kind = kinds.get(node['kind']);
  if (!kind || typeof coordinate !== 'string' || typeof source !== 'string') return null;
  const directive = directiveOf(source);
  const faults: string[] = [];
  const read = directive && readRule(directive, { policies: anyPolicy }, (fault) => void faults.push(fault));
  if (!read || faults.length > 0 || shadow !== (read.mode === 'SHADOW')) return null;
  return { id, coordinate, kind, module: '', ...read, source };
}

function directiveOf(source: string) {
  try {
    const [definition] = parse(`scalar X ${source}`, { maxTokens: 20_000 }).definitions;
    if (definition?.kind !== Kind.SCALAR_TYPE_DEFINITION || definition.directives?.length !== 1) return undefined;
    return definition.directives[0];
  } catch {
    return undefined;
  }
}
