import type { IResolvers } from '@graphql-tools/utils';
import type { DocumentNode } from 'graphql';
import type { Principal } from '../../principal.ts';

/**
 * A part of the schema with its resolvers. All modules together make one schema. No module can remove or weaken a rule
 * of another module.
 */
export interface SchemaModule {
  /** The name of the module in fault messages. It must be unique among the modules. */
  readonly name: string;
  /** The SDL of the module. It must not define Claimgate's directives or the types of their arguments. */
  readonly typeDefs: string | DocumentNode | readonly (string | DocumentNode)[];
  /**
   * A resolver map of graphql-tools, or an array of maps. A map, or its entry for a type, may be an instance of a
   * class. Methods and getters of the instance are members of the map. Each function is called as a method of the
   * object that holds it.
   *
   * A resolver that would never run is a fault at start. The types of source values and context values are not checked.
   */
  readonly resolvers?: IResolvers | readonly IResolvers[];
}

/** The context of a request that `createContext` made. */
interface CallerContext {
  readonly principal: Principal;
}

/** A module whose resolvers have a type of their own, for example one that a code generator wrote. */
export interface TypedModule<Resolvers extends object> extends Omit<SchemaModule, 'resolvers'> {
  readonly resolvers?: Resolvers | readonly Resolvers[];
}

/**
 * Returns the module unchanged. It only gives the resolvers their types.
 *
 * @typeParam Resolvers - the type of the resolvers. Default: the resolvers of graphql-tools, whose context has the
 * principal, and whose sources and arguments have no type
 */
// `any`: only the module knows the types of its sources. The caller gives the type parameter.
// oxlint-disable-next-line typescript/no-explicit-any, typescript/no-unnecessary-type-parameters
export function defineModule<Resolvers extends object = IResolvers<any, CallerContext>>(
  module: TypedModule<NoInfer<Resolvers>>,
): SchemaModule {
  // A resolver that asks for its own types of sources and arguments is still a resolver of graphql-tools.
  return module as SchemaModule;
}
