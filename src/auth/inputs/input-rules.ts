import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { RuleIds } from '../rules/rule.ts';
import { type InputFinding, inspect, type InputPlace, type InputShape } from './inspect.ts';

/**
 * Finds the rules of all inputs that the coerced arguments of a field supply.
 *
 * @returns the numbers of the rules, ascending
 * @throws {ClaimgateError} LIMIT_EXCEEDED if the arguments are too deep or hold too many values
 */
export type InputRules = (args: Readonly<Record<string, unknown>>) => RuleIds;

/** Makes the functions that find the rules in arguments. Each input type is compiled only one time. */
export interface InputInspector {
  /**
   * Makes the function for the arguments of one field.
   *
   * @param own - returns the rules of the argument, without the rules of its type
   * @returns `null`: no input that the arguments can supply carries a rule
   */
  of(args: readonly GraphQLArgument[], own: (argument: GraphQLArgument) => RuleIds): InputRules | null;
  /** Returns the rules of the inputs that a default value supplies, without the rules of `element` itself. */
  defaultRules(element: GraphQLArgument | GraphQLInputField): RuleIds;
  /** Whether a value of the type can supply an input with a rule. */
  isRuled(type: GraphQLInputType): boolean;
}

/**
 * Makes the input inspector of a schema.
 *
 * @param carriedBy - returns the rules that the type with this name carries
 * @param carriedByMember - returns the rules that an input field or an enum value carries
 * @param depth - how deep objects may be nested
 */
export function createInputInspector(
  carriedBy: (type: string) => RuleIds,
  carriedByMember: (type: string, member: string) => RuleIds,
  depth: number,
): InputInspector {
  const shapes = new Map<string, InputShape | null>();

  /** Returns the parts of an input type that can carry a rule. `null`: no part can carry a rule. */
  function shapeOf(named: GraphQLNamedInputType): InputShape | null {
    const known = shapes.get(named.name);
    if (known !== undefined) return known;
    if (!isRuled(named)) {
      shapes.set(named.name, null);
      return null;
    }
    const own = carriedBy(named.name);
    const fields: InputPlace[] = [];
    const shape: InputShape = { itself: finding(own), values: valuesOf(named, own), fields, known: [] };
    // The shape is stored before its fields are compiled, because an input object may contain its own type.
    shapes.set(named.name, shape);
    for (const field of isInputObjectType(named) ? Object.values(named.getFields()) : []) {
      const place = placeOf(field, carriedByMember(named.name, field.name));
      if (place) fields.push(place);
    }
    return shape;
  }

  function placeOf({ name, type }: Pick<GraphQLInputField, 'name' | 'type'>, own: RuleIds): InputPlace | null {
    const shape = shapeOf(getNamedType(type));
    return own.length > 0 || shape ? { name, own, shape, lists: listsOf(type) } : null;
  }

  /**
   * Finds the rules of enum values by internal value. If several names share one internal value, the rules of all these
   * names apply.
   */
  function valuesOf(type: GraphQLNamedInputType, own: RuleIds): ReadonlyMap<unknown, InputFinding> {
    const ids = new Map<unknown, RuleIds>();
    for (const value of isEnumType(type) ? type.getValues() : []) {
      const carried = carriedByMember(type.name, value.name);
      if (carried.length > 0) ids.set(value.value, [...(ids.get(value.value) ?? own), ...carried]);
    }
    return new Map([...ids].map(([value, all]) => [value, finding(all)]));
  }

  /** Whether a type carries a rule. Fields, enum values and types inside the type count too. */
  function isRuled(type: GraphQLNamedInputType): boolean {
    const types = new Set<GraphQLNamedInputType>([type]); // The set grows during the loop. No type is visited twice.
    for (const named of types) {
      if (carriedBy(named.name).length > 0) return true;
      const fields = isInputObjectType(named) ? Object.values(named.getFields()) : [];
      const members = isEnumType(named) ? named.getValues() : fields;
      if (members.some(({ name }) => carriedByMember(named.name, name).length > 0)) return true;
      for (const field of fields) types.add(getNamedType(field.type));
    }
    return false;
  }

  return {
    of(args, own) {
      const places = args.flatMap((argument) => placeOf(argument, own(argument)) ?? []);
      if (places.length === 0) return null;
      return (values) => inspect(values, places, depth);
    },
    isRuled: (type) => isRuled(getNamedType(type)),
    defaultRules({ name, type, defaultValue }) {
      const place = defaultValue === undefined ? null : placeOf({ name, type }, []);
      return place ? inspect({ [name]: defaultValue }, [place], depth) : [];
    },
  };
}

function finding(ids: RuleIds): InputFinding {
  return { ids, depth: 0 };
}

/** Counts the lists around the named type. */
function listsOf(type: GraphQLInputType): number {
  const nullable = isNonNullType(type) ? type.ofType : type;
  return isListType(nullable) ? 1 + listsOf(nullable.ofType) : 0;
}
