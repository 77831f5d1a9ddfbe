import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { isTokenMutation } from '../../api/operation/operation.ts';
import type { GraphqlOptions } from './options.ts';
import { parametersOf } from './operation-parameters.ts';

/**
 * Makes the function that makes the context of a single request.
 *
 * If an operation is one token mutation and nothing else, an expired token counts as none: clients send their old token when they ask for
 * a new one, and could otherwise never get one. A token that is refused for any other reason than its expiry is refused here too. A
 * revocation counts as long as it is remembered, which is longer than the token's lifetime.
 */
export function contextOf({
  context,
  schema,
  parseOptions,
}: Pick<GraphqlOptions, 'context' | 'schema' | 'parseOptions'>): (request: FastifyRequest) => Promise<object> {
  return async (request) => {
    const { raw, method, ip } = request;
    try {
      return await context({ rawHeaders: raw.rawHeaders, method, address: ip });
    } catch (error) {
      const hasExpired = error instanceof GraphQLError && error.extensions['reason'] === 'expired';
      const parameters = hasExpired && method === 'POST' ? parametersOf(request) : '';
      if (typeof parameters === 'string' || !isTokenMutation(schema, parameters, parseOptions)) throw error;
      return context({ rawHeaders: [], method, address: ip });
    }
  };
}
