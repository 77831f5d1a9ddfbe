import type { Verified } from './verified.ts';

/** What an entry takes besides its claims: its record, its principal, its name and its place in the map. */
const fixed = 1_024;
/** An object or an array of its own, with the room that V8 leaves in it. */
const container = 96;
/** A slot in an object, array or set. */
const slot = 32;

/** How many bytes a verified token takes in memory at most, about: the heap is not asked. */
export function sizeOf({ principal }: Verified): number {
  return fixed + valueSize(principal.claims) + principal.scopes.size * 2 * slot;
}

/** Of a JSON value. Its depth is the parser's to bound. */
function valueSize(value: unknown): number {
  if (typeof value === 'string') return slot + value.length * 2;
  if (typeof value !== 'object' || value === null) return slot;
  let size = container;
  for (const [name, member] of Object.entries(value)) {
    size += slot + valueSize(member) + (Array.isArray(value) ? 0 : name.length);
  }
  return size;
}
