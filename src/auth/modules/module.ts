import type { IResolvers } from '@graphql-tools/utils';
import type { DocumentNode } from 'graphql';

/**
 * A part of the schema with its resolvers, written by one author. Modules add to each other. No module can loosen the
 * rules of another one.
 */
export interface SchemaModule {
  /** Its name in faults. It must be unique among the modules. */
  readonly name: string;
  /** SDL. It uses `@auth`, `@public` and `@sensitive` without defining them. */
  readonly typeDefs: string | DocumentNode | readonly (string | DocumentNode)[];
  /**
   * A resolver map of graphql-tools, or an array of maps. A map, and its entry for a type, may be an instance of a
   * class. Then methods and getters count as members. Each function is called on the object that holds it.
   *
   * A resolver that would never run is a fault at start. The types of sources and contexts are not checked.
   */
  readonly resolvers?: IResolvers | readonly IResolvers[];
}
