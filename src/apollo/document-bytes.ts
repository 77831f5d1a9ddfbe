import { type DocumentNode, TokenKind } from 'graphql';

/** What a document takes besides its tokens and its text: its key, its place in the map, what is remembered beside it. */
const entry = 1_000;
/**
 * A token with its nodes, locations and lists, at most. The greatest is a field of one long name: 516 bytes, measured on 64-bit V8
 * as the heap that 300 documents of 500 such fields take.
 */
const tokenBytes = 540;
/** A comment, which has no node. */
const commentBytes = 96;
/** What V8 keeps for each piece of a string that was put together, as the lexer does at each escape: two pieces. */
const escapeBytes = 64;

/**
 * Estimates from above how many bytes of heap keep a parsed document: its nodes, its tokens and its source text. It reads the
 * tokens and not the nodes, so it does not recurse. It stops at `most`, since nothing is done with what is larger.
 *
 * @returns Infinity for a document without locations, whose source text cannot be seen and may be kept by any of its names
 */
export function documentBytes({ loc }: DocumentNode, most: number): number {
  if (!loc) return Infinity;
  // Two bytes for each character, where one of them is beyond Latin-1.
  let bytes = entry + 2 * loc.source.body.length;
  for (let token = loc.startToken.next; token && bytes <= most; token = token.next) {
    bytes += token.kind === TokenKind.COMMENT ? commentBytes : tokenBytes;
    if (token.kind === TokenKind.STRING || token.kind === TokenKind.BLOCK_STRING) {
      const { length } = token.value ?? '';
      // Each escape is longer than what it stands for.
      bytes += 2 * length + escapeBytes * Math.max(0, token.end - token.start - length);
    }
  }
  return bytes;
}
