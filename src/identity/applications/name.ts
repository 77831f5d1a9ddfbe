import { looksLike } from './skeleton.ts';

/** In code points. */
const maxNameLength = 100;
/** In UTF-16 units. A longer name is rejected without further checks. */
const maxInputLength = 1_000;

/** Characters without a shape: control, format, private-use, unassigned and invisible characters, and halves of surrogate pairs. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc]/u;
/**
 * A word must not mix Latin letters with letters of another alphabet. East Asian scripts are an exception, because
 * people write them together with Latin.
 */
const isLatin = /\p{Script=Latin}/u;
const isForeign =
  /[^\P{L}\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Common}\p{Script=Inherited}]/u;
const alike = [
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Lisu}/u,
];

/** The name of this server on its pages. */
const ownName = 'Claimgate';

/** Returns the form of a name that is stored: NFC, without spaces around it. */
export function normalizedName(given: string): string {
  return given
    .slice(0, maxInputLength + 1)
    .normalize('NFC')
    .replaceAll(/^ +| +$/g, '');
}

/**
 * Finds out whether an application may have a name. People read the name on the consent page, so no character may
 * mislead them. Does not compare the name with the names of the server; `ownNameFault` compares them.
 *
 * @param name from `normalizedName`
 * @returns the expected name, for the person who registers; null if the name is allowed
 */
export function nameFault(name: string): string | null {
  const length = name.length > maxInputLength ? name.length : Array.from(name).length;
  if (length === 0 || length > maxNameLength || unprintable.test(name)) {
    return `expected 1 to ${maxNameLength} printable characters in one line`;
  }
  if (/[^\P{Zs} ]|\s\s|\t/u.test(name)) return 'expected single spaces between its words, and no other white space';
  if (!/[\p{L}\p{N}]/u.test(name)) return 'expected a letter or a digit';
  if (/\p{Me}|\p{M}{4}|(?:^| )\p{M}/u.test(name)) {
    return 'expected at most 3 combining marks on a letter, none that encloses it, and none without a letter';
  }
  const words = name.split(/[^\p{L}\p{M}\p{N}]+/u);
  if (words.some(mixesAlphabets)) return 'expected the letters of each word to be of one alphabet';
  return null;
}

function mixesAlphabets(word: string): boolean {
  if (isLatin.test(word) && isForeign.test(word)) return true;
  return alike.filter((script) => script.test(word)).length > 1;
}

/**
 * Finds out whether a person could mistake a name for a name of this server. The check ignores case, marks, and spaces
 * and signs between the letters. Characters that look like a letter count as this letter (digits, Cyrillic, full width,
 * mathematical, small capitals).
 *
 * @param publicUrl the public URL of this server. Its host also counts as a name of the server, if it has a dot or is
 *   `localhost`
 * @param productName the name of the product on the pages. Undefined: the name may look like it
 * @returns the expected name; null if the name looks different
 */
export function ownNameFault(name: string, publicUrl: string, productName?: string): string | null {
  if (looksLike(name, ownName, true)) {
    return `expected a name of its own: this one looks like ${ownName}, the name of the server`;
  }
  if (productName !== undefined && looksLike(name, productName, false)) {
    return `expected a name of its own: this one looks like ${productName}, the name on the pages of the server`;
  }
  const { hostname } = new URL(publicUrl);
  // A host without a dot, such as `app` in a network of containers, is often an ordinary word.
  const isDistinctive = hostname === 'localhost' || hostname.includes('.');
  if (isDistinctive && looksLike(name, hostname, false)) {
    return 'expected a name of its own: this one looks like the address of the server';
  }
  return null;
}
