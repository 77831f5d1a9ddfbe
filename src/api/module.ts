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

/** A module whose resolvers have a type of their own, for example one that a code generator wrote. */
export interface TypedModule<Resolvers extends object> extends Omit<Module, 'resolvers'> {
  readonly resolvers?: Resolvers | readonly Resolvers[];
}

/**
 * Returns the module unchanged. It only gives the resolvers their types.
 *
 * @typeParam Resolvers - the type of the resolvers. Default: the resolvers of graphql-tools with `ApiContext`, whose
 * sources and arguments have no type
 */
// `any`: only the module knows the types of its sources. The caller gives the type parameter.
// oxlint-disable-next-line typescript/no-explicit-any, typescript/no-unnecessary-type-parameters
export function defineModule<Resolvers extends object = IResolvers<any, ApiContext>>(
  module: TypedModule<NoInfer<Resolvers>>,
): Module {
  // A resolver that asks for its own types of sources and arguments is still a resolver of graphql-tools.
  return module as Module;
}
