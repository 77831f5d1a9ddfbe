import type { IResolvers } from '@graphql-tools/utils';
import type { DocumentNode } from 'graphql';

/**
 * A part of the schema with its resolvers. All modules together make one schema. No module can remove or weaken a rule
 * of another module.
 */
export interface SchemaModule {
  /** The name of the module in fault messages. It must be unique among the modules. */
  readonly name: string;
  /** The SDL of the module. It must not define `@auth`, `@public` and `@sensitive`. */
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
