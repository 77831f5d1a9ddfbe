import { type DocumentNode, TokenKind } from 'graphql';

/** The bytes of a document besides its tokens and its text: its key, its place in the map, and what is stored beside it. */
const entryBytes = 1_000;
/**
 * The largest number of bytes of a token with its nodes, locations and lists. The largest token is a field with one long name: 516
 * bytes, measured on 64-bit V8 as the heap of 300 documents with 500 such fields.
 */
const tokenBytes = 540;
/** The bytes of a comment, which has no node. */
const commentBytes = 96;
/** The bytes that V8 keeps for the two pieces of a string that the lexer joins at each escape. */
const escapeBytes = 64;

/**
 * Returns an upper bound of the bytes of heap that a parsed document takes: its nodes, its tokens and its source text. It reads the
 * tokens and not the nodes, so it does not recurse.
 *
 * @param maxBytes - where counting stops: a larger document is not stored
 * @returns Infinity for a document without locations. Its source text is not visible, and any of its names may keep it in memory
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
