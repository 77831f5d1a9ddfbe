import type { IResolvers } from '@graphql-tools/utils';
import type { SchemaModule } from '../auth/modules/module.ts';
import type { ApiContext } from './request/context.ts';

/**
 * A part of the API: SDL and its resolvers. Resolvers get long-lived values, such as a database, from their closures.
 * They get the values of one request from `perRequest`.
 *
 * A GraphQLError with an `extensions.code` is sent to the caller. Every other error is answered as
 * `INTERNAL_SERVER_ERROR`, without its message.
 */
export interface Module extends SchemaModule {
  // `any`: only the module knows the types of its sources.
  readonly resolvers?: IResolvers<any, ApiContext> | readonly IResolvers<any, ApiContext>[]; // oxlint-disable-line typescript/no-explicit-any
  /**
   * The functions with which `node(id:)` finds the objects of this module, by type name. Each type must be an object
   * type that implements `Node`. Its `id` must be `toGlobalId(type, id)`. The rules of the type apply to the objects.
   * Default: none.
   */
  readonly nodes?: Readonly<Record<string, FindNode>>;
}

/**
 * Finds the object that a global ID names.
 *
 * @param id - the identifier in the global ID. The caller chooses it, so it may be unknown
 * @returns the object, `null` if there is none, or a promise of either
 */
export type FindNode = (id: string, context: ApiContext) => unknown;

/** Returns the module unchanged. It only gives the resolvers the type of their context. */
export function defineModule(module: Module): Module {
  return module;
}
