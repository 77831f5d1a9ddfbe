/** How many characters of a value a message repeats at most. */
const longest = 200;

const names: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };

/**
 * Text from outside as a message repeats it: on one line, with every invisible character escaped, and not without bound.
 * What stands before an `@` in a URL, and the values of a query, may be secret and are left out.
 */
export function shown(text: string): string {
  const open = text.replace(/:\/\/.*@/su, '://…@').replaceAll(/([?&][^=&\s]*=)[^&\s]+/gu, '$1…');
  const characters = Array.from(open);
  const cut = characters.length > longest ? `${characters.slice(0, longest).join('')}…` : open;
  return cut.replaceAll(/[\p{C}\p{Z}]/gu, (character) => (character === ' ' ? character : escaped(character)));
}

/** One character by its code point, or by its usual escape: `\n`, `\u{feff}`. */
export function escaped(character: string): string {
  return names[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
