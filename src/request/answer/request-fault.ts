import type { GraphQLFormattedError } from 'graphql';
import type { AnswerHead } from './head.ts';

/** The codes for faults of the document or its variables. Apollo Server answers 400 for each of them. */
const requestFaults: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/**
 * Sets the status 200 instead of 400 if nothing was executed because of a fault of the document or its variables. Call
 * it only for an answer in `application/json`. An old client of this media type assumes that another status comes from
 * a proxy. The function does not change the status of other errors.
 *
 * @param errors - the errors of an answer without `data`
 */
export function setRequestFault(errors: readonly GraphQLFormattedError[] | undefined, head: AnswerHead): void {
  if (head.status !== 400) return;
  if (errors?.every(({ extensions }) => requestFaults.has(extensions?.['code']))) head.status = 200;
}
