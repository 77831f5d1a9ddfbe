import {
  type GraphQLArgument,
  type GraphQLEnumType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { RuleIds } from './elements.ts';

/** Finds the rules of all that a field's arguments supply, by their numbers. The arguments are coerced. */
export type InputRules = (args: Readonly<Record<string, unknown>>) => RuleIds;

/** Adds the rules of a value to those found. */
type Inspect = (value: unknown, found: Set<number>) => void;

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

/** @param carriedBy - the rules that an element itself carries, by its coordinate */
export function createInputInspector(carriedBy: (coordinate: string) => RuleIds): InputInspector {
  const inspections = new Map<string, Inspect | null>();

  /** What looks into a value of a type; `null` where nothing in it can carry a rule. */
  function inspectionOf(type: GraphQLInputType): Inspect | null {
    const named = getNamedType(type);
    const known = inspections.get(named.name);
    if (known !== undefined) return known;
    if (!isInputObjectType(named) || !isRuledWithin(named, new Set())) {
      const inspect = isInputObjectType(named) ? null : leafInspection(named.name, isEnumType(named) ? named : null);
      inspections.set(named.name, inspect);
      return inspect;
    }
    // Kept before its fields are looked at: an input object may hold itself.
    const fields: {
      readonly name: string;
      readonly own: RuleIds;
      readonly inspect: Inspect | null;
      readonly type: GraphQLInputType;
    }[] = [];
    const own = carriedBy(named.name);
    // A variable's value is looked into once, however many arguments it is given to.
    const found = new WeakMap<object, ReadonlySet<number>>();
    const inspect: Inspect = (value, into) => {
      for (const id of own) into.add(id);
      if (typeof value !== 'object' || value === null) return;
      const known = found.get(value);
      if (known) {
        for (const id of known) into.add(id);
        return;
      }
      const inside = new Set<number>();
      found.set(value, inside);
      for (const field of fields) {
        if (!Object.hasOwn(value, field.name)) continue;
        for (const id of field.own) inside.add(id);
        const member = (value as Readonly<Record<string, unknown>>)[field.name]; // A coerced input object.
        if (field.inspect) eachItem(field.type, member, field.inspect, inside);
      }
      for (const id of inside) into.add(id);
    };
    inspections.set(named.name, inspect);
    for (const { name, type: fieldType } of Object.values(named.getFields())) {
      fields.push({
        name,
        own: carriedBy(`${named.name}.${name}`),
        inspect: inspectionOf(fieldType),
        type: fieldType,
      });
    }
    return inspect;
  }

  function leafInspection(name: string, type: GraphQLEnumType | null): Inspect | null {
    const own = carriedBy(name);
    // Values that resolvers see under one and the same internal value cannot be told apart: all their rules hold.
    const ofValues = new Map<unknown, number[]>();
    for (const value of type?.getValues() ?? []) {
      const ids = carriedBy(`${name}.${value.name}`);
      if (ids.length > 0) ofValues.set(value.value, [...(ofValues.get(value.value) ?? []), ...ids]);
    }
    if (own.length === 0 && ofValues.size === 0) return null;
    return (value, found) => {
      for (const id of own) found.add(id);
      for (const id of ofValues.get(value) ?? []) found.add(id);
    };
  }

  /** Whether anything within an input object carries a rule. */
  function isRuledWithin(type: GraphQLInputObjectType, seen: Set<string>): boolean {
    if (seen.has(type.name)) return false;
    seen.add(type.name);
    if (carriedBy(type.name).length > 0) return true;
    return Object.values(type.getFields()).some((field) => {
      const named = getNamedType(field.type);
      if (carriedBy(`${type.name}.${field.name}`).length > 0) return true;
      return isInputObjectType(named)
        ? isRuledWithin(named, seen)
        : leafInspection(named.name, isEnumType(named) ? named : null) !== null;
    });
  }

  return {
    of(args, own) {
      const ruled = args
        .map((argument) => ({ argument, own: own(argument), inspect: inspectionOf(argument.type) }))
        .filter(({ own, inspect }) => own.length > 0 || inspect !== null);
      if (ruled.length === 0) return null;
      return (values) => {
        const found = new Set<number>();
        for (const { argument, own, inspect } of ruled) {
          if (!Object.hasOwn(values, argument.name)) continue;
          for (const id of own) found.add(id);
          if (inspect) eachItem(argument.type, values[argument.name], inspect, found);
        }
        return found.size === 0 ? [] : [...found].sort((a, b) => a - b);
      };
    },
    isRuled: (type) => inspectionOf(type) !== null,
    defaultRules({ type, defaultValue }) {
      const found = new Set<number>();
      const inspect = inspectionOf(type);
      if (defaultValue !== undefined && inspect) eachItem(type, defaultValue, inspect, found);
      return [...found];
    },
  };
}

/** Every value of the named type in a coerced value; `null` at any depth is one: somebody supplied it. */
function eachItem(type: GraphQLInputType, value: unknown, inspect: Inspect, found: Set<number>): void {
  const nullable = isNonNullType(type) ? type.ofType : type;
  if (!isListType(nullable) || value === null) inspect(value, found);
  else if (Array.isArray(value)) for (const item of value) eachItem(nullable.ofType, item, inspect, found);
  else inspect(value, found);
}
