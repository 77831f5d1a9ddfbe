/** How many characters of a value a message repeats. */
const maxCharacters = 200;

const names: Readonly<Record<string, string>> = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };

/**
 * Prepares a text from another party for a message. Escapes line breaks and invisible characters, and cuts the text
 * after 200 characters. In a URL, leaves out the part before `@` and the values of the query, because they may be
 * secret.
 */
export function shown(text: string): string {
  const open = text.replace(/:\/\/.*@/su, '://…@').replaceAll(/([?&][^=&\s]*=)[^&\s]+/gu, '$1…');
  const characters = Array.from(open);
  const cut = characters.length > maxCharacters ? `${characters.slice(0, maxCharacters).join('')}…` : open;
  return cut.replaceAll(/[\p{C}\p{Z}]/gu, (character) => (character === ' ' ? character : escaped(character)));
}

/**
 * Names the kind of a value for a message, with an article: `a string`, `an empty string`. For undefined it is
 * `nothing`.
 */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Promise) return 'a promise';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Returns the escape of one character, such as `\n` or `\u{feff}`. */
export function escaped(character: string): string {
  return names[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
