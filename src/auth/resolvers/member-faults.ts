import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { isObject, type Member, membersOf } from './members.ts';
import { nearestHint } from '../../protocol/nearest.ts';

/** The fault of a resolver for a type or a member that does not exist. */
export const absent = 'has a resolver, and is not in the schema';

/**
 * What keeps a member of a type's resolver map from running. graphql-tools copies what a map holds into the schema, so a map
 * that held types or nodes could replace what is guarded; and graphql-js never calls some of what it copies.
 */
export function memberFault(type: GraphQLNamedType, member: Member, schema: GraphQLSchema): string | undefined {
  const { name, value } = member;
  if (isInputObjectType(type)) return 'has a resolver, and is of an input type, which has no resolvers; take it out';
  if (name.startsWith('__') && !isEnumType(type)) return member.fault ?? typeFunctionFault(type, name, value);
  const known = namesOf(type);
  if (!known.includes(name)) return `${absent}${nearestHint(name, known)}`;
  if (member.fault) return member.fault;
  if (isEnumType(type)) return undefined; // Any value can be what a name stands for inside.
  if (isInterfaceType(type)) {
    const types = schema.getPossibleTypes(type).map((possible) => possible.name);
    const where = types.length > 0 ? `: ${types.join(', ')}` : ', of which there are none';
    return `has a resolver that would never run: it is a field of an interface; give the resolver to the types that implement it${where}`;
  }
  const fault = functionsFault(value);
  if (fault || type !== schema.getSubscriptionType()) return fault;
  if (isObject(value) && membersOf(value).some((part) => part.name === 'subscribe')) return undefined;
  return `has a resolver without subscribe; expected { subscribe, resolve }, where subscribe returns an AsyncIterable of events`;
}

/** `__resolveType` and `__isTypeOf`. */
function typeFunctionFault(type: GraphQLNamedType, name: string, value: unknown): string | undefined {
  if (!['__resolveType', '__isTypeOf'].includes(name)) {
    const hint =
      name === '__resolveReference'
        ? '. References of a federation are resolved by the resolver of Query._entities'
        : '';
    return `is no resolver; expected __resolveType or __isTypeOf, a function${hint}`;
  }
  if (name === '__resolveType' && !isAbstractType(type)) {
    return 'would never run: __resolveType is of an interface or a union, and this is an object type; take it out';
  }
  if (name === '__isTypeOf' && !isObjectType(type)) {
    return 'would never run: __isTypeOf is of an object type, and this is an interface or a union; give __resolveType';
  }
  return typeof value === 'function' ? undefined : 'is no resolver; expected __resolveType or __isTypeOf, a function';
}

/** A resolver is a function, or an object of the functions `resolve` and `subscribe` with at least one of them. */
function functionsFault(value: unknown): string | undefined {
  if (typeof value === 'function') return undefined;
  const parts = isObject(value) && !Array.isArray(value) ? membersOf(value) : [];
  const plain = parts.every(
    (part) => ['resolve', 'subscribe'].includes(part.name) && typeof part.value === 'function' && !part.fault,
  );
  return plain && parts.length > 0
    ? undefined
    : 'is no resolver; expected a function, or { resolve, subscribe } of functions';
}

/** The fields or values of a type, by name. */
function namesOf(type: GraphQLNamedType): readonly string[] {
  if (isObjectType(type) || isInterfaceType(type)) return Object.keys(type.getFields());
  if (isEnumType(type)) return type.getValues().map((value) => value.name);
  return [];
}

/** Fields of the subscription type without `subscribe`. A schema with no resolver at all takes its events from a root value. */
export function* subscriptionFaults(schema: GraphQLSchema, given: ReadonlySet<string>): Iterable<[string, string]> {
  const type = schema.getSubscriptionType();
  if (!isObjectType(type) || given.size === 0) return;
  for (const name of Object.keys(type.getFields())) {
    const coordinate = `${type.name}.${name}`;
    if (!given.has(coordinate))
      yield [coordinate, 'has no subscribe; give a resolver { subscribe } that returns an AsyncIterable of events'];
  }
}

/** What to do about a method of a class that is a helper and no resolver. */
export function helperHint(type: GraphQLNamedType, map: object): string {
  const prototype: unknown = Object.getPrototypeOf(map);
  const isInstance = prototype !== Object.prototype && prototype !== null;
  return isInstance && isObjectType(type) ? '; a class keeps what is not a resolver in #private members' : '';
}
