import {
  defaultFieldResolver,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { type DirectField, directFieldOf } from './direct-field.ts';
import { planArguments } from './arguments.ts';
import { type Collecting, collectFields } from './collect-fields.ts';
import type { ConditionValues, FieldPlan, Prefixes, SelectionPlan } from './query-plan.ts';
import { planReturn } from './return-plan.ts';
import { hasNoInfo } from '../../resolvers/without-info.ts';

/** The most fields of one query that are stored. Further fields are planned anew each time they are reached. */
const maxStoredFields = 10_000;

/** The estimated size of a planned field, in bytes of heap. `test/auth/execute/memory.test.ts` measures it. */
const bytesOfField = 2_400;

/**
 * Makes the function that plans the fields below a selection set for one set of condition values. The fields of an
 * object type are planned when the type is first met.
 *
 * @param grown - called with an estimate of the added bytes
 * @param newHot - makes what the executor stores for a selection
 */
export function createFieldPlanner(
  collecting: Collecting,
  grown: (bytes: number) => void,
  newHot: () => SelectionPlan['hot'],
): (sets: Parameters<typeof collectFields>[0], type: GraphQLObjectType) => SelectionPlan {
  let count = 0;

  function planSelection(sets: Parameters<typeof collectFields>[0], type: GraphQLObjectType): SelectionPlan {
    const collected = collectFields(sets, type, collecting);
    const fields: FieldPlan[] = [];
    for (const [key, nodes] of collected) {
      const definition = nodes[0] && definitionOf(collecting.schema, type, nodes[0]);
      if (nodes[0] && definition) fields.push(planField(key, nodes, nodes[0], definition, type, fields.length === 0));
    }
    return { type, fields, hot: newHot() };
  }

  function planField(
    key: string,
    nodes: readonly FieldNode[],
    node: FieldNode,
    definition: GraphQLField<unknown, unknown>,
    parentType: GraphQLObjectType,
    isFirst: boolean,
  ): FieldPlan {
    const isStored = count < maxStoredFields;
    const index = isStored ? count : -1;
    count += 1;
    if (isStored) grown(bytesOfField + 8 * nodes.length);
    const direct = directOf(definition);
    const args = planArguments(definition, node);
    const returns = planReturn(definition.type);
    const byType = new Map<GraphQLObjectType, SelectionPlan>();
    let latest: SelectionPlan | null = null;
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return {
      index,
      key,
      name: definition.name,
      prefixes: prefixesOf(key, isFirst),
      constant: definition === TypeNameMetaFieldDef ? `"${parentType.name}"` : null,
      parentType,
      definition,
      nodes,
      resolve: definition.resolve,
      direct,
      args,
      returns,
      property: args.isConstant && direct?.resolve === defaultFieldResolver ? returns.scalar : null,
      passesInfo: direct === null || !hasNoInfo(direct.resolve),
      selectionOn(type) {
        if (type === latest?.type) return latest;
        let selection = byType.get(type);
        if (selection === undefined) {
          selection = planSelection(sets, type);
          if (!isStored) return selection;
          byType.set(type, selection);
        }
        latest = selection;
        return selection;
      },
    };
  }

  return planSelection;
}

function prefixesOf(key: string, isFirst: boolean): Prefixes {
  const plain = `${isFirst ? '{' : ','}"${key}":`;
  return { plain, quoted: `${plain}"`, quote: `"${plain}`, quoteAndQuoted: `"${plain}"` };
}

/** Returns the definition of a field, as graphql-js finds it. */
function definitionOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  { name: { value: name } }: FieldNode,
): GraphQLField<unknown, unknown> | undefined {
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : type.getFields()[name];
}

const withoutRules: Omit<DirectField, 'resolve'> = {
  step: null,
  rules: [],
  decide: () => 'allow',
  denialOf: () => undefined,
};
const readDirectly: DirectField = { ...withoutRules, resolve: defaultFieldResolver };

/** Returns how a field runs without its guard. A resolver that the guard did not wrap runs as it is. */
function directOf({ resolve }: GraphQLField<unknown, unknown>): DirectField | null {
  return resolve ? directFieldOf(resolve) : readDirectly;
}

/** Makes a key of the values of conditions. */
export function keyOf(conditions: readonly string[], values: ConditionValues): string {
  let key = '';
  for (const name of conditions) key += values[name] === true ? '1' : '0';
  return key;
}
