import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { RuleIds } from '../rules/rule.ts';
import { type InputFinding, inspect, type InputPlace, type InputShape } from './inspect.ts';
import { ruledInputTypes } from './ruled-input-types.ts';

/**
 * Finds the rules of all inputs that the coerced arguments of a field supply.
 *
 * @returns the numbers of the rules, ascending
 * @throws {ClaimgateError} LIMIT_EXCEEDED if the arguments are too deep or hold too many values
 */
export type InputRules = (args: Readonly<Record<string, unknown>>) => RuleIds;

/** Makes the functions that find the rules in arguments. */
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
  schema: GraphQLSchema,
  carriedBy: (type: string) => RuleIds,
  carriedByMember: (type: string, member: string) => RuleIds,
  depth: number,
): InputInspector {
  const ruled = ruledInputTypes(
    schema,
    (type, member) => (member === undefined ? carriedBy(type) : carriedByMember(type, member)).length > 0,
  );
  // The input types that are not in this map cannot supply an input with a rule.
  const shapes = new Map<string, InputShape & { readonly fields: InputPlace[] }>();
  for (const type of ruled) {
    const own = carriedBy(type.name);
    shapes.set(type.name, { itself: finding(own), values: valuesOf(type, own), fields: [], known: [] });
  }
  // The fields are added when every type has its shape, because an input object may contain its own type.
  for (const type of ruled) {
    for (const field of isInputObjectType(type) ? Object.values(type.getFields()) : []) {
      const place = placeOf(field, carriedByMember(type.name, field.name));
      if (place) shapes.get(type.name)?.fields.push(place);
    }
  }

  function placeOf({ name, type }: Pick<GraphQLInputField, 'name' | 'type'>, own: RuleIds): InputPlace | null {
    const shape = shapes.get(getNamedType(type).name) ?? null;
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

  return {
    of(args, own) {
      const places = args.flatMap((argument) => placeOf(argument, own(argument)) ?? []);
      if (places.length === 0) return null;
      return (values) => inspect(values, places, depth);
    },
    isRuled: (type) => shapes.has(getNamedType(type).name),
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
