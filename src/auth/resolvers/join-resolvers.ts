import type { IResolvers } from '@graphql-tools/utils';
import { type GraphQLSchema, isEnumType, isNamedType, isScalarType } from 'graphql';
import { foreignGraphqlFault, isForeign } from '../graphql-copies.ts';
import { faultAt, moduleOf } from '../modules/fault.ts';
import type { SchemaModule } from '../modules/module.ts';
import { absentFault, helperHint, memberFault, subscriptionFaults } from './member-faults.ts';
import { boundTo, exportedMap, isObject, isReverse, type Member, membersOf, messageOf, shapeFault } from './members.ts';
import { keepMark } from './without-info.ts';
import { scalarResolver } from './scalar.ts';
import { nearestHint } from '../../protocol/nearest.ts';

/**
 * Resolvers by type and member. The objects have no prototype. Therefore a field with the name `toString` inherits no
 * resolver.
 */
type Joined = Record<string, Record<string, unknown>>;

/**
 * Joins the resolver maps of all modules. A map is an object or an instance of a class. Each function is called as a
 * method of the map that holds it.
 *
 * Two resolvers for one coordinate are a fault, because one would silently replace the other. A resolver that would
 * never run is a fault, because its name may be misspelled.
 *
 * @param schema - `undefined`: the schema could not be built, so members are not checked against it
 * @param faults - a line is added for each fault
 */
export function joinResolvers(
  modules: readonly SchemaModule[],
  schema: GraphQLSchema | undefined,
  faults: string[],
): IResolvers {
  const joined: Joined = Object.create(null);
  const moduleByCoordinate = new Map<string, string>();

  /** Records the module of a resolver. Reports a second resolver for the coordinate. */
  function claim(coordinate: string, module: string): void {
    const earlier = moduleByCoordinate.get(coordinate);
    moduleByCoordinate.set(coordinate, module);
    if (earlier !== undefined) faults.push(faultAt(coordinate, [earlier, module], 'has two resolvers; give one'));
  }

  function report(coordinate: string, module: string, fault: string): void {
    faults.push(faultAt(coordinate, [module], fault));
  }

  function join(typeName: string, map: object, module: string): void {
    if (isForeign(map)) return report(typeName, module, foreignGraphqlFault('its resolver', map));
    const type = schema?.getType(typeName);
    if (isScalarType(type)) {
      claim(typeName, module);
      const { resolver, faults: memberFaults } = scalarResolver(map);
      for (const [member, fault] of memberFaults) report(`${typeName}.${member}`, module, fault);
      joined[typeName] = resolver;
      return;
    }
    if (isNamedType(map)) return report(typeName, module, wrongTypeFault(typeName, schema));
    for (const member of membersOf(map)) {
      if (isEnumType(type) && isReverse(member, map)) continue;
      const coordinate = `${typeName}.${member.name}`;
      claim(coordinate, module);
      const fault = schema && joinFault(typeName, member, schema, map);
      if (fault) report(coordinate, module, fault);
      const target: Record<string, unknown> = (joined[typeName] ??= Object.create(null));
      target[member.name] = isEnumType(type) ? member.value : callable(member.value, map);
    }
  }

  for (const { name: module, resolvers = {} } of modules) {
    for (const item of Array.isArray(resolvers) ? resolvers.flat(Number.POSITIVE_INFINITY) : [resolvers]) {
      const map = exportedMap(item);
      const mapFault = shapeFault(map);
      if (mapFault) faults.push(`module "${module}": resolvers ${mapFault}`);
      for (const { name, value, fault } of mapFault || !isObject(map) ? [] : membersOf(map)) {
        try {
          const typeFault = fault ?? shapeFault(value);
          if (typeFault) report(name, module, typeFault);
          else if (isObject(value)) join(name, value, module);
        } catch (error) {
          // This happens, for example, for a type from another copy of graphql.
          report(name, module, `cannot be read; ${messageOf(error).split('\n', 1)[0]}`);
        }
      }
    }
  }
  for (const [coordinate, fault] of schema ? subscriptionFaults(schema, new Set(moduleByCoordinate.keys())) : []) {
    const field = schema?.getSubscriptionType()?.getFields()[coordinate.split('.')[1] ?? ''];
    report(coordinate, moduleOf(field?.astNode), fault);
  }
  return joined;
}

function joinFault(typeName: string, member: Member, schema: GraphQLSchema, map: object): string | undefined {
  const type = schema.getType(typeName);
  const isOfType = schema.getType(member.name) !== undefined && isObject(member.value);
  const inside = '; it is of a type itself: take it out of the object that it is in';
  if (!type) return `${absentFault}${isOfType ? inside : nearestHint(typeName, typeNamesOf(schema))}`;
  const fault = memberFault(type, member, schema);
  return fault?.startsWith(absentFault) ? `${fault}${isOfType ? inside : helperHint(type, map)}` : fault;
}

/** Returns the names of all types except the introspection types. */
function typeNamesOf(schema: GraphQLSchema | undefined): readonly string[] {
  return Object.keys(schema?.getTypeMap() ?? {}).filter((name) => !name.startsWith('__'));
}

function wrongTypeFault(typeName: string, schema: GraphQLSchema | undefined): string {
  if (!schema?.getType(typeName)) return `${absentFault}${nearestHint(typeName, typeNamesOf(schema))}`;
  return 'is given a type of graphql-js, which only a scalar can be; expected an object of resolvers';
}

/**
 * Binds a resolver to the map that holds it. If the resolver is an object such as `{ resolve, subscribe }`, it binds
 * the functions to this object.
 */
function callable(resolver: unknown, map: object): unknown {
  if (!isObject(resolver)) return bound(resolver, map);
  return Object.fromEntries(membersOf(resolver).map(({ name, value }) => [name, bound(value, resolver)]));
}

function bound(resolver: unknown, map: object): unknown {
  return keepMark(boundTo(resolver, map), resolver);
}
