import type { KnownAnswer } from '../../api/operation/operation.ts';
import type { CrossOrigin } from '../headers/cross-origin.ts';
import { defaultCacheControl, fixedHeaders, graphqlVary, policyOfData } from '../headers/security-headers.ts';

const fixed: readonly string[] = fixedHeaders.flat();
const afterCacheControl = ['content-security-policy', policyOfData, 'content-length'] as const;

/**
 * Returns the headers of an answer, in the order in which Fastify would send them: name, value, name, value…
 *
 * @param headers - the headers of Apollo Server
 * @param id - the ID of the request
 * @param cors - the CORS headers
 * @param length - of the body, in bytes
 */
export function headOf(
  headers: KnownAnswer['headers'],
  id: string,
  cors: ReturnType<CrossOrigin['headersFor']>,
  length: number,
): string[] {
  const head = ['vary', graphqlVary];
  for (const [name, value] of cors) head.push(name, value);
  let cacheControl = 0;
  for (const [name, value] of headers) {
    head.push(name, value);
    if (name === 'cache-control') cacheControl += 1;
  }
  head.push('x-request-id', id, ...fixed);
  if (cacheControl === 0) head.push('cache-control', defaultCacheControl);
  head.push(...afterCacheControl, String(length));
  return head;
}

/** The answer to a fault that this code does not expect. Apollo Server answers with the same body. */
export const failure: Pick<KnownAnswer, 'headers' | 'body'> = {
  headers: [
    ['cache-control', 'no-store'],
    ['content-type', 'application/json; charset=utf-8'],
  ],
  body: `${JSON.stringify({ errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] })}\n`,
};
