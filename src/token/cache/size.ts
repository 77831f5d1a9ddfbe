import type { Verified } from '../checks/verified.ts';

/**
 * The bytes of an entry on V8's heap without its claims and scopes: its record, the verified token and its principal,
 * its key, and its share of the map and of the set of principals. The map and the set are half empty just after they
 * have grown.
 */
const entryOverhead = 496;
/** A word. A small number, a boolean and null take one word, in the place that refers to them. */
const word = 8;
/** The header of an object, an array and a string. */
const objectHeader = 24;
const arrayHeader = 48;
const textHeader = 16;
/** V8 reserves room for this many members in a small object. */
const minMembers = 4;
/** A number of more than 31 bits, or with a fraction. */
const boxedNumber = 16;
/** The description of a member, or its place in a hash table, in addition to the word that holds its value. */
const memberDescription = 144;

/** V8 is assumed to share descriptions for up to this many shapes, of up to this many members and characters. */
const maxShapes = 256;
const maxMembers = 64;
const maxShapeLength = 2_048;

/**
 * Makes a function that returns an upper bound of the memory of a verified token, in bytes. The bound follows from how
 * V8 stores values on a 64-bit machine. For ordinary tokens it is up to a quarter too high. The heap is not measured.
 *
 * Objects with the same names in the same order share the description of their members. The bound counts the
 * description for the first of these objects only. If there are too many such shapes, the bound counts the description
 * for each object.
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
  /** Returns the size of a JSON value without the word that refers to it. The parser has bounded its depth. */
  const valueSize = (value: unknown): number => {
    if (typeof value === 'string') return textSize(value);
    if (typeof value === 'number') return value === Math.trunc(value) && Math.abs(value) < 2 ** 31 ? 0 : boxedNumber;
    if (typeof value !== 'object' || value === null) return 0;
    return Array.isArray(value) ? arraySize(value) : objectSize(value);
  };

  return ({ principal: { claims, scopes }, tokenId }) => {
    let size = entryOverhead + tableSize(scopes.size) + objectSize(claims);
    for (const scope of scopes) size += textSize(scope);
    // If the issuer gives no ID, the token ID is a hash, which is not one of the claims.
    return Object.values(claims).includes(tokenId) ? size : size + textSize(tokenId);
  };
}

/**
 * Returns the size of a set's hash table: three words, and two and a half for each place. The number of places is a power of two,
 * at least four.
 */
function tableSize(members: number): number {
  const places = Math.max(4, 2 ** Math.ceil(Math.log2(members)));
  return objectHeader + textHeader + word * (3 + places * 2.5);
}

/** Whether V8 treats a name as an array index. Each object stores such members in its own table, or in an array with gaps. */
function isIndex(name: string): boolean {
  return /^\d{1,10}$/.test(name);
}

/** The characters for which V8 stores a text with two bytes per character. */
const wide = /[\u0100-\uffff]/;

function textSize(text: string): number {
  const bytes = textHeader + text.length * (wide.test(text) ? 2 : 1);
  return Math.ceil(bytes / word) * word;
}
