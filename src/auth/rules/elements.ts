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

/** The rules that hold for each element of a schema. Elements are found by name, so a copy of the schema works too. */
export interface ElementRules {
  /**
   * The rules for reading a field of an object or interface type. They include the rules of the type that the field
   * returns. They do not include the rules of the arguments. They do not include the rules of the possible types, if
   * the field returns an abstract type.
   */
  fieldRules(type: string, field: string): RuleIds;
  /**
   * The part of `fieldRules` that belongs to the field itself, to the type of the field if this is a root type, and to
   * the returned scalar or enum.
   */
  ownRules(type: string, field: string): RuleIds;
  /**
   * Returns the function that finds the rules of the inputs that coerced arguments of the field supply. `null`: no
   * argument can supply an input with a rule.
   */
  inputRules(type: string, field: string): InputRules | null;
  /** The rules of an object or interface type, including the rules of its interfaces. */
  typeRules(type: string): RuleIds;
  /**
   * The rules that hold for every value of a field. They are the rules of the object type, interface or union that the
   * field returns; for a scalar or enum, none. If an interface has the field too, the rules of the type that the
   * interface declares are added.
   */
  returnRules(type: string, field: string): RuleIds;
  /** Whether a value of the input type can supply an input with a rule. */
  isRuledInput(type: GraphQLInputType): boolean;
  /** The rules of the inputs that a default value in the schema supplies, without the rules of `element` itself. */
  defaultRules(element: Parameters<ReturnType<typeof createInputInspector>['defaultRules']>[0]): RuleIds;
}

/**
 * Finds the rules of every element of a schema, including inherited rules.
 *
 * @param rules - the rules to find, in any order
 * @param inputDepth - how deep the objects of an argument may be nested. Default: `defaultInputDepth`
 */
export function compileElements(
  schema: GraphQLSchema,
  rules: readonly Rule[],
  inputDepth: number = defaultInputDepth,
): ElementRules {
  const { carriedBy, membersOf } = carriedRules(rules);
  const roots = new Set<string>(rootTypes(schema).map((type) => type.name));
  const inputs = createInputInspector(
    schema,
    carriedBy,
    (type, member) => membersOf(type)?.get(member) ?? none,
    inputDepth,
  );
  const all = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type) || isInterfaceType(type));
  // Without rules, every answer is the same. Most schemas have no SHADOW rules.
  const types = rules.length === 0 ? [] : all;

  const ofType = new Map(types.map((type) => [type.name, ascending(withParents(type).flatMap(carriedBy))]));
  // Elements without rules are left out.
  const own = new Map<string, RuleIds>();
  const ofReturned = new Map<string, RuleIds>();
  const ofField = new Map<string, RuleIds>();
  const supplied = new Map<string, InputRules>();
  for (const type of types) {
    const parents = withParents(type);
    const tables = parents.flatMap((parent) => membersOf(parent) ?? []);
    const ofParents = (member: string): RuleIds => tables.flatMap((table) => table.get(member) ?? none);
    for (const field of Object.values(type.getFields())) {
      const returned = getNamedType(field.type);
      const itself = [
        ...ofParents(field.name),
        ...(roots.has(type.name) ? (ofType.get(type.name) ?? none) : none),
        ...(isCompositeType(returned) ? none : carriedBy(returned.name)),
      ];
      const returns =
        parents.length === 1
          ? returnedRules(returned)
          : parents.flatMap((parent) => returnedRules(returnedBy(schema.getType(parent), field.name)));
      const ofArgument = (argument: GraphQLArgument): RuleIds =>
        ascending(ofParents(`${field.name}(${argument.name}:)`));
      const ofInputs = field.args.length === 0 ? null : inputs.of(field.args, ofArgument);
      if (itself.length === 0 && returns.length === 0 && !ofInputs) continue;
      const coordinate = `${type.name}.${field.name}`;
      own.set(coordinate, ascending(itself));
      ofReturned.set(coordinate, ascending(returns));
      ofField.set(coordinate, ascending([...itself, ...returns]));
      if (ofInputs) supplied.set(coordinate, ofInputs);
    }
  }

  /**
   * Returns the rules of the object type, interface or union that a field returns; for a scalar or enum, none. For an
   * abstract type, it does not return the rules of the possible types.
   */
  function returnedRules(type: GraphQLNamedType | undefined): RuleIds {
    if (isUnionType(type)) return carriedBy(type.name);
    return isObjectType(type) || isInterfaceType(type) ? (ofType.get(type.name) ?? none) : none;
  }

  return {
    fieldRules: (type, field) => ofField.get(`${type}.${field}`) ?? none,
    ownRules: (type, field) => own.get(`${type}.${field}`) ?? none,
    inputRules: (type, field) => supplied.get(`${type}.${field}`) ?? null,
    typeRules: (type) => ofType.get(type) ?? none,
    returnRules: (type, field) => ofReturned.get(`${type}.${field}`) ?? none,
    isRuledInput: (type) => inputs.isRuled(type),
    defaultRules: (element) => inputs.defaultRules(element),
  };
}

/** The rules that types and their members carry themselves, without inherited rules. */
interface CarriedRules {
  readonly carriedBy: (type: string) => RuleIds;
  /** Returns the rules of a type's members, by the coordinate without the type. `undefined`: no member has a rule. */
  readonly membersOf: (type: string) => ReadonlyMap<string, RuleIds> | undefined;
}

function carriedRules(rules: readonly Rule[]): CarriedRules {
  const ofTypes = new Map<string, number[]>();
  const ofMembers = new Map<string, Map<string, number[]>>();
  for (const { id, coordinate } of rules) {
    const dot = coordinate.indexOf('.');
    const type = dot < 0 ? coordinate : coordinate.slice(0, dot);
    const table = dot < 0 ? ofTypes : (ofMembers.get(type) ?? new Map<string, number[]>());
    const key = dot < 0 ? type : coordinate.slice(dot + 1);
    if (dot >= 0) ofMembers.set(type, table);
    const ids = table.get(key);
    if (ids) ids.push(id);
    else table.set(key, [id]);
  }
  return { carriedBy: (type) => ofTypes.get(type) ?? none, membersOf: (type) => ofMembers.get(type) };
}

/**
 * Returns the names of a type and of all its interfaces. `getInterfaces` is complete, because GraphQL requires a type
 * to list indirect interfaces too.
 */
function withParents(
  type: GraphQLObjectType | Extract<GraphQLNamedType, { getInterfaces(): unknown }>,
): readonly string[] {
  return [type.name, ...type.getInterfaces().map((parent) => parent.name)];
}

/** Returns the named type of a field. `undefined`: the type does not have this field. */
function returnedBy(type: GraphQLNamedType | undefined, field: string): GraphQLNamedType | undefined {
  const found = isObjectType(type) || isInterfaceType(type) ? type.getFields()[field] : undefined;
  return found && getNamedType(found.type);
}

function ascending(ids: RuleIds): RuleIds {
  return ids.length === 0 ? none : [...new Set(ids)].sort((a, b) => a - b);
}
