import type { Verified } from '../checks/verified.ts';

/**
 * The bytes of an entry on V8's heap without its claims and scopes. They include the key of the entry, the verified
 * token, the principal, and the places of the entry in the hash tables. A hash table is half empty just after it has
 * grown.
 */
const entryOverhead = 496;
/** One word of memory. A small number, a boolean and null take no memory except the word that refers to them. */
const word = 8;
/** The header of an object, an array and a string. */
const objectHeader = 24;
const arrayHeader = 48;
const textHeader = 16;
/** V8 reserves room for this many members in a small object. */
const minMembers = 4;
/** A number with more than 31 bits or with a fraction. */
const boxedNumber = 16;
/** The description of one member of an object, without the word that holds the value of the member. */
const memberDescription = 144;

/**
 * The estimate assumes that V8 shares the descriptions of at most this many shapes, each with at most this many members
 * and characters.
 */
const maxShapes = 256;
const maxMembers = 64;
const maxShapeLength = 2_048;

/**
 * Makes a function that returns an upper bound of the memory of a verified token, in bytes. The function computes the
 * bound from the way in which V8 stores values on a 64-bit machine. It does not measure the heap. For ordinary tokens
 * the bound is up to a quarter too high.
 *
 * Two objects have the same shape if they have the same names of members in the same order. Objects with the same shape
 * share one description. The bound counts this description only for the first object. If there are more than
 * `maxShapes` shapes, the bound counts a description for every object of a further shape.
 */
export function createSizer(): (verified: Verified) => number {
  const shapes = new Set<string>();

  const shapeSize = (names: readonly string[]): number => {
    const shape = names.join('\n');
    if (shapes.has(shape)) return 0;
    const shared = names.length <= maxMembers && shape.length <= maxShapeLength && !names.some(isIndex);
    if (shared && shapes.size < maxShapes) shapes.add(shape);
    return names.reduce((size, name) => size + memberDescription + textSize(name), 0);
  };
  const objectSize = (value: object): number => {
    const names = Object.keys(value);
    let size = objectHeader + word * Math.max(names.length, minMembers) + shapeSize(names);
    for (const member of Object.values(value)) size += valueSize(member);
    return size;
  };
  const arraySize = (value: readonly unknown[]): number =>
    value.reduce<number>((size, element) => size + word + valueSize(element), arrayHeader);
  /**
   * Returns the size of a JSON value without the word that refers to it. The recursion is safe, because the parser
   * limits the depth.
   */
  const valueSize = (value: unknown): number => {
    if (typeof value === 'string') return textSize(value);
    if (typeof value === 'number') return value === Math.trunc(value) && Math.abs(value) < 2 ** 31 ? 0 : boxedNumber;
    if (typeof value !== 'object' || value === null) return 0;
    return Array.isArray(value) ? arraySize(value) : objectSize(value);
  };

  return ({ principal: { claims, scopes }, tokenId }) => {
    let size = entryOverhead + tableSize(scopes.size) + objectSize(claims);
    for (const scope of scopes) size += textSize(scope);
    // If the token has no ID, `tokenId` is a hash, and `claims` does not contain this text.
    return Object.values(claims).includes(tokenId) ? size : size + textSize(tokenId);
  };
}

/**
 * Returns the size of a set's hash table. The table takes three words, and two and a half words for each place. The
 * number of places is a power of two and at least four.
 */
function tableSize(members: number): number {
  const places = Math.max(4, 2 ** Math.ceil(Math.log2(members)));
  return objectHeader + textHeader + word * (3 + places * 2.5);
}

/** Whether V8 treats a name as an array index. V8 does not share the descriptions of these members between objects. */
function isIndex(name: string): boolean {
  return /^\d{1,10}$/.test(name);
}

/** The characters for which V8 stores a text with two bytes per character. */
const wide = /[\u0100-\uffff]/;

function textSize(text: string): number {
  const bytes = textHeader + text.length * (wide.test(text) ? 2 : 1);
  return Math.ceil(bytes / word) * word;
}
