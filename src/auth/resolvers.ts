import type { IResolvers } from '@graphql-tools/utils';
import { type GraphQLSchema, isEnumType, isInterfaceType, isObjectType, isScalarType } from 'graphql';
import { faultAt } from './fault.ts';
import type { SchemaModule } from './module.ts';

/**
 * The resolver maps of all modules as one. A resolver that two modules give, and one for nothing in the schema, are faults:
 * otherwise the last module would silently win, or a resolver with a slip in its name never run.
 */
export function joinResolvers(
  modules: readonly SchemaModule[],
  schema: GraphQLSchema | undefined,
  faults: string[],
): IResolvers {
  const joined = new Map<string, Map<string, unknown>>();
  const whole = new Map<string, unknown>();
  const givers = new Map<string, string>();

  function give(coordinate: string, module: string): void {
    const giver = givers.get(coordinate);
    givers.set(coordinate, module);
    if (giver !== undefined) faults.push(faultAt(coordinate, [giver, module], 'has two resolvers; give one'));
    if (schema && !exists(schema, coordinate)) {
      faults.push(faultAt(coordinate, [module], 'has a resolver, and is not in the schema'));
    }
  }

  for (const { name: module, resolvers = {} } of modules) {
    for (const [type, members] of Object.entries(resolvers)) {
      // A scalar's resolver is one thing and no map of members. So is whatever is no object: graphql-tools refuses it.
      if (isScalarType(members) || isScalarType(schema?.getType(type)) || typeof members !== 'object') {
        give(type, module);
        whole.set(type, members);
        continue;
      }
      const target = joined.get(type) ?? new Map<string, unknown>();
      joined.set(type, target);
      for (const [member, resolver] of Object.entries(members)) {
        give(`${type}.${member}`, module);
        const fault = schema && resolverFault(schema, type, member, resolver);
        if (fault) faults.push(faultAt(`${type}.${member}`, [module], fault));
        target.set(member, resolver);
      }
    }
  }
  const maps = [...joined].map(([type, members]) => [type, Object.fromEntries(members)] as const);
  // Built of what the modules gave, whose type is this one.
  return Object.fromEntries([...maps, ...whole]) as IResolvers;
}

/** graphql-tools copies whatever a resolver map holds into the schema: a map that held types could replace what is guarded. */
function resolverFault(schema: GraphQLSchema, typeName: string, member: string, resolver: unknown): string | null {
  const type = schema.getType(typeName);
  if (isEnumType(type)) return null;
  if (member.startsWith('__')) {
    const known = ['__resolveType', '__isTypeOf'].includes(member) && typeof resolver === 'function';
    return known ? null : 'is no resolver; expected __resolveType or __isTypeOf, a function';
  }
  if (typeof resolver === 'function') return null;
  const parts = typeof resolver === 'object' && resolver !== null ? Object.entries(resolver) : [['', null]];
  const plain = parts.every(
    ([name, part]) => ['resolve', 'subscribe'].includes(String(name)) && typeof part === 'function',
  );
  return plain ? null : 'is no resolver; expected a function, or { resolve, subscribe } of functions';
}

function exists(schema: GraphQLSchema, coordinate: string): boolean {
  const [name = '', member] = coordinate.split('.');
  const type = schema.getType(name);
  if (!type || member === undefined) return type !== undefined;
  if (member.startsWith('__')) return true; // `__resolveType`, `__isTypeOf`: of the type itself
  if (isObjectType(type) || isInterfaceType(type)) return Object.hasOwn(type.getFields(), member);
  if (isEnumType(type)) return type.getValue(member) !== undefined;
  return false;
}
