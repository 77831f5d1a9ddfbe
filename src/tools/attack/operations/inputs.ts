import {
  getNamedType,
  getNullableType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { isRecord } from '../../../protocol/record.ts';
import type { Hop } from '../places/hop.ts';
import type { Target } from '../places/target.ts';
import type { Style } from './write.ts';

/** A way to supply an input: the target with another value, and how it is written. */
export interface InputWay {
  readonly name: string;
  readonly target: Target;
  readonly style: Style;
}

/** How deep an input that contains itself is nested. */
const depths = [1, 30, 300, 5_000];

/** Lists the ways to supply the input of a target. */
export function* inputWays(target: Target): Iterable<InputWay> {
  const last = target.route.hops.at(-1);
  const given = last?.args.find(({ name }) => name === target.argument);
  if (!last || !given) return;
  const withValue = (value: unknown): Target => {
    const args = last.args.map((one) => (one === given ? { ...one, value } : one));
    const hop: Hop = { ...last, args };
    return { ...target, route: { ...target.route, hops: [...target.route.hops.slice(0, -1), hop] } };
  };
  const forms: readonly (readonly [string, Style])[] = [
    ['', {}],
    [' by a variable', { args: 'variables' }],
    [' by the default of a variable', { args: 'defaults' }],
  ];
  const single = withoutLists(given.value, given.type);
  if (JSON.stringify(single) !== JSON.stringify(given.value)) {
    for (const [text, style] of forms) yield { name: `one item for a list${text}`, target: withValue(single), style };
  }
  const nulled = withNull(given.value, given.type, target.coordinate);
  if (nulled !== undefined) {
    for (const [text, style] of forms) yield { name: `null${text}`, target: withValue(nulled), style };
  }
  const doubled = withTwoItems(given.value, given.type);
  if (doubled !== undefined) {
    yield { name: 'the second item of a list', target: withValue(doubled), style: { args: 'variables' } };
  }
  if (!isNonNullType(given.type)) {
    yield { name: 'beside the same field without the argument', target, style: { twice: 'without' } };
    yield {
      name: 'beside the same field without the argument, by a variable',
      target,
      style: { twice: 'without', args: 'variables' },
    };
  }
  for (const { field, isList } of ownFields(given.type)) {
    for (const depth of isList ? depths.slice(0, 2) : depths) {
      const deep = nested(given.value, given.type, field, isList, depth);
      if (deep === undefined) return;
      const name = `nested ${depth} deep in ${field} by a variable`;
      yield { name, target: withValue(deep), style: { args: 'variables', twice: 'aliases' } };
    }
  }
}

/** Replaces lists of one item by the item. GraphQL coerces it to a list. */
function withoutLists(value: unknown, type: GraphQLInputType): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const item: unknown = Array.isArray(value) && value.length === 1 ? value[0] : undefined;
    return item === undefined ? value : withoutLists(item, nullable.ofType);
  }
  if (!isInputObjectType(nullable) || !isRecord(value)) return value;
  return mapped(value, nullable, withoutLists);
}

function mapped(
  value: Readonly<Record<string, unknown>>,
  type: GraphQLInputObjectType,
  change: (member: unknown, of: GraphQLInputType, coordinate: string) => unknown,
): Readonly<Record<string, unknown>> {
  const fields = type.getFields();
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const field = fields[name];
      return [name, field ? change(member, field.type, `${type.name}.${name}`) : member];
    }),
  );
}

/** Sets the attacked element to null. `undefined`: it cannot be null. */
function withNull(value: unknown, type: GraphQLInputType, coordinate: string): unknown {
  if (coordinate.endsWith(':)')) return isNonNullType(type) || value === null ? undefined : null;
  let found = false;
  function change(member: unknown, of: GraphQLInputType, place: string): unknown {
    const nullable = getNullableType(of);
    if (place === coordinate || nullable.toString() === coordinate) {
      if (isNonNullType(of)) return member;
      found = true;
      return null;
    }
    if (isListType(nullable)) {
      const { ofType } = nullable;
      return Array.isArray(member) ? member.map((item) => change(item, ofType, '')) : member;
    }
    return isInputObjectType(nullable) && isRecord(member) ? mapped(member, nullable, change) : member;
  }
  const changed = change(value, type, '');
  return found ? changed : undefined;
}

/** Puts an empty item before the item of a list of input objects. */
function withTwoItems(value: unknown, type: GraphQLInputType): unknown {
  const nullable = getNullableType(type);
  if (!isListType(nullable) || !Array.isArray(value) || isNonNullType(nullable.ofType)) return undefined;
  return [null, ...value.map((item: unknown) => item)];
}

/** Lists the fields of an input object that have its own type. */
function ownFields(type: GraphQLInputType): readonly { readonly field: string; readonly isList: boolean }[] {
  const object = getNamedType(type);
  if (!isInputObjectType(object)) return [];
  return Object.values(object.getFields())
    .filter((field) => getNamedType(field.type) === object)
    .map((field) => ({ field: field.name, isList: isListType(getNullableType(field.type)) }));
}

/** Nests an input object in itself. `undefined`: the value is no input object. */
function nested(value: unknown, type: GraphQLInputType, field: string, isList: boolean, depth: number): unknown {
  const object = getNamedType(type);
  if (!isInputObjectType(object) || isListType(getNullableType(type)) || !isRecord(value)) return undefined;
  // The outer objects do not have the attacked member, as far as it is not required.
  const outer = Object.fromEntries(
    Object.entries(value).filter(([name]) => isNonNullType(object.getFields()[name]?.type)),
  );
  let inner: unknown = value;
  for (let at = 0; at < depth; at += 1) inner = { ...outer, [field]: isList ? [inner] : inner };
  return inner;
}
