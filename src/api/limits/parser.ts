import { GraphQLError } from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import { limitExceeded } from './exceeded.ts';

/**
 * Returns the error of the limit that the parser of graphql-js enforced. The document had more tokens than `maxTokens`,
 * or its nesting exhausted the call stack.
 *
 * @param causes - the error of the transport and all errors that it wraps, outermost first
 * @returns `null` for any other error
 */
export function exceededParser(causes: readonly unknown[]): ClaimgateError | null {
  for (const cause of causes) {
    const [, allowed] = (cause instanceof Error && tooManyTokens.exec(cause.message)) || [];
    if (allowed !== undefined) return limitExceeded('tokens', Number(allowed));
  }
  const [outermost] = causes;
  if (!(outermost instanceof GraphQLError) || outermost.extensions['code'] !== parserFailed) return null;
  if (!causes.some((cause) => cause instanceof RangeError)) return null;
  const message = 'The document exceeds the limit "nesting": what it holds is too deep in one another to be read.';
  return new ClaimgateError('LIMIT_EXCEEDED', message, { evidence: { limit: 'nesting' } });
}

const parserFailed = 'GRAPHQL_PARSE_FAILED';

const tooManyTokens = /^Syntax Error: Document contains more tha[nt] (\d+) tokens/;
