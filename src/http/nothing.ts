import type { FastifyRequest } from 'fastify';

/**
 * Makes the message for an address without a route. If a similar path is known, the message names it. The message
 * repeats nothing of the address.
 *
 * @param paths - the paths that the message may name. Paths with a parameter or a wildcard are ignored
 */
export function nothingAt({ url, method }: Pick<FastifyRequest, 'url' | 'method'>, paths: readonly string[]): string {
  const meant = meantPath(url, method, paths);
  return `There is nothing at this address${meant === undefined ? '' : `: ${meant}`}`;
}

function meantPath(url: string, method: string, paths: readonly string[]): string | undefined {
  const [sentPath = ''] = url.split('?', 1);
  const path = sentPath
    .toLowerCase()
    .replaceAll(/\/{2,}/g, '/')
    .replace(/\/+$/, '');
  if (healthChecks.test(path)) return 'health checks are GET /health/live and GET /health/ready';
  if (explorers.test(path) || (path === '' && method === 'POST')) return api;
  // The path may end with a slash, have capital letters, or begin with a prefix that a gateway did not remove.
  const meant = paths.filter((known) => !/[:*]/.test(known)).find((known) => path.endsWith(known.toLowerCase()));
  if (meant === undefined) return undefined;
  return meant === '/graphql' ? api : `expected ${meant}`;
}

const api = 'the GraphQL API is at /graphql, without a slash at its end';
/** The paths at which other servers have their health checks. */
const healthChecks = /^(\/health|\/healthz|\/livez|\/readyz|\/ping|\/status|\/\.well-known\/apollo\/server-health)$/;
/** The paths at which other servers have their API or its explorer. */
const explorers = /\/(graphiql|playground|gql|query|subscriptions)$/;
