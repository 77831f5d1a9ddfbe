/** How many characters of a value a message repeats. */
const maxCharacters = 200;

const names: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };

/**
 * Returns text from outside in the form for a message: on one line, with invisible characters escaped, and at most 200 characters of
 * it. The part before an `@` in a URL and the values of a query may be secret, and are left out.
 */
export function shown(text: string): string {
  const open = text.replace(/:\/\/.*@/su, '://…@').replaceAll(/([?&][^=&\s]*=)[^&\s]+/gu, '$1…');
  const characters = Array.from(open);
  const cut = characters.length > maxCharacters ? `${characters.slice(0, maxCharacters).join('')}…` : open;
  return cut.replaceAll(/[\p{C}\p{Z}]/gu, (character) => (character === ' ' ? character : escaped(character)));
}

/** Returns the escape of one character: `\n`, `\u{feff}`. */
export function escaped(character: string): string {
  return names[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
