import type { Verified } from '../checks/verified.ts';

/**
 * What an entry takes on V8's heap besides its claims and scopes: its record, the verified token and its principal, its name,
 * and its share of the map and of the set of principals, both of which are half empty just after they have grown.
 */
const record = 496;
/** A word, which is also what a small number, a boolean and null take in their place, and nothing besides. */
const word = 8;
/** What V8 puts before the members of an object, the elements of an array, and the characters of a string. */
const objectHeader = 24;
const arrayHeader = 48;
const textHeader = 16;
/** Members that even a small object has room for. */
const leastMembers = 4;
/** A number beyond 31 bits, or with a fraction. */
const boxedNumber = 16;
/** A member that needs a description, or a place in a hash table, besides the word that holds it. */
const described = 144;

/** Of how many shapes, of how many members and characters, V8 is counted on to keep the description once. */
const mostShapes = 256;
const mostMembers = 64;
const longestShape = 2_048;

/**
 * Makes a function that says how many bytes a verified token takes in memory at most, as reckoned from how V8 lays out what it
 * consists of on a 64-bit machine: for ordinary tokens up to a quarter more than they take. The heap is not asked.
 *
 * Objects with the same names in the same order share the description of their members: it is counted with the first of
 * them, and where there are too many of such shapes with each.
 */
export function createSizer(): (verified: Verified) => number {
  const shapes = new Set<string>();

  const shapeSize = (names: readonly string[]): number => {
    const shape = names.join('\n');
    if (shapes.has(shape)) return 0;
    const shared = names.length <= mostMembers && shape.length <= longestShape && !names.some(isIndex);
    if (shared && shapes.size < mostShapes) shapes.add(shape);
    return names.reduce((size, name) => size + described + textSize(name), 0);
  };
  const objectSize = (value: object): number => {
    const names = Object.keys(value);
    let size = objectHeader + word * Math.max(names.length, leastMembers) + shapeSize(names);
    for (const member of Object.values(value)) size += valueSize(member);
    return size;
  };
  const arraySize = (value: readonly unknown[]): number =>
    value.reduce<number>((size, element) => size + word + valueSize(element), arrayHeader);
  /** Of a JSON value, besides the word that holds it. Its depth is the parser's to bound. */
  const valueSize = (value: unknown): number => {
    if (typeof value === 'string') return textSize(value);
    if (typeof value === 'number') return value === Math.trunc(value) && Math.abs(value) < 2 ** 31 ? 0 : boxedNumber;
    if (typeof value !== 'object' || value === null) return 0;
    return Array.isArray(value) ? arraySize(value) : objectSize(value);
  };

  return ({ principal: { claims, scopes }, tokenId }) => {
    let size = record + tableSize(scopes.size) + objectSize(claims);
    for (const scope of scopes) size += textSize(scope);
    // An issuer that gives its tokens no ID has one made.
    return Object.values(claims).includes(tokenId) ? size : size + textSize(tokenId);
  };
}

/** Of the hash table of a set: three words, and two and a half for each place. Places are a power of two, four or more. */
function tableSize(members: number): number {
  const places = Math.max(4, 2 ** Math.ceil(Math.log2(members)));
  return objectHeader + textHeader + word * (3 + places * 2.5);
}

/** Whether V8 takes a name for the index of an array: those stand in a table, or an array with gaps, of each object's own. */
function isIndex(name: string): boolean {
  return /^\d{1,10}$/.test(name);
}

/** What keeps V8 from storing a text with one byte for each character. */
const wide = /[\u0100-\uffff]/;

function textSize(text: string): number {
  const bytes = textHeader + text.length * (wide.test(text) ? 2 : 1);
  return Math.ceil(bytes / word) * word;
}
