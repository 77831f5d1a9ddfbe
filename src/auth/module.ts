import type { IResolvers } from '@graphql-tools/utils';
import type { DocumentNode } from 'graphql';

/** A part of the schema with its resolvers, by one author. Modules add to each other; none can loosen another's rules. */
export interface SchemaModule {
  /** What faults call it: unique among the modules. */
  readonly name: string;
  /** SDL. It uses `@auth`, `@public` and `@sensitive` without defining them. */
  readonly typeDefs: string | DocumentNode | readonly (string | DocumentNode)[];
  /** A resolver map of graphql-tools. Types of sources and contexts are its author's, and not looked at. */
  readonly resolvers?: IResolvers;
}
