import type { ApolloServerPlugin } from '@apollo/server';

/** Faults of the document or its variables. Apollo Server answers each with 400. */
const requestFaults: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/**
 * Answers a fault of the document or its variables with 200 under `application/json`, where an old client takes any other
 * status for a fault of something on the way, and leaves 400 under `application/graphql-response+json` (GraphQL over HTTP,
 * "Status Codes"). Statuses that mean something else, as 401, 403, 405, 413, 415 and 503, stay.
 */
export function statusPlugin(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ request, response: { body, http } }) => {
        if (http.status !== 400 || body.kind !== 'single' || 'data' in body.singleResult) return;
        const faulty = body.singleResult.errors?.every(({ extensions }) => requestFaults.has(extensions?.['code']));
        if (faulty && !prefersGraphQLResponse(request.http?.headers.get('accept') ?? '')) http.status = 200;
      },
    }),
  };
}

/** Whether Apollo Server, which offers `application/json` first, will answer with the newer media type (RFC 9110 §12.5.1). */
function prefersGraphQLResponse(accept: string): boolean {
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { type, weight: weight === undefined ? 1 : Number(weight) };
  });
  const newer = ranges.find(({ type }) => type === 'application/graphql-response+json');
  const older = ['application/json', 'application/*', '*/*'].flatMap(
    (type) => ranges.find((range) => range.type === type) ?? [],
  );
  if (!newer || !(newer.weight > 0)) return false;
  const [json] = older;
  if (!json || newer.weight !== json.weight) return newer.weight > (json?.weight ?? 0);
  // Of equals the more exact range goes first, then the one that was named first.
  return json.type !== 'application/json' || ranges.indexOf(newer) < ranges.indexOf(json);
}
