import { type DocumentNode, type Token, TokenKind } from 'graphql';

/** The bytes of an entry without the tokens and the text of its document. */
const entryBytes = 1_200;
/**
 * The largest number of bytes that a token takes with its nodes, locations and lists, by its kind. On 64-bit V8, a token
 * takes 88 bytes, and a node with its location about 150. `test/request/document-bytes.test.ts` measures the sizes.
 */
const tokenBytes: Readonly<Partial<Record<string, number>>> = {
  [TokenKind.NAME]: 540, // A field with a long name.
  [TokenKind.DOLLAR]: 480, // The definition of a variable.
  [TokenKind.AT]: 480,
  [TokenKind.BRACKET_L]: 460, // A list value.
  [TokenKind.BRACE_L]: 440,
  [TokenKind.SPREAD]: 320,
  [TokenKind.INT]: 320,
  [TokenKind.FLOAT]: 320,
  [TokenKind.STRING]: 320,
  [TokenKind.BLOCK_STRING]: 320,
  [TokenKind.PAREN_L]: 300,
  [TokenKind.BANG]: 250,
  // These tokens have no node.
  [TokenKind.BRACE_R]: 96,
  [TokenKind.BRACKET_R]: 96,
  [TokenKind.PAREN_R]: 96,
  [TokenKind.COLON]: 96,
  [TokenKind.EQUALS]: 96,
  [TokenKind.COMMENT]: 96,
  [TokenKind.EOF]: 96,
};
/** A name in front of a colon: an alias, or the name of an argument or of a variable. It is not the name of a field. */
const labelBytes = 450;
/** A token of any other kind. */
const otherBytes = 540;
/**
 * The bytes that one escape in a string adds. At each escape, the lexer joins two pieces of the string, and V8 keeps
 * both.
 */
const escapeBytes = 64;

/**
 * Returns an upper bound of the size of a valid document with its tokens and source text, in bytes of heap. It reads
 * the tokens instead of the nodes, so it does not recurse.
 *
 * @param maxBytes - counting stops at this number of bytes
 * @returns Infinity for a document without locations, because its source text cannot be read
 */
export function documentBytes({ loc }: DocumentNode, maxBytes: number): number {
  if (!loc) return Infinity;
  // A text takes two bytes for each character if it has a character outside Latin-1.
  let bytes = entryBytes + 2 * loc.source.body.length;
  for (let token = loc.startToken.next; token && bytes <= maxBytes; token = token.next) {
    bytes += bytesOf(token);
    if (token.kind === TokenKind.STRING || token.kind === TokenKind.BLOCK_STRING) {
      const { length } = token.value ?? '';
      // An escape is longer than its character. Therefore the difference of the lengths bounds the number of escapes.
      bytes += 2 * length + escapeBytes * Math.max(0, token.end - token.start - length);
    }
  }
  return bytes;
}

function bytesOf({ kind, next }: Token): number {
  if (kind === TokenKind.NAME && next?.kind === TokenKind.COLON) return labelBytes;
  return tokenBytes[kind] ?? otherBytes;
}
