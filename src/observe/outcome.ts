import { errorKinds } from '../errors.ts';
import type { OperationOutcome } from './metrics.ts';

/** The members of a GraphQL result that decide its outcome. */
interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> | undefined }[] | undefined;
}

/** The error codes of Apollo Server for a faulty request. `errors.ts` does not have them. */
const ofTheRequest: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** Returns the outcome of an operation. If its result has several errors, the most severe error decides. */
export function operationOutcome({ data, errors = [] }: Answer): OperationOutcome {
  if (errors.length === 0) return 'ok';
  const outcomes = new Set(errors.map(({ extensions }) => errorOutcome(extensions?.['code'])));
  if (outcomes.has('failed')) return 'failed';
  if (outcomes.has('unavailable')) return 'unavailable';
  if (data !== undefined && data !== null) return 'partial';
  if (outcomes.has('refused')) return 'refused';
  return outcomes.has('invalid') ? 'invalid' : 'partial';
}

/** Returns the outcome of one error. A code that a module of the team defines has the outcome `partial`. */
function errorOutcome(code: unknown): OperationOutcome {
  if (ofTheRequest.has(code)) return 'invalid';
  const kind = Object.entries(errorKinds).find(([name]) => name === code)?.[1];
  if (!kind) return 'partial';
  if (kind.status === 500) return 'failed';
  if (kind.status > 500) return 'unavailable';
  return kind.status === 401 || kind.status === 403 ? 'refused' : 'invalid';
}
