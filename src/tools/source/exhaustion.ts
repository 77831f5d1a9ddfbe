import { type DocumentNode, parse, type ParseOptions, type Source, type Token, TokenKind } from 'graphql';
import { type Place, ToolFault } from '../report/fault.ts';

/** How deep the brackets of a text of GraphQL may be nested: `{`, `[` and `(` together. */
const maxNesting = 500;

const tooDeep = `is nested too deep to be read; expected at most ${maxNesting} brackets in one another`;
const tooLarge = 'is nested too deep, or is too large, to be judged; expected a smaller schema or operation';

const opening: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Parses a text of GraphQL. Its depth is bounded, because graphql-js calls itself for each level.
 *
 * @param place - the place of a text that is nested too deep
 * @throws {GraphQLError} for a syntax error
 * @throws {ToolFault} if the text is nested too deep
 */
export function parseBounded(source: Source, place: Place, options?: ParseOptions): DocumentNode {
  let document: DocumentNode;
  try {
    document = parse(source, options);
  } catch (error) {
    if (error instanceof RangeError) throw new ToolFault(place, tooDeep);
    throw error;
  }
  let depth = 0;
  for (let token: Token | null = document.loc?.startToken ?? null; token; token = token.next) {
    if (opening.has(token.kind)) depth += 1;
    else if (closing.has(token.kind)) depth -= 1;
    if (depth > maxNesting) throw new ToolFault({ ...place, line: place.line ?? token.line }, tooDeep);
  }
  return document;
}

/**
 * Runs a part of a command that calls itself for each level of its input, for example for a chain of thousands of types.
 *
 * @param file - the name of the schema or of the operations
 * @throws {ToolFault} in place of a RangeError
 */
export function withinLimits<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw faultOf(error, file);
  }
}

/**
 * Returns a fault in place of a RangeError. If the stack or the size of a text is exhausted, the answer is not known, so
 * the command must end with a fault of what it was given. Other errors are returned as they are.
 */
export function faultOf(error: unknown, file: string): unknown {
  return error instanceof RangeError ? new ToolFault({ file, line: null }, tooLarge) : error;
}
