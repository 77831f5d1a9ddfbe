import { type GraphQLSchema, isObjectType } from 'graphql';
import { isObject, membersOf } from './members.ts';

const marked = new WeakSet<object>();

/**
 * Marks the resolvers of a resolver map as resolvers that do not use `info`. A query that the server has executed before
 * then calls them without a fourth argument, because `info` is expensive to make. In all other executions they receive
 * `info`. A function that wraps a marked resolver is not marked.
 *
 * @param resolvers - functions, or objects with a function `resolve`, by type and field
 * @returns the same object
 */
export function withoutInfo<Resolvers extends object>(resolvers: Resolvers): Resolvers {
  for (const { value: fields } of membersOf(resolvers)) {
    if (!isObject(fields)) continue;
    for (const { value: field } of membersOf(fields)) {
      const resolve: unknown = isObject(field) ? Reflect.get(field, 'resolve') : field;
      if (typeof resolve === 'function') marked.add(resolve);
    }
  }
  return resolvers;
}

/** Whether a resolver can be called without `info`. */
export function hasNoInfo(resolve: object): boolean {
  return marked.has(resolve);
}

/** Marks a function that calls the given resolver with the same arguments, if the resolver is marked. */
export function keepMark<Resolver>(made: Resolver, resolver: unknown): Resolver {
  if (typeof resolver === 'function' && typeof made === 'function' && marked.has(resolver)) marked.add(made);
  return made;
}

/** Marks the resolvers of a schema that graphql-tools has made from marked resolvers, because it binds functions. */
export function keepMarks(schema: GraphQLSchema, joined: Readonly<Record<string, unknown>>): void {
  for (const [typeName, fields] of Object.entries(joined)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type) || !isObject(fields)) continue;
    for (const field of Object.values(type.getFields())) keepMark(field.resolve, Reflect.get(fields, field.name));
  }
}
