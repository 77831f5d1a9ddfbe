import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ClaimgateError, type ErrorCode, errorKinds } from '../../../errors.ts';
import type { Introspection } from '../rules/introspection.ts';
import { briefMessage } from './brief.ts';
import { exceededParser } from '../../limits/parser.ts';
import { redactedMessage, withoutSecretNames } from './redaction.ts';

const internal = 'INTERNAL_SERVER_ERROR' satisfies ErrorCode;

/**
 * Formats an error for the caller, in the same way on every transport.
 *
 * The message of a `ClaimgateError` is sent unchanged. The message of a GraphQLError with a code is sent unchanged too.
 * If the error has no path, names that could be secrets are removed from it (`withoutSecretNames`). If graphql-js finds
 * a fault in a request, its message is sent without the values of the request. Every other error is a fault of the
 * server. The answer then has the code `INTERNAL_SERVER_ERROR` and no other detail.
 *
 * @param formatted - the error as the transport would send it. It may have a code of the transport
 * @param error - the thrown value, or the error that graphql-js or the transport made from it
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const causes = causesOf(error);
  const own = causes.find((cause) => cause instanceof ClaimgateError);
  if (own) {
    const { challengeScope: _, ...evidence } = own.evidence;
    return answer(formatted, own.message, { ...evidence, code: own.code });
  }

  const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
  const [outermost] = causes;
  if (!(outermost instanceof GraphQLError)) return answer(formatted, 'Internal server error', { code: internal });

  const exceeded = exceededParser(causes);
  if (exceeded)
    return answer(formatted, exceeded.message, { ...extensions, ...exceeded.evidence, code: exceeded.code });

  const redacted = redactedMessage(outermost);
  if (redacted !== null) {
    // An error of execution has no code. Without this line, the transport would report a fault of the server.
    const code = extensions['code'] === undefined || extensions['code'] === internal ? badInput : extensions['code'];
    return answer(formatted, withoutSecretNames(redacted), { ...extensions, code });
  }

  // The innermost code comes from the author of the resolver. A transport may wrap the error in an error with its own
  // code.
  const coded = causes.findLast((cause) => cause instanceof GraphQLError && cause.extensions['code'] !== undefined);
  if (coded instanceof GraphQLError) {
    const message = coded.path === undefined ? withoutSecretNames(coded.message) : coded.message;
    return answer(formatted, message, { ...extensions, code: coded.extensions['code'] });
  }
  const isOfValidation = outermost.path === undefined && causes.every((cause) => cause instanceof GraphQLError);
  return isOfValidation
    ? answer(formatted, withoutSecretNames(outermost.message), extensions)
    : answer(formatted, 'Internal server error', { code: internal });
}

/**
 * Formats an error for a caller who is not allowed to read the schema. The result names no type, field, argument or
 * input field that is not in the document.
 *
 * Refusals by Claimgate and messages of Apollo Server about HTTP have no names of the schema. They are sent unchanged,
 * except with the code `BAD_USER_INPUT`. An error that a resolver throws with a code is sent unchanged too. Its message
 * is the team's own text and is not checked. `briefMessage` replaces every other message.
 */
export function formatErrorBriefly(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const answered = formatError(formatted, error);
  const { code, ...extensions } = answered.extensions ?? {};
  const causes = causesOf(error);
  const [outermost] = causes;
  const own = causes.some((cause) => cause instanceof ClaimgateError);
  const ofRequest = outermost instanceof GraphQLError && redactedMessage(outermost) !== null;
  const ofResolver = answered.path !== undefined && !ofRequest && !own;
  const named = typeof code === 'string' && (Object.hasOwn(errorKinds, code) || httpCodes.has(code));
  if (ofResolver || (named && code !== badInput && !ofRequest)) return answered;
  const { coordinate: _, ...rest } = extensions;
  return {
    ...answered,
    message: briefMessage(answered.message, code),
    extensions: { ...rest, ...(code !== undefined && { code }) },
  };
}

/**
 * Returns the function that formats errors. It is `formatError` if introspection is open. Otherwise it is
 * `formatErrorBriefly` for every caller, also for a caller whose token allows introspection.
 */
export function formatErrorFor({ introspection }: { readonly introspection: Introspection }): typeof formatError {
  return introspection === 'open' ? formatError : formatErrorBriefly;
}

/** Codes of Apollo Server for faults of the HTTP request. Their messages name nothing of the schema. */
const httpCodes: ReadonlySet<string> = new Set([
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

const badInput = 'BAD_USER_INPUT' satisfies ErrorCode;

/** Returns the error and the errors that it wraps, outermost first. Returns at most 8 errors. */
function causesOf(error: unknown): readonly unknown[] {
  const causes = [error];
  for (let cause = error; cause instanceof GraphQLError && cause.originalError && causes.length < 8; ) {
    cause = cause.originalError;
    causes.push(cause);
  }
  return causes;
}

function answer(
  { locations, path }: GraphQLFormattedError,
  message: string,
  extensions: Readonly<Record<string, unknown>>,
): GraphQLFormattedError {
  return { message, ...(locations && { locations }), ...(path && { path }), extensions: { ...extensions } };
}
