import {
  type FieldNode,
  type FragmentDefinitionNode,
  getDirectiveValues,
  getNamedType,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { isRecord } from '../../../protocol/record.ts';
import type { Rule } from '../../../auth/rules/rule.ts';
import type { RulesAt } from './rules-at.ts';

/** A value of an answer, with the rules under which it may be there. */
export interface Revealed {
  /** The element of the schema: `Type.field`, or the type of an object. */
  readonly coordinate: string;
  /** The place in the answer. */
  readonly path: readonly (string | number)[];
  readonly rules: readonly Rule[];
}

/** What reading an answer needs of its document. */
export interface Selected {
  readonly schema: GraphQLSchema;
  readonly rules: RulesAt;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Lists the values of an answer that rules guard. */
export function* revealed(
  selected: Selected,
  root: GraphQLObjectType,
  selections: readonly SelectionSetNode[],
  data: unknown,
): Iterable<Revealed> {
  if (isRecord(data)) yield* inObject(selected, root, selections, data, []);
}

type Path = Revealed['path'];

function* inObject(
  selected: Selected,
  type: GraphQLCompositeType,
  selections: readonly SelectionSetNode[],
  value: Readonly<Record<string, unknown>>,
  path: Path,
): Iterable<Revealed> {
  const { schema, rules } = selected;
  const runtime = runtimeType(selected, type, selections, value);
  for (const [key, nodes] of fieldsOf(selected, runtime, selections)) {
    const found = Object.hasOwn(value, key) ? value[key] : null;
    const [node] = nodes;
    const name = node?.name.value ?? '';
    if (found === null || found === undefined || name.startsWith('__')) continue;
    const field = isObjectType(runtime) || isInterfaceType(runtime) ? runtime.getFields()[name] : undefined;
    if (!field) continue;
    const here = [...path, key];
    const coordinate = `${runtime.name}.${name}`;
    const own = rules.ofField(runtime.name, name);
    if (own.length > 0) yield { coordinate, path: here, rules: own };
    const of = getNamedType(field.type);
    if (!isCompositeType(of)) continue;
    const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const ofValue = rules.ofValue(runtime.name, name);
    for (const [item, at] of objectsIn(found, here)) {
      if (ofValue.length > 0) yield { coordinate, path: at, rules: ofValue };
      const concrete = runtimeType({ ...selected, schema }, of, below, item);
      const ofType = rules.ofType(concrete.name);
      if (ofType.length > 0) yield { coordinate: concrete.name, path: at, rules: ofType };
      yield* inObject(selected, concrete, below, item, at);
    }
  }
}

function* objectsIn(value: unknown, path: Path): Iterable<readonly [Readonly<Record<string, unknown>>, Path]> {
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) yield* objectsIn(item, [...path, at]);
  } else if (isRecord(value)) yield [value, path];
}

/** Finds the object type of a value by its `__typename`, under any key. Otherwise the declared type. */
function runtimeType(
  { schema, ...selected }: Selected,
  type: GraphQLCompositeType,
  selections: readonly SelectionSetNode[],
  value: Readonly<Record<string, unknown>>,
): GraphQLCompositeType {
  if (!isAbstractType(type)) return type;
  for (const [key, [node]] of fieldsOf({ schema, ...selected }, type, selections)) {
    const name = value[key];
    const found = node?.name.value === '__typename' && typeof name === 'string' ? schema.getType(name) : undefined;
    if (isObjectType(found)) return found;
  }
  return type;
}

/** Collects the selected fields by their response keys. */
export function fieldsOf(
  selected: Selected,
  type: GraphQLCompositeType,
  selections: readonly SelectionSetNode[],
): ReadonlyMap<string, FieldNode[]> {
  const found = new Map<string, FieldNode[]>();
  const { schema, fragments, variables } = selected;
  function collect({ selections: all }: SelectionSetNode): void {
    for (const node of all) {
      if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true) continue;
      if (getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] === false) continue;
      if (node.kind === Kind.FIELD) {
        const key = (node.alias ?? node.name).value;
        const list = found.get(key);
        if (list) list.push(node);
        else found.set(key, [node]);
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      const condition = fragment?.typeCondition?.name.value;
      if (fragment && (condition === undefined || applies(schema, condition, type))) collect(fragment.selectionSet);
    }
  }
  for (const one of selections) collect(one);
  return found;
}

function applies(schema: GraphQLSchema, condition: string, type: GraphQLCompositeType): boolean {
  if (condition === type.name) return true;
  const wider = schema.getType(condition);
  return isAbstractType(wider) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wider, type);
}
