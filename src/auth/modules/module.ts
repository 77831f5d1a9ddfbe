import type { IResolvers } from '@graphql-tools/utils';
import type { DocumentNode } from 'graphql';

/** A part of the schema with its resolvers, by one author. Modules add to each other; none can loosen another's rules. */
export interface SchemaModule {
  /** What faults call it: unique among the modules. */
  readonly name: string;
  /** SDL. It uses `@auth`, `@public` and `@sensitive` without defining them. */
  readonly typeDefs: string | DocumentNode | readonly (string | DocumentNode)[];
  /**
   * A resolver map of graphql-tools, or an array of maps. A map, and what it holds for a type, may be an instance of a class:
   * its methods and getters count, and each function is called on the object that it was given in. What would never run
   * keeps the server from starting. The types of sources and contexts are its author's, and are not checked.
   */
  readonly resolvers?: IResolvers | readonly IResolvers[];
}
