import type { Principal } from '../../principal.ts';
import { createStamps } from '../../protocol/stamps.ts';
import { authCaches } from '../caches.ts';

/** The decisions of one principal, by the number of the rule. 0: not decided. */
export interface Decisions {
  get(rule: number): number;
  /** @param state - 0 to 7 */
  set(rule: number, state: number): void;
}

/** The decisions of principals. */
export interface DecisionCache {
  /** Returns the decisions of a principal. They are kept as long as the principal, or until the cache is full. */
  of(principal: Principal): Decisions;
  /** How many principals have decisions in the cache. A principal that was collected counts until the cache is full. */
  readonly entries: number;
}

/**
 * The decisions of `2 ** pageBits` rules are kept together, and those of `2 ** wordBits` rules in one number, with
 * `stateBits` for each. V8 keeps a number of at most 30 bits in its array. With many principals, the processor reads
 * decisions from slow memory, so they lie close together.
 */
const pageBits = 6;
const wordBits = 3;
const stateBits = 3;
const pageSize = 1 << pageBits;
const maskOfState = (1 << stateBits) - 1;
/** The size of a page, estimated from above. */
const pageBytes = 160;

/**
 * Makes a cache of decisions. Most principals use few rules of a large schema. Therefore a principal takes memory only
 * for the pages of rules that were decided for it. If the cache is full, it is emptied, and rules are
 * decided again.
 */
export function createDecisions(
  rules: number,
  bound: { readonly entries: number; readonly bytes: number } = authCaches.decisions,
): DecisionCache {
  const ownBytes = 264 + (12 * rules) / pageSize;
  let byPrincipal = new WeakMap<Principal, PagedDecisions>();
  /** The objects of `byPrincipal`, and those of principals that were collected. */
  let kept: PagedDecisions[] = [];
  let bytes = 0;

  /** Counts new memory before it is used. */
  function take(more: number): void {
    bytes += more;
    if (bytes <= bound.bytes && kept.length < bound.entries) return;
    // Principals may have these objects in their stamps.
    for (const decisions of kept) decisions.discard();
    byPrincipal = new WeakMap();
    kept = [];
    bytes = more;
  }

  function find(principal: Principal): PagedDecisions {
    const known = byPrincipal.get(principal);
    if (known !== undefined) return known;
    take(ownBytes);
    const created = new PagedDecisions(take);
    byPrincipal.set(principal, created);
    kept.push(created);
    return created;
  }

  return {
    of(principal) {
      const stamped = stamps.get(principal);
      if (stamped !== undefined && stamped.take === take) return stamped;
      const decisions = find(principal);
      stamps.set(principal, decisions);
      return decisions;
    },
    get entries() {
      return kept.length;
    },
  };
}

/**
 * The decisions of each principal in the cache that was asked for it last. Most processes have one cache. With many
 * principals, the table of a `WeakMap` is slow memory.
 */
const stamps = createStamps<PagedDecisions>();

class PagedDecisions implements Decisions {
  /** Counts the memory of a new page. It names the cache of these decisions. Null: the cache was emptied. */
  take: ((bytes: number) => void) | null;
  /** The page that was used last, and its place in `#pages`. */
  #latest: number[] = noPage;
  #latestAt = -1;
  #pages: (number[] | undefined)[] = [];

  constructor(take: (bytes: number) => void) {
    this.take = take;
  }

  get(rule: number): number {
    const page = this.#latestAt === rule >> pageBits ? this.#latest : this.#pageOf(rule);
    return ((page[wordOf(rule)] ?? 0) >> shiftOf(rule)) & maskOfState;
  }

  set(rule: number, state: number): void {
    let page = this.#pageOf(rule);
    if (page === noPage) {
      this.take?.(pageBytes);
      if (!this.isKept) return;
      page = [0, 0, 0, 0, 0, 0, 0, 0];
      this.#pages[rule >> pageBits] = page;
    }
    const shift = shiftOf(rule);
    page[wordOf(rule)] = ((page[wordOf(rule)] ?? 0) & ~(maskOfState << shift)) | (state << shift);
  }

  /** Whether the decisions are in a cache. If not, no decision is stored. */
  get isKept(): boolean {
    return this.take !== null;
  }

  /** Frees the memory. */
  discard(): void {
    this.take = null;
    this.#pages = [];
    this.#latest = noPage;
    this.#latestAt = -1;
  }

  #pageOf(rule: number): number[] {
    const at = rule >> pageBits;
    const page = this.#pages[at];
    if (page === undefined) return noPage;
    this.#latest = page;
    this.#latestAt = at;
    return page;
  }
}

const noPage: number[] = [];

/** Returns the place of a rule's number in its page. */
function wordOf(rule: number): number {
  return (rule & (pageSize - 1)) >> wordBits;
}

/** Returns the place of a rule's state in its number. */
function shiftOf(rule: number): number {
  return (rule & ((1 << wordBits) - 1)) * stateBits;
}
