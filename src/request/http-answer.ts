import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isRecord } from '../protocol/record.ts';

/** The HTTP answer to a refused request. */
export interface HttpAnswer {
  readonly status: number;
  /** The headers by name. Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body. Send it as JSON. It has no `data`, because nothing was executed. */
  readonly body: { readonly errors: readonly GraphQLFormattedError[] };
}

/**
 * Returns the HTTP answer of an error that `createContext` or `createOperationCheck` threw. Use it with a server that
 * ignores `extensions.http`.
 *
 * @param error - any thrown value
 * @returns `null` if the value is not an error of these functions. Handle the value as an unexpected error, and do not
 * send its message
 */
export function httpAnswer(error: unknown): HttpAnswer | null {
  if (!(error instanceof GraphQLError) || !isRecord(error.extensions['http'])) return null;
  const { http, ...extensions } = error.extensions;
  if (!isRecord(http) || typeof http['status'] !== 'number' || !(http['headers'] instanceof Map)) return null;
  const headers: Record<string, string> = Object.fromEntries(http['headers']);
  return { status: http['status'], headers, body: { errors: [{ message: error.message, extensions }] } };
}
