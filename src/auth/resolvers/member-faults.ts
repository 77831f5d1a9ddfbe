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

/** The start of the fault of a resolver for a type or member that does not exist. */
export const absentFault = 'has a resolver, and is not in the schema';

/**
 * Returns the fault of a member of a type's resolver map. A member is a fault if it would never run, or if it could
 * replace a guarded part of the schema. The second case exists because graphql-tools copies types and AST nodes from a
 * map into the schema.
 *
 * @returns `undefined`: the member has no fault
 */
export function memberFault(type: GraphQLNamedType, member: Member, schema: GraphQLSchema): string | undefined {
  const { name, value } = member;
  if (isInputObjectType(type)) return 'has a resolver, and is of an input type, which has no resolvers; take it out';
  if (name.startsWith('__') && !isEnumType(type)) return member.fault ?? typeFunctionFault(type, name, value);
  const known = namesOf(type);
  if (!known.includes(name)) return `${absentFault}${nearestHint(name, known)}`;
  if (member.fault) return member.fault;
  if (isEnumType(type)) return undefined; // Any value can be an internal value.
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

/** Returns the fault of a member whose name begins with `__`. Only `__resolveType` and `__isTypeOf` are allowed. */
function typeFunctionFault(type: GraphQLNamedType, name: string, value: unknown): string | undefined {
  if (!['__resolveType', '__isTypeOf'].includes(name)) {
    const hint =
      name === '__resolveReference'
        ? '. References of a federation are resolved by the resolver of Query._entities'
        : '';
    return `is not a resolver; expected __resolveType or __isTypeOf, a function${hint}`;
  }
  if (name === '__resolveType' && !isAbstractType(type)) {
    return 'would never run: __resolveType is of an interface or a union, and this is an object type; take it out';
  }
  if (name === '__isTypeOf' && !isObjectType(type)) {
    return 'would never run: __isTypeOf is of an object type, and this is an interface or a union; give __resolveType';
  }
  return typeof value === 'function'
    ? undefined
    : 'is not a resolver; expected __resolveType or __isTypeOf, a function';
}

/** Returns the fault of a resolver that is neither a function nor an object with `resolve`, `subscribe` or both. */
function functionsFault(value: unknown): string | undefined {
  if (typeof value === 'function') return undefined;
  const parts = isObject(value) && !Array.isArray(value) ? membersOf(value) : [];
  const areFunctions = parts.every(
    (part) => ['resolve', 'subscribe'].includes(part.name) && typeof part.value === 'function' && !part.fault,
  );
  return areFunctions && parts.length > 0
    ? undefined
    : 'is not a resolver; expected a function, or { resolve, subscribe } of functions';
}

/** Returns the names of the fields or enum values of a type. */
function namesOf(type: GraphQLNamedType): readonly string[] {
  if (isObjectType(type) || isInterfaceType(type)) return Object.keys(type.getFields());
  if (isEnumType(type)) return type.getValues().map((value) => value.name);
  return [];
}

/**
 * Finds fields of the subscription type without `subscribe`. If the schema has no resolvers, no fault is reported,
 * because the schema then takes its events from a root value.
 *
 * @param resolved - the coordinates that have a resolver
 * @returns coordinates with their faults
 */
export function* subscriptionFaults(schema: GraphQLSchema, resolved: ReadonlySet<string>): Iterable<[string, string]> {
  const type = schema.getSubscriptionType();
  if (!isObjectType(type) || resolved.size === 0) return;
  for (const name of Object.keys(type.getFields())) {
    const coordinate = `${type.name}.${name}`;
    if (!resolved.has(coordinate))
      yield [coordinate, 'has no subscribe; give a resolver { subscribe } that returns an AsyncIterable of events'];
  }
}

/** Writes a hint for a method of a class that is a helper and not a resolver. */
export function helperHint(type: GraphQLNamedType, map: object): string {
  const prototype: unknown = Object.getPrototypeOf(map);
  const isInstance = prototype !== Object.prototype && prototype !== null;
  return isInstance && isObjectType(type) ? '; a class keeps what is not a resolver in #private members' : '';
}
