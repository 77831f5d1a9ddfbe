import { type DocumentNode, TokenKind } from 'graphql';

/**
 * The bytes that an entry takes in addition to the tokens and the text of its document: the key, the place in the map,
 * and the stored object.
 */
const entryBytes = 1_000;
/**
 * The largest number of bytes that one token takes with its nodes, locations and lists. The largest token is a field
 * with one long name: 516 bytes, measured on 64-bit V8 as the heap of 300 documents with 500 such fields.
 */
const tokenBytes = 540;
/** The bytes of the token of a comment. A comment has no node. */
const commentBytes = 96;
/** The bytes that V8 keeps for the two pieces of a string that the lexer joins at each escape. */
const escapeBytes = 64;

/**
 * Returns an upper bound of the bytes of heap that a parsed document takes: its nodes, its tokens and its source text.
 * It reads the tokens and not the nodes, so it does not recurse.
 *
 * @param maxBytes - the number of bytes at which counting stops, because a larger document is not stored
 * @returns Infinity for a document without locations. Its source text cannot be read, and each of its names may keep
 * the whole source text in memory
 */
export function documentBytes({ loc }: DocumentNode, maxBytes: number): number {
  if (!loc) return Infinity;
  // A text takes two bytes for each character if one character is beyond Latin-1.
  let bytes = entryBytes + 2 * loc.source.body.length;
  for (let token = loc.startToken.next; token && bytes <= maxBytes; token = token.next) {
    bytes += token.kind === TokenKind.COMMENT ? commentBytes : tokenBytes;
    if (token.kind === TokenKind.STRING || token.kind === TokenKind.BLOCK_STRING) {
      const { length } = token.value ?? '';
      // An escape is longer than the character that it stands for, so the difference bounds the number of escapes.
      bytes += 2 * length + escapeBytes * Math.max(0, token.end - token.start - length);
    }
  }
  return bytes;
}
