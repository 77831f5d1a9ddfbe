import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { ClaimgateError, type ErrorCode } from '../errors.ts';
import { exceededParser } from './limits/parser.ts';
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

/** The same without the names of the schema that graphql-js suggests in place of a wrong one, for who may not read the schema. */
export function formatErrorBriefly(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const answered = formatError(formatted, error);
  // Those of execution, which have a path, are the resolvers' own.
  return answered.path ? answered : { ...answered, message: answered.message.replace(/ ?Did you mean [^]*$/, '') };
}

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
