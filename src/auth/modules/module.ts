import type { IResolvers } from '@graphql-tools/utils';
import type { DocumentNode } from 'graphql';

/**
 * A part of the schema with its resolvers, written by one author. Modules extend one common schema. No module can
 * loosen the rules of another module.
 */
export interface SchemaModule {
  /** The name of the module in fault messages. It must be unique among the modules. */
  readonly name: string;
  /** SDL. It uses `@auth`, `@public` and `@sensitive` without defining them. */
  readonly typeDefs: string | DocumentNode | readonly (string | DocumentNode)[];
  /**
   * A resolver map of graphql-tools, or an array of maps. A map, and its entry for a type, may be an instance of a
   * class. Its methods and getters are then members of the map. Each function is called as a method of the object that
   * holds it.
   *
   * A resolver that would never run is a fault at start. The types of source values and context values are not checked.
   */
  readonly resolvers?: IResolvers | readonly IResolvers[];
}
