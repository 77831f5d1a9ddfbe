import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import type { ErrorCode } from '../../../errors.ts';
import type { AnswerHead } from '../../../request/answer/head.ts';

/** Decides which parts of an error a caller reads. */
export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

const internal = 'INTERNAL_SERVER_ERROR' satisfies ErrorCode;

/**
 * Formats the errors of an answer as Apollo Server does. The result has the order of `errors`. An error can set the
 * status and headers of the answer with `extensions.http`.
 */
export function formatErrors(
  errors: readonly unknown[],
  formatError: FormatError,
  head: AnswerHead,
): GraphQLFormattedError[] {
  return errors.map((error) => {
    try {
      return formatError(enriched(error, head), error);
    } catch {
      return { message: 'Internal server error', extensions: { code: internal } };
    }
  });
}

/** Returns the error with the code that Apollo Server sets, and applies `extensions.http` to the answer. */
function enriched(error: unknown, head: AnswerHead): GraphQLFormattedError {
  const graphqlError = toGraphqlError(error);
  const { extensions } = graphqlError;
  const all: Record<string, unknown> = { ...extensions, code: extensions['code'] ?? internal };
  const { http, ...others } = all;
  if (!isHead(http)) return { ...graphqlError.toJSON(), extensions: all };
  if (http.status) head.status = http.status;
  for (const [name, value] of http.headers ?? []) head.headers.set(name.toLowerCase(), value);
  return { ...graphqlError.toJSON(), extensions: others };
}

function isHead(value: unknown): value is { status?: number; headers?: ReadonlyMap<string, string> } {
  if (typeof value !== 'object' || value === null) return false;
  if ('status' in value && typeof value.status !== 'number') return false;
  return !('headers' in value) || value.headers instanceof Map;
}

/** Makes a GraphQLError from a thrown value, as Apollo Server does. It does not throw. */
export function toGraphqlError(error: unknown): GraphQLError {
  try {
    if (error instanceof GraphQLError) return error;
    if (error instanceof Error) return new GraphQLError(error.message, { originalError: error });
  } catch {
    // The members of the value cannot be read, or it is a proxy that was revoked.
  }
  // The message is not sent, and an object may have no text.
  return new GraphQLError('A value that is not an error was thrown', {
    originalError: new Error('thrown', { cause: error }),
  });
}

/**
 * Gives an error of a result the code of a faulty variable, if its message is a message of graphql-js about a variable.
 * The executor runs no operation with faulty variables. Therefore a resolver has made this error itself.
 */
export function withVariableCode(error: GraphQLError): GraphQLError {
  const { message, nodes } = error;
  const node = nodes?.length === 1 ? nodes[0] : undefined;
  if (node?.kind !== Kind.VARIABLE_DEFINITION || !isOfVariable(message, node.variable.name.value)) return error;
  if (error.extensions['code'] !== undefined && error.extensions['code'] !== null) return error;
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    originalError: error.originalError ?? error,
    extensions: { ...error.extensions, code: 'BAD_USER_INPUT' satisfies ErrorCode },
  });
}

function isOfVariable(message: string, name: string): boolean {
  const head = `Variable "$${name}" `;
  const faults = ['has invalid value', 'got invalid value ', 'of required type ', 'of non-null type '];
  return faults.some((fault) => message.startsWith(head + fault));
}
