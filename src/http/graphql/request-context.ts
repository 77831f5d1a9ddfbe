import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { isTokenMutation } from '../../api/operation/operation.ts';
import type { GraphqlOptions } from './options.ts';
import { handedOver } from '../lane/lane-request.ts';
import { parametersOf } from './operation-parameters.ts';

/**
 * Returns a function that makes the context of one request. If the lane has made the context, the function returns it,
 * or throws the error of making it. Therefore a credential is verified one time.
 *
 * If an operation is exactly one token mutation, an expired token is ignored. Some clients send their old token when
 * they request a new one. Without this exception, these clients would be refused. Every other fault of the token still
 * refuses the request. For example, a revoked token is refused even after its expiry, as long as the server remembers
 * the revocation. The server remembers a revocation longer than the token's lifetime.
 *
 * The function throws the refusal of a document that is not trusted, after it has verified the credential.
 */
export function contextOf({
  context,
  schema,
  parseOptions,
  trusted,
}: Pick<GraphqlOptions, 'context' | 'schema' | 'parseOptions' | 'trusted'>): (
  request: FastifyRequest,
) => Promise<object> {
  async function made(request: FastifyRequest): Promise<object> {
    const { raw, method, ip } = request;
    const before = handedOver(raw)?.context;
    try {
      if (before) {
        if ('error' in before) throw before.error;
        return before.value;
      }
      return await context({ rawHeaders: raw.rawHeaders, method, address: ip });
    } catch (error) {
      const hasExpired = error instanceof GraphQLError && error.extensions['reason'] === 'expired';
      const parameters = hasExpired && method === 'POST' ? parametersOf(request) : '';
      if (typeof parameters === 'string' || !isTokenMutation(schema, parameters, parseOptions)) throw error;
      return context({ rawHeaders: [], method, address: ip });
    }
  }

  return async (request) => {
    const value = await made(request);
    const parameters = trusted === undefined ? '' : parametersOf(request);
    const refusal = typeof parameters === 'string' ? null : trusted?.refusalOf(parameters.query, value);
    if (refusal) throw refusal;
    return value;
  };
}
