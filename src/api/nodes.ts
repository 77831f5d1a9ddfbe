import { type GraphQLSchema, isObjectType } from 'graphql';
import { faultAt } from '../auth/modules/fault.ts';
import { boundTo, isObject, membersOf, shapeFault } from '../auth/resolvers/members.ts';
import { nearest } from '../protocol/nearest.ts';
import type { FindNode, Module } from './module.ts';

/** A function that finds the objects of one type, and the module of the function. */
interface Finder {
  readonly type: string;
  readonly module: string;
  readonly find: FindNode;
}

/** The finders of all modules. */
export interface NodeFinders {
  readonly byType: ReadonlyMap<string, Finder>;
  /** Whether a module has `nodes`. */
  readonly present: boolean;
  /** Returns the faults of the finders in a schema. Each fault is one line. */
  readonly faults: (schema: GraphQLSchema) => readonly string[];
}

/**
 * Collects the `nodes` of all modules. Each `nodes` is an object or an instance of a class, like a resolver map.
 *
 * @param own - the types whose objects Claimgate itself finds
 */
export function collectNodes(modules: readonly Module[], own: ReadonlySet<string>): NodeFinders {
  const faults: string[] = [];
  const byType = new Map<string, Finder>();
  for (const { name: module, nodes } of modules) {
    if (nodes === undefined) continue;
    const wrong = shapeFault(nodes);
    if (wrong) faults.push(faultAt('nodes', [module], wrong.replace('resolvers', 'functions by the names of types')));
    for (const { name: type, value, fault } of wrong ? [] : membersOf(nodes)) {
      const other = byType.get(type);
      const find = boundTo(value, nodes);
      if (!isFunction(find)) {
        faults.push(
          faultAt(
            `nodes.${type}`,
            [module],
            fault ?? 'is not a function; expected (id, context) => the object, or null',
          ),
        );
      } else if (own.has(type)) {
        faults.push(faultAt(`nodes.${type}`, [module], 'is found by Claimgate itself; take this function out'));
      } else if (other) {
        faults.push(faultAt(`nodes.${type}`, [other.module, module], 'is given twice; give one function'));
      } else {
        byType.set(type, { type, module, find });
      }
    }
  }
  return {
    byType,
    present: modules.some(({ nodes }) => isObject(nodes)),
    faults: (schema) => [...faults, ...byType.values().flatMap((finder) => typeFaults(schema, finder))],
  };
}

function* typeFaults(schema: GraphQLSchema, { type: name, module }: Finder): Iterable<string> {
  const type = schema.getType(name);
  const complain = (message: string): string => faultAt(`nodes.${name}`, [module], message);
  if (!type) {
    const types = Object.values(schema.getTypeMap()).filter((one) => isObjectType(one) && !one.name.startsWith('__'));
    const meant = nearest(
      name,
      types.map((one) => one.name),
    );
    yield complain(`names no type of the schema${meant === undefined ? '' : `; did you mean ${meant}?`}`);
  } else if (!isObjectType(type)) {
    yield complain('is not an object type; name each object type whose objects have a global ID');
  } else if (!type.getInterfaces().some((parent) => parent.name === 'Node')) {
    yield complain(`does not implement Node; write \`type ${name} implements Node\`, with \`id: ID!\``);
  }
}

function isFunction(value: unknown): value is FindNode {
  return typeof value === 'function';
}
