import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ClaimgateError, type ErrorCode, errorKinds } from '../../../errors.ts';
import type { Introspection } from '../rules/introspection.ts';
import { briefMessage } from './brief.ts';
import { exceededParser } from '../../limits/parser.ts';
import { redactedMessage, withoutSecretNames } from './redaction.ts';

const internal = 'INTERNAL_SERVER_ERROR' satisfies ErrorCode;

/**
 * What a caller is answered of an error, whichever transport ran the operation.
 *
 * A `ClaimgateError`, and a GraphQLError with a code, say what they mean to. What graphql-js says of a request repeats no
 * value of it. Everything else is a fault of the server: `INTERNAL_SERVER_ERROR`, and not a word more.
 *
 * @param formatted as the transport would answer it, with its own code if it has one
 * @param error what was thrown, or what GraphQL and the transport made of that
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
    // An error of execution comes without a code, which transports take for a fault of the server.
    const code = extensions['code'] === undefined || extensions['code'] === internal ? badInput : extensions['code'];
    return answer(formatted, withoutSecretNames(redacted), { ...extensions, code });
  }

  // The innermost code is the author's; a transport wraps its own around it.
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
 * The same for callers who may not read the schema: no type, field, argument or input field is named that the document does not hold.
 *
 * What is known to name none stays: denials, which name a selection to such callers; refusals with a code of ours other than
 * `BAD_USER_INPUT`; what Apollo Server says of HTTP. So does an error that a resolver of the team throws with a code: it is the team's
 * own text, and not checked. Every other message is replaced where it is not a known one.
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

/** Returns how errors are formatted: where introspection is not open, they name nothing of the schema that the document does not hold. */
export function formatErrorFor({ introspection }: { readonly introspection: Introspection }): typeof formatError {
  return introspection === 'open' ? formatError : formatErrorBriefly;
}

/** Codes of Apollo Server for faults of the HTTP request, whose messages name nothing. */
const httpCodes: ReadonlySet<string> = new Set([
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

const badInput = 'BAD_USER_INPUT' satisfies ErrorCode;

/** The error, and what it wraps, outermost first. */
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
