import type { IResolvers } from '@graphql-tools/utils';
import { type GraphQLSchema, isEnumType, isNamedType, isScalarType } from 'graphql';
import { faultAt, moduleOf } from '../modules/fault.ts';
import type { SchemaModule } from '../modules/module.ts';
import { absent, helperHint, memberFault, subscriptionFaults } from './member-faults.ts';
import { bound, exportedMap, isObject, isReverse, type Member, membersOf, messageOf, shapeFault } from './members.ts';
import { scalarResolver } from './scalar.ts';
import { nearestHint } from '../../protocol/nearest.ts';

/** Resolvers by type and member, without a prototype: a field called `toString` has the resolver that was given, or none. */
type Joined = Record<string, Record<string, unknown>>;

/**
 * The resolver maps of all modules as one. Maps are objects or instances of classes, and each function is called on the map it
 * was given in. A resolver that two modules give, and one that would never run, are faults: otherwise the last module would
 * silently win, or a resolver with a slip in its name never run.
 */
export function joinResolvers(
  modules: readonly SchemaModule[],
  schema: GraphQLSchema | undefined,
  faults: string[],
): IResolvers {
  const joined: Joined = Object.create(null);
  const givers = new Map<string, string>();

  function give(coordinate: string, module: string): void {
    const giver = givers.get(coordinate);
    givers.set(coordinate, module);
    if (giver !== undefined) faults.push(faultAt(coordinate, [giver, module], 'has two resolvers; give one'));
  }

  function complain(coordinate: string, module: string, fault: string): void {
    faults.push(faultAt(coordinate, [module], fault));
  }

  function join(typeName: string, map: object, module: string): void {
    const type = schema?.getType(typeName);
    if (isScalarType(type)) {
      give(typeName, module);
      const { resolver, faults: wrong } = scalarResolver(map);
      for (const [member, fault] of wrong) complain(`${typeName}.${member}`, module, fault);
      joined[typeName] = resolver;
      return;
    }
    if (isNamedType(map)) return complain(typeName, module, wrongTypeFault(typeName, schema));
    for (const member of membersOf(map)) {
      if (isEnumType(type) && isReverse(member, map)) continue;
      const coordinate = `${typeName}.${member.name}`;
      give(coordinate, module);
      const fault = schema && joinFault(typeName, member, schema, map);
      if (fault) complain(coordinate, module, fault);
      const target: Record<string, unknown> = (joined[typeName] ??= Object.create(null));
      target[member.name] = isEnumType(type) ? member.value : callable(member.value, map);
    }
  }

  for (const { name: module, resolvers = {} } of modules) {
    for (const given of Array.isArray(resolvers) ? resolvers.flat(Number.POSITIVE_INFINITY) : [resolvers]) {
      const map = exportedMap(given);
      const wrong = shapeFault(map);
      if (wrong) faults.push(`module "${module}": resolvers ${wrong}`);
      for (const { name, value, fault } of wrong || !isObject(map) ? [] : membersOf(map)) {
        try {
          const wrong = fault ?? shapeFault(value);
          if (wrong) complain(name, module, wrong);
          else if (isObject(value)) join(name, value, module);
        } catch (error) {
          // Such as a type that another copy of graphql made.
          complain(name, module, `cannot be read; ${messageOf(error).split('\n', 1)[0]}`);
        }
      }
    }
  }
  for (const [coordinate, fault] of schema ? subscriptionFaults(schema, new Set(givers.keys())) : []) {
    const field = schema?.getSubscriptionType()?.getFields()[coordinate.split('.')[1] ?? ''];
    complain(coordinate, moduleOf(field?.astNode), fault);
  }
  return joined;
}

function joinFault(typeName: string, member: Member, schema: GraphQLSchema, map: object): string | undefined {
  const type = schema.getType(typeName);
  const isOfType = schema.getType(member.name) !== undefined && isObject(member.value);
  const inside = '; it is of a type itself: take it out of the object that it is in';
  if (!type) return `${absent}${isOfType ? inside : nearestHint(typeName, typeNamesOf(schema))}`;
  const fault = memberFault(type, member, schema);
  return fault?.startsWith(absent) ? `${fault}${isOfType ? inside : helperHint(type, map)}` : fault;
}

/** The types that a resolver map may be for: not those of introspection. */
function typeNamesOf(schema: GraphQLSchema | undefined): readonly string[] {
  return Object.keys(schema?.getTypeMap() ?? {}).filter((name) => !name.startsWith('__'));
}

function wrongTypeFault(typeName: string, schema: GraphQLSchema | undefined): string {
  if (!schema?.getType(typeName)) return `${absent}${nearestHint(typeName, typeNamesOf(schema))}`;
  return 'is given a type of graphql-js, which only a scalar can be; expected an object of resolvers';
}

/** A resolver called on the map that it was given in, and the parts of one on the object that holds them. */
function callable(resolver: unknown, map: object): unknown {
  if (!isObject(resolver)) return bound(resolver, map);
  return Object.fromEntries(membersOf(resolver).map(({ name, value }) => [name, bound(value, resolver)]));
}
