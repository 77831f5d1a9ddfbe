import { type DocumentNode, TokenKind } from 'graphql';

/** The bytes of an entry without the tokens and the text of its document. */
const entryBytes = 1_000;
/**
 * The largest number of bytes that one token takes with its nodes, locations and lists. A field with a long name takes
 * the most: 516 bytes, measured on 64-bit V8 with 300 documents of 500 fields.
 */
const tokenBytes = 540;
/** The bytes of a comment's token. A comment has no node. */
const commentBytes = 96;
/**
 * The bytes that one escape in a string adds. At each escape, the lexer joins two pieces of the string, and V8 keeps
 * both.
 */
const escapeBytes = 64;

/**
 * Returns an upper bound of the size of a parsed document with its tokens and source text, in bytes of heap. It reads
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
    bytes += token.kind === TokenKind.COMMENT ? commentBytes : tokenBytes;
    if (token.kind === TokenKind.STRING || token.kind === TokenKind.BLOCK_STRING) {
      const { length } = token.value ?? '';
      // An escape is longer than its character. Therefore the difference of the lengths bounds the number of escapes.
      bytes += 2 * length + escapeBytes * Math.max(0, token.end - token.start - length);
    }
  }
  return bytes;
}
