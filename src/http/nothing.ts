import type { FastifyRequest } from 'fastify';

/**
 * What to say of an address where there is nothing: which path was probably meant, where that can be known. Nothing of the address
 * is repeated.
 *
 * @param paths the paths that are answered, of which those with a parameter are passed over
 */
export function nothingAt({ url, method }: Pick<FastifyRequest, 'url' | 'method'>, paths: readonly string[]): string {
  const meant = meantPath(url, method, paths);
  return `There is nothing at this address${meant === undefined ? '' : `: ${meant}`}`;
}

function meantPath(url: string, method: string, paths: readonly string[]): string | undefined {
  const [given = ''] = url.split('?', 1);
  const path = given
    .toLowerCase()
    .replaceAll(/\/{2,}/g, '/')
    .replace(/\/+$/, '');
  if (healthChecks.test(path)) return 'health checks are GET /health/live and GET /health/ready';
  if (explorers.test(path) || (path === '' && method === 'POST')) return api;
  // With a slash at its end, in other letters, or below a prefix that a gateway did not take away.
  const meant = paths.filter((known) => !/[:*]/.test(known)).find((known) => path.endsWith(known.toLowerCase()));
  if (meant === undefined) return undefined;
  return meant === '/graphql' ? api : `expected ${meant}`;
}

const api = 'the GraphQL API is at /graphql, without a slash at its end';
/** Where other servers have their health checks. */
const healthChecks = /^(\/health|\/healthz|\/livez|\/readyz|\/ping|\/status|\/\.well-known\/apollo\/server-health)$/;
/** Where other servers have their API or its explorer. */
const explorers = /\/(graphiql|playground|gql|query|subscriptions)$/;
