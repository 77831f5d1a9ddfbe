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
import { type Finding, inspect, type Place, type Shape } from './inspect.ts';

/**
 * Finds the rules of all that a field's arguments supply, by their numbers. The arguments are coerced.
 *
 * @throws {ClaimgateError} LIMIT_EXCEEDED where the arguments are too deep or too many to be judged
 */
export type InputRules = (args: Readonly<Record<string, unknown>>) => RuleIds;

/** Makes what looks into arguments. Types are looked into once, however often they are used. */
export interface InputInspector {
  /**
   * @param own - the rules of an argument itself
   * @returns `null` where nothing that could be supplied there carries a rule
   */
  of(args: readonly GraphQLArgument[], own: (argument: GraphQLArgument) => RuleIds): InputRules | null;
  /** The rules of a default value, which supplies what nobody asked for. */
  defaultRules(element: GraphQLArgument | GraphQLInputField): RuleIds;
  /** Whether a value of the type can supply anything that carries a rule. */
  isRuled(type: GraphQLInputType): boolean;
}

/**
 * @param carriedBy - the rules that an element itself carries, by its coordinate
 * @param depth - how many objects may be within one another
 */
export function createInputInspector(carriedBy: (coordinate: string) => RuleIds, depth: number): InputInspector {
  const shapes = new Map<string, Shape | null>();

  /** What of a type's values can carry a rule; `null`: nothing can. */
  function shapeOf(named: GraphQLNamedInputType): Shape | null {
    const known = shapes.get(named.name);
    if (known !== undefined) return known;
    if (!isRuled(named)) {
      shapes.set(named.name, null);
      return null;
    }
    const own = carriedBy(named.name);
    const fields: Place[] = [];
    const shape: Shape = { itself: finding(own), values: valuesOf(named, own), fields, known: [] };
    shapes.set(named.name, shape); // Before its fields are looked at: an input object may hold itself.
    for (const field of isInputObjectType(named) ? Object.values(named.getFields()) : []) {
      const place = placeOf(field, carriedBy(`${named.name}.${field.name}`));
      if (place) fields.push(place);
    }
    return shape;
  }

  function placeOf({ name, type }: Pick<GraphQLInputField, 'name' | 'type'>, own: RuleIds): Place | null {
    const shape = shapeOf(getNamedType(type));
    return own.length > 0 || shape ? { name, own, shape, lists: listsOf(type) } : null;
  }

  /** Values that resolvers see under one and the same internal value cannot be told apart: all their rules hold. */
  function valuesOf(type: GraphQLNamedInputType, own: RuleIds): ReadonlyMap<unknown, Finding> {
    const ids = new Map<unknown, RuleIds>();
    for (const value of isEnumType(type) ? type.getValues() : []) {
      const carried = carriedBy(`${type.name}.${value.name}`);
      if (carried.length > 0) ids.set(value.value, [...(ids.get(value.value) ?? own), ...carried]);
    }
    return new Map([...ids].map(([value, all]) => [value, finding(all)]));
  }

  /** Whether anything of a type, or within it, carries a rule. */
  function isRuled(type: GraphQLNamedInputType): boolean {
    const types = new Set<GraphQLNamedInputType>([type]); // Visited once, also while it grows.
    for (const named of types) {
      if (carriedBy(named.name).length > 0) return true;
      const fields = isInputObjectType(named) ? Object.values(named.getFields()) : [];
      const members = isEnumType(named) ? named.getValues() : fields;
      if (members.some(({ name }) => carriedBy(`${named.name}.${name}`).length > 0)) return true;
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

function finding(ids: RuleIds): Finding {
  return { ids, depth: 0 };
}

/** How many lists are around the named type. */
function listsOf(type: GraphQLInputType): number {
  const nullable = isNonNullType(type) ? type.ofType : type;
  return isListType(nullable) ? 1 + listsOf(nullable.ofType) : 0;
}
