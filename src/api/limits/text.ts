import { type DocumentNode, TokenKind } from 'graphql';

/**
 * Returns the number of lines of a document; 0 if its nodes have no places. Lines are limited because graphql-js counts,
 * for each node of each error, all lines before the node.
 */
export function linesOf({ loc }: DocumentNode): number {
  if (!loc) return 0;
  let lines = 1;
  for (const _ of loc.source.body.matchAll(/\r\n|[\n\r]/g)) lines += 1;
  return lines;
}

/** Returns the length of the longest name in a document, in UTF-16 units; 0 if its nodes have no places. */
export function longestName({ loc }: DocumentNode): number {
  let longest = 0;
  for (let token = loc?.startToken; token; token = token.next ?? undefined) {
    if (token.kind === TokenKind.NAME) longest = Math.max(longest, token.value.length);
  }
  return longest;
}
