import type { IResolvers } from '@graphql-tools/utils';
import type { SchemaModule } from '../auth/modules/module.ts';
import type { ApiContext } from './request/context.ts';

/**
 * A part of the API: SDL and its resolvers. The closures of the resolvers hold what outlives a request. What belongs to one request
 * comes from `perRequest`.
 *
 * A GraphQLError with an `extensions.code` is sent to the caller. Every other error is answered as `INTERNAL_SERVER_ERROR`, without
 * its message.
 */
export interface Module extends SchemaModule {
  // `any`: only the module knows the types of its sources.
  readonly resolvers?: IResolvers<any, ApiContext> | readonly IResolvers<any, ApiContext>[]; // oxlint-disable-line typescript/no-explicit-any
  /**
   * How `node(id:)` finds objects of this module's types, by the name of the type. It must be an object type that implements `Node`, and
   * its `id` must be `toGlobalId(type, id)`. The rules of the type hold for the objects. Default: none.
   */
  readonly nodes?: Readonly<Record<string, FindNode>>;
}

/**
 * Finds the object that a global ID names.
 *
 * @param id - the identifier that `toGlobalId` got. A caller may have made it up
 * @returns the object, `null` if there is none, or a promise of either
 */
export type FindNode = (id: string, context: ApiContext) => unknown;

/** Returns the module unchanged. It gives the resolvers of a module the types of their context, and checks nothing else. */
export function defineModule(module: Module): Module {
  return module;
}
