import type { IResolvers } from '@graphql-tools/utils';
import type { SchemaModule } from '../auth/modules/module.ts';
import type { ApiContext } from './request/context.ts';

/**
 * A part of the API: SDL, its resolvers, and in their closures whatever outlives a request. What a request has of its own
 * comes from `perRequest`.
 *
 * An error that callers shall read is a GraphQLError with an `extensions.code`; every other one is answered as
 * `INTERNAL_SERVER_ERROR` without its message.
 */
export interface Module extends SchemaModule {
  // `any`: sources are the module's own affair.
  readonly resolvers?: IResolvers<any, ApiContext> | readonly IResolvers<any, ApiContext>[]; // oxlint-disable-line typescript/no-explicit-any
  /**
   * How `node(id:)` finds objects of this module's types, by the name of the type: an object type that implements `Node` and whose `id`
   * is `toGlobalId(type, id)`. The rules of the type hold for what is found. Default: none.
   */
  readonly nodes?: Readonly<Record<string, FindNode>>;
}

/**
 * Finds the object that a global ID names.
 *
 * @param id - what was given to `toGlobalId`; a caller may have made it up
 * @returns the object, `null` where there is none, or a promise of these
 */
export type FindNode = (id: string, context: ApiContext) => unknown;

/** Names a module's type where it is written, so that its resolvers know their context. Checks nothing else. */
export function defineModule(module: Module): Module {
  return module;
}
