import { defaultFieldResolver, type GraphQLField, type GraphQLObjectType, TypeNameMetaFieldDef } from 'graphql';
import { hasNoInfo } from '../../resolvers/without-info.ts';
import { planAbsentArguments } from './arguments.ts';
import { type DirectField, directFieldOf } from './direct-field.ts';
import type { ArgumentsPlan, FieldPlan, Prefixes } from './query-plan.ts';
import { planReturn } from './return-plan.ts';

/** What the plans of a field on an object type have in common. It does not depend on the document. */
export interface FieldShape
  extends Pick<FieldPlan, 'constant' | 'definition' | 'direct' | 'passesInfo' | 'resolve' | 'returns'> {
  /** The arguments, if the document gives none. `null`: graphql-js coerces them. */
  readonly absentArguments: ArgumentsPlan | null;
  /** The prefixes of the field without an alias, as the first field of its object, and behind others. */
  readonly first: Prefixes;
  readonly later: Prefixes;
}

/** Makes the function that returns the shape of a field. It makes one shape for each field of an object type. */
export function createFieldShapes(): (
  type: GraphQLObjectType,
  definition: GraphQLField<unknown, unknown>,
) => FieldShape {
  const shapes = new Map<GraphQLObjectType, Map<GraphQLField<unknown, unknown>, FieldShape>>();
  return (type, definition) => {
    const ofType = shapes.get(type) ?? new Map<GraphQLField<unknown, unknown>, FieldShape>();
    const known = ofType.get(definition);
    // A resolver can be replaced after the schema was guarded.
    if (known !== undefined && known.resolve === definition.resolve) return known;
    const shape = shapeOf(type, definition);
    ofType.set(definition, shape);
    shapes.set(type, ofType);
    return shape;
  };
}

function shapeOf({ name: type }: GraphQLObjectType, definition: GraphQLField<unknown, unknown>): FieldShape {
  const direct = directOf(definition);
  return {
    constant: definition === TypeNameMetaFieldDef ? `"${type}"` : null,
    definition,
    direct,
    passesInfo: direct === null || !hasNoInfo(direct.resolve),
    resolve: definition.resolve,
    returns: planReturn(definition.type),
    absentArguments: planAbsentArguments(definition),
    first: prefixesOf(definition.name, true),
    later: prefixesOf(definition.name, false),
  };
}

/** Returns the text in front of the value of a field. */
export function prefixesOf(key: string, isFirst: boolean): Prefixes {
  const plain = `${isFirst ? '{' : ','}"${key}":`;
  return { plain, quoted: `${plain}"`, quote: `"${plain}`, quoteAndQuoted: `"${plain}"` };
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
