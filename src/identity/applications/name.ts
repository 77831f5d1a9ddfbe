import { looksLike } from './skeleton.ts';

/** In code points. */
const longestName = 100;
/** In UTF-16 units: nothing longer is looked at. */
const longestInput = 1_000;

/** What has no form of its own: control, format, private, unassigned characters, halves of pairs, and what is not seen. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc]/u;
/** Latin letters beside those of an alphabet that they look like, or of any other than those that are written among them. */
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

/** What this server and its pages are called; its host comes to it. */
const ownName = 'Claimgate';

/** A name in the form in which it is kept: composed (NFC), without spaces around it. */
export function normalizedName(given: string): string {
  return given
    .slice(0, longestInput + 1)
    .normalize('NFC')
    .replaceAll(/^ +| +$/g, '');
}

/**
 * What keeps an application from having a name: people read it on the consent page, and take it for what it looks like.
 *
 * @param name from `normalizedName`
 * @returns what was expected, in words for the person who registers; null if nothing is wrong. Does not look for the names of the
 *   server (`ownNameFault`).
 */
export function nameFault(name: string): string | null {
  const length = name.length > longestInput ? name.length : Array.from(name).length;
  if (length === 0 || length > longestName || unprintable.test(name)) {
    return `expected 1 to ${longestName} printable characters in one line`;
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
 * Whether a name looks like a name of this server, to a person: in another case, with other letters of the same looks (digits,
 * Cyrillic, full width, mathematical, small capitals), with marks, or with spaces and signs between the letters.
 *
 * @param publicUrl of this server: its host is a name of it, too
 * @returns what was expected; null if it does not
 */
export function ownNameFault(name: string, publicUrl: string): string | null {
  if (looksLike(name, ownName, true)) {
    return `expected a name of its own: this one looks like ${ownName}, the name of the server`;
  }
  const { hostname } = new URL(publicUrl);
  // A host of one word, such as `app` in a network of containers, is a word like any other.
  const isTelling = hostname === 'localhost' || hostname.includes('.');
  if (isTelling && looksLike(name, hostname, false)) {
    return 'expected a name of its own: this one looks like the address of the server';
  }
  return null;
}
