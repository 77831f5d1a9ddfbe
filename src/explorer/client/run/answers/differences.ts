import { isObject, own, type Path } from './path.ts';

/** A position at which the answers of several callers differ. */
export interface Difference {
  /** The path of the position in each answer, in the order of the answers. `null`: the answer has no such position. */
  readonly paths: readonly (Path | null)[];
  /** How many fields of the longest answer are at or under this position. At least 1. */
  readonly fields: number;
  /**
   * Whether everything under this position differs. `false`: at least two answers have an object or a list here, and
   * their differences are reported too.
   */
  readonly isWhole: boolean;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** How many fields without subfields the answers have together. */
  readonly fields: number;
  /** How many of these fields differ. */
  readonly differing: number;
  /** Whether the comparison stopped at its bound. The rest of the answers was not compared. */
  readonly isPartial: boolean;
}

/** A position in one answer. `value` is undefined if the answer has no such position. */
interface Cell {
  readonly value: unknown;
  readonly path: Path | null;
}

interface Position {
  readonly cells: readonly Cell[];
  /** Whether the fields of this position are counted already, at a position above. */
  readonly isCounted: boolean;
}

/** The positions below. */
interface Children {
  readonly positions: readonly (readonly Cell[])[];
  /** Whether all answers have an object, or all have a list. Otherwise at least two of them have. */
  readonly isForAll: boolean;
}

/** The cell of an answer that already differs at a position above, so that it is not compared below. */
const excluded: Cell = { value: undefined, path: null };

/** How many positions are compared. A larger comparison would block the page. */
const maxPositions = 100_000;
/** How deep positions are compared. */
const maxDepth = 500;
/** Each position has a path of its own. A position at this depth counts as two, one at twice this depth as three. */
const depthOfTwo = 25;

/**
 * Compares the data of several answers, position by position. Items of lists are compared by their `id` if each item
 * has a unique one. Otherwise they are compared by their index.
 *
 * @param answers - the parsed `data` of each answer. `undefined`: the operation was refused
 */
export function compareAnswers(answers: readonly unknown[], limit: number = maxPositions): Comparison {
  const differences: Difference[] = [];
  let fields = 0;
  let differing = 0;
  let positions = 1;
  let isPartial = false;
  // The comparison has a stack of its own, because a JSON scalar may be nested deeper than the stack of calls allows.
  const root = answers.map((value) => ({ value, path: value === undefined ? null : [] }));
  const stack: Position[] = [{ cells: root, isCounted: false }];
  for (let position = stack.pop(); position !== undefined; position = stack.pop()) {
    const { cells, isCounted } = position;
    const depth = Math.max(...cells.map(({ path }) => path?.length ?? 0));
    if (depth > maxDepth) {
      isPartial = true;
      continue;
    }
    const cost = 1 + Math.floor((depth + 1) / depthOfTwo);
    const most = Math.floor((limit - positions) / cost);
    const children = childrenOf(cells, most + 1);
    const isWhole = children === null || !children.isForAll;
    if (isWhole) {
      const count = Math.max(1, ...cells.map(({ value }) => leaves(value, limit)));
      if (!isCounted) fields += count;
      if (!isEqual(cells.filter((cell) => cell !== excluded))) {
        if (!isCounted) differing += count;
        differences.push({ paths: cells.map(({ path }) => path), fields: count, isWhole: children === null });
      }
    }
    // A list may have millions of items. Positions beyond the bound are not even made.
    const below = (children?.positions ?? []).slice(0, most);
    if (children && children.positions.length > below.length) isPartial = true;
    positions += below.length * cost;
    // The stack returns the last child first.
    for (let index = below.length - 1; index >= 0; index -= 1) {
      stack.push({ cells: below[index] ?? [], isCounted: isCounted || isWhole });
    }
  }
  return { differences, fields, differing, isPartial };
}

/** Returns the summary of a comparison in one sentence. */
export function summaryOf({ fields, differing, isPartial }: Comparison): string {
  const bound = isPartial ? ' The answers are too large: only a part of them was compared.' : '';
  if (differing === 0) return isPartial ? `No difference was found.${bound}` : 'The answers are equal.';
  return `${differing} of ${fields} ${fields === 1 ? 'field' : 'fields'} ${differing === 1 ? 'differs' : 'differ'}.${bound}`;
}

/** Returns the positions below, at most a number of them, or null if fewer than two answers have any. */
function childrenOf(cells: readonly Cell[], most: number): Children | null {
  for (const [isKind, positionsOf] of [
    [isObject, membersOf],
    [isFilledList, itemsOf],
  ] as const) {
    const alike = cells.map((cell) => (isKind(cell.value) ? cell : excluded));
    const count = countOf(alike);
    const positions = count >= 2 ? positionsOf(alike, most) : [];
    if (positions.length > 0) return { positions, isForAll: count === countOf(cells) };
  }
  return null;
}

/** An empty list differs as a whole, because it has no item at which a mark could stand. */
function isFilledList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function membersOf(cells: readonly Cell[], most: number): readonly (readonly Cell[])[] {
  const keys = new Set(cells.flatMap(({ value }) => (isObject(value) ? Object.keys(value) : [])));
  return [...keys].slice(0, most).map((key) => compared(cells, (cell) => child(cell, own(cell.value, key), key)));
}

function itemsOf(cells: readonly Cell[], most: number): readonly (readonly Cell[])[] {
  const lists = cells.map(({ value }) => (Array.isArray(value) ? value : null));
  const ids = lists.map((list) => list && indicesById(list));
  if (lists.some((list, n) => list !== null && ids[n] === null)) {
    const longest = Math.max(...lists.map((list) => list?.length ?? 0));
    return Array.from({ length: Math.min(longest, most) }, (_, index) =>
      compared(cells, (cell, n) => child(cell, lists[n]?.[index], index)),
    );
  }
  const all = new Set(ids.flatMap((indices) => [...(indices?.keys() ?? [])]));
  return [...all].slice(0, most).map((id) =>
    compared(cells, (cell, n) => {
      const index = ids[n]?.get(id);
      return index === undefined ? child(cell, undefined, id) : child(cell, lists[n]?.[index], index);
    }),
  );
}

/** Counts the answers that are compared at a position. */
function countOf(cells: readonly Cell[]): number {
  return cells.filter((cell) => cell !== excluded).length;
}

/** Makes the cells of a position below. An excluded answer stays excluded. */
function compared(cells: readonly Cell[], of: (cell: Cell, index: number) => Cell): readonly Cell[] {
  return cells.map((cell, index) => (cell === excluded ? excluded : of(cell, index)));
}

function child({ path }: Cell, value: unknown, step: string | number): Cell {
  return { value, path: value === undefined || path === null ? null : [...path, step] };
}

/** Returns the index of each item by its `id`. `null`: an item has no `id`, or two items have the same. */
function indicesById(list: readonly unknown[]): ReadonlyMap<string, number> | null {
  const indices = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    const id = own(item, 'id');
    if (typeof id !== 'string' && typeof id !== 'number') return null;
    if (indices.has(String(id))) return null;
    indices.set(String(id), index);
  }
  return indices;
}

/** Compares values of which at most one kind has positions below. */
function isEqual([first, ...others]: readonly Cell[]): boolean {
  return others.every(({ value }) => {
    if (value === first?.value) return true;
    // Two empty objects, or two empty lists. Values with positions below never come here together.
    return isEmpty(value) && isEmpty(first?.value) && Array.isArray(value) === Array.isArray(first?.value);
  });
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Counts the values without positions below, up to a limit. */
function leaves(root: unknown, limit: number): number {
  let count = 0;
  const stack: unknown[] = [root];
  while (stack.length > 0 && count < limit) {
    const value = stack.pop();
    if (typeof value !== 'object' || value === null || isEmpty(value)) count += value === undefined ? 0 : 1;
    else for (const item of Object.values(value)) stack.push(item);
  }
  return count;
}
