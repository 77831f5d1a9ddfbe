import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { isTokenMutation } from '../../api/operation/operation.ts';
import type { GraphqlOptions } from './options.ts';
import { parametersOf } from './operation-parameters.ts';

/**
 * Makes the function that finds out who is calling by a single request.
 *
 * Where an operation is one token mutation and nothing else, a token that has expired counts as none: clients send their old token
 * along when they ask for a new one, and could never get one otherwise. A token that is refused for anything but its expiry is
 * refused here too. A revocation counts as long as it is remembered, which is longer than the token would have lived.
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
