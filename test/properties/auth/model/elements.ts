import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Caller } from '../../../support/callers.ts';
import { couldHold, holds, type Rule, rulesIn } from './rules.ts';
import type { Value } from '../generate/values.ts';

/** A field of a value, and its arguments. */
export interface FieldOfValue {
  readonly parent: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly source: Value;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Finds the rules that apply to each element. It follows the specification without regard to speed. */
export interface ModelElements {
  /** The rules of a type, and of every interface that it implements. */
  typeRules(type: GraphQLObjectType): readonly Rule[];
  /** The rules of every value of a field, for any type of the value. */
  returnRules(parent: GraphQLObjectType, field: FieldOfValue['field']): readonly Rule[];
  /** The rules that deny a field for every value. */
  denyingField(asked: Omit<FieldOfValue, 'source'>, caller: Caller): readonly Rule[];
  mayReadField(asked: FieldOfValue, caller: Caller): boolean;
  mayReadValue(type: GraphQLObjectType, value: Value, rules: readonly Rule[], caller: Caller): boolean;
}

export function makeElements(plain: GraphQLSchema, modules: Readonly<Record<string, string>>): ModelElements {
  const rules = rulesIn(modules);
  const at = (coordinate: string): readonly Rule[] => rules.get(coordinate) ?? [];
  const isRoot = (type: GraphQLObjectType) => type === plain.getQueryType() || type === plain.getMutationType();
  const withInterfaces = (type: GraphQLObjectType) => [type, ...type.getInterfaces()];
  const typeRules = (type: GraphQLObjectType) => withInterfaces(type).flatMap(({ name }) => at(name));

  /** The rules of the field's type, and of its types in the interfaces. */
  function returnRules(parent: GraphQLObjectType, { name }: FieldOfValue['field']): readonly Rule[] {
    const fields = withInterfaces(parent).flatMap((type) => type.getFields()[name] ?? []);
    const types = fields.map(({ type }) => getNamedType(type)).filter(isCompositeType);
    const names = types.flatMap((type) =>
      isObjectType(type) || isInterfaceType(type)
        ? [type, ...type.getInterfaces()].map((one) => one.name)
        : [type.name],
    );
    return [...new Set(names)].flatMap(at);
  }

  /** The rules of the field itself, without those of its value. */
  function ownRules({ parent, field, args }: Omit<FieldOfValue, 'source'>): readonly Rule[] {
    const types = withInterfaces(parent).map(({ name }) => name);
    const returned = getNamedType(field.type);
    return [
      ...types.flatMap((type) => at(`${type}.${field.name}`)),
      ...(isRoot(parent) ? at(parent.name) : []),
      ...field.args.flatMap((argument) => supplied(argument, types, field.name, args)),
      ...(isCompositeType(returned) ? [] : at(returned.name)),
    ];
  }

  /** The rules of what an argument supplies. */
  function supplied(
    { name, type }: GraphQLArgument,
    types: readonly string[],
    field: string,
    args: FieldOfValue['args'],
  ) {
    if (!Object.hasOwn(args, name)) return [];
    return [...types.flatMap((parent) => at(`${parent}.${field}(${name}:)`)), ...inside(type, args[name])];
  }

  /** The rules of everything in a value. It does not recurse, because the value may be very deep. */
  function inside(outermost: GraphQLInputType, all: unknown): readonly Rule[] {
    const coordinates = new Set<string>();
    const pending = [{ type: outermost, value: all }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { value } = next;
      const type = isNonNullType(next.type) ? next.type.ofType : next.type;
      if (isListType(type) && Array.isArray(value)) {
        for (const item of value) pending.push({ type: type.ofType, value: item });
        continue;
      }
      const named = getNamedType(type);
      coordinates.add(named.name);
      if (isEnumType(named) && typeof value === 'string') coordinates.add(`${named.name}.${value}`);
      if (!isInputObjectType(named) || typeof value !== 'object' || value === null) continue;
      for (const field of Object.values(named.getFields())) {
        if (!Object.hasOwn(value, field.name)) continue;
        coordinates.add(`${named.name}.${field.name}`);
        pending.push({ type: field.type, value: (value as FieldOfValue['args'])[field.name] });
      }
    }
    return [...coordinates].flatMap(at);
  }

  // A rule of every value that can never allow this caller is decided for the field as a whole.
  const denyingField: ModelElements['denyingField'] = (asked, caller) =>
    [...ownRules(asked), ...returnRules(asked.parent, asked.field)].filter((rule) => !couldHold(rule, caller));

  return {
    typeRules,
    returnRules,
    denyingField,
    mayReadField: (asked, caller) =>
      denyingField(asked, caller).length === 0 &&
      ownRules(asked).every((rule) => holds(rule, { caller, object: asked.source, args: asked.args })),
    mayReadValue: (type, value, returned, caller) =>
      [...typeRules(type), ...returned].every((rule) => holds(rule, { caller, object: value, args: {} })),
  };
}
