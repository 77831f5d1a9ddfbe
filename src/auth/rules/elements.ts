import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { rootTypes } from './root-types.ts';
import { defaultInputDepth } from '../inputs/limits.ts';
import { createInputInspector, type InputRules } from '../inputs/input-rules.ts';
import type { Rule, RuleIds } from './rule.ts';

const none: RuleIds = [];

/** Which rules meet where. Types are asked for by name, so that a copy of the schema is answered too. */
export interface Elements {
  /** What reading the field of an object or interface type takes; nothing that is known only from its value or arguments. */
  fieldRules(type: string, field: string): RuleIds;
  /** Of these, the ones of the field itself: its own, its parent's where that is a root, a scalar's or enum's that it returns. */
  ownRules(type: string, field: string): RuleIds;
  /** What the arguments of the field take, once they are coerced; `null` where none can take anything. */
  inputRules(type: string, field: string): InputRules | null;
  /** What a value of the object type takes, wherever one is produced. */
  typeRules(type: string): RuleIds;
  /**
   * What each value of the field takes, of any possible type: the rules of the type that the field returns, and of
   * the types that the same field of each of its interfaces returns. A field may narrow a union to one of its members.
   */
  returnRules(type: string, field: string): RuleIds;
  /** Whether a value of the input type can supply anything that carries a rule. */
  isRuledInput(type: GraphQLInputType): boolean;
  /** The rules that a default value in the schema would supply. */
  defaultRules(element: Parameters<ReturnType<typeof createInputInspector>['defaultRules']>[0]): RuleIds;
}

/**
 * Finds the rules of every element of a schema, inherited ones included.
 *
 * @param rules - those that count; their numbers need have no order
 * @param inputDepth - how deep arguments may be
 */
export function compileElements(
  schema: GraphQLSchema,
  rules: readonly Rule[],
  inputDepth: number = defaultInputDepth,
): Elements {
  const byCoordinate = Map.groupBy(rules, (rule) => rule.coordinate);
  const carriedBy = (coordinate: string): RuleIds => byCoordinate.get(coordinate)?.map((rule) => rule.id) ?? none;
  const roots = new Set<string>(rootTypes(schema).map((type) => type.name));
  const inputs = createInputInspector(carriedBy, inputDepth);
  const types = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) || isInterfaceType(type));

  const ofType = new Map(types.map((type) => [type.name, ascending(withParents(type).flatMap(carriedBy))]));
  const own = new Map<string, RuleIds>();
  const ofReturned = new Map<string, RuleIds>();
  const whole = new Map<string, RuleIds>();
  const supplied = new Map<string, InputRules | null>();
  for (const type of types) {
    const parents = withParents(type);
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      const returned = getNamedType(field.type);
      const itself = [
        ...parents.flatMap((parent) => carriedBy(`${parent}.${field.name}`)),
        ...(roots.has(type.name) ? (ofType.get(type.name) ?? none) : none),
        ...(isCompositeType(returned) ? none : carriedBy(returned.name)),
      ];
      const returns = parents.flatMap((parent) => returnedRules(returnedBy(schema.getType(parent), field.name)));
      own.set(coordinate, ascending(itself));
      ofReturned.set(coordinate, ascending(returns));
      whole.set(coordinate, ascending([...itself, ...returns]));
      const ofArgument = (argument: GraphQLArgument): RuleIds =>
        ascending(parents.flatMap((parent) => carriedBy(`${parent}.${field.name}(${argument.name}:)`)));
      supplied.set(coordinate, inputs.of(field.args, ofArgument));
    }
  }

  /** Where the type is abstract, its values' types say more, once they are known. */
  function returnedRules(type: GraphQLNamedType | undefined): RuleIds {
    if (isUnionType(type)) return carriedBy(type.name);
    return isObjectType(type) || isInterfaceType(type) ? (ofType.get(type.name) ?? none) : none;
  }

  return {
    fieldRules: (type, field) => whole.get(`${type}.${field}`) ?? none,
    ownRules: (type, field) => own.get(`${type}.${field}`) ?? none,
    inputRules: (type, field) => supplied.get(`${type}.${field}`) ?? null,
    typeRules: (type) => ofType.get(type) ?? none,
    returnRules: (type, field) => ofReturned.get(`${type}.${field}`) ?? none,
    isRuledInput: (type) => inputs.isRuled(type),
    defaultRules: (element) => inputs.defaultRules(element),
  };
}

/** A type's name, and those of all interfaces that it implements: GraphQL has it name them all. */
function withParents(
  type: GraphQLObjectType | Extract<GraphQLNamedType, { getInterfaces(): unknown }>,
): readonly string[] {
  return [type.name, ...type.getInterfaces().map((parent) => parent.name)];
}

/** What a field returns; `undefined` where the type has no such field. */
function returnedBy(type: GraphQLNamedType | undefined, field: string): GraphQLNamedType | undefined {
  const found = isObjectType(type) || isInterfaceType(type) ? type.getFields()[field] : undefined;
  return found && getNamedType(found.type);
}

function ascending(ids: RuleIds): RuleIds {
  return ids.length === 0 ? none : [...new Set(ids)].sort((a, b) => a - b);
}
