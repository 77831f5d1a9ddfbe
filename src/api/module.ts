import type { IResolvers } from '@graphql-tools/utils';
import type { SchemaModule } from '../auth/module.ts';
import type { ApiContext } from './context.ts';

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
}

/** Names a module's type where it is written, so that its resolvers know their context. Checks nothing else. */
export function defineModule(module: Module): Module {
  return module;
}
