import type { Principal } from '../../principal.ts';
import { Given } from '../../protocol/stamps.ts';
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
const maskOfWord = (1 << (pageBits - wordBits)) - 1;
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
      const latest = Latest.of(principal);
      if (latest !== null && latest.take === take) return latest;
      const decisions = find(principal);
      Latest.set(principal, decisions);
      return decisions;
    },
    get entries() {
      return kept.length;
    },
  };
}

/**
 * The decisions of a principal in the cache that was asked for it last. Most processes have one cache. With many
 * principals, the table of a `WeakMap` is slow memory.
 */
class Latest extends Given {
  #decisions: PagedDecisions;

  constructor(principal: Principal, decisions: PagedDecisions) {
    super(principal);
    this.#decisions = decisions;
  }

  static of(principal: Principal): PagedDecisions | null {
    return #decisions in principal ? principal.#decisions : null;
  }

  static set(principal: Principal, decisions: PagedDecisions): void {
    if (#decisions in principal) principal.#decisions = decisions;
    // oxlint-disable-next-line no-new -- the constructor adds the private member to the principal
    else new Latest(principal, decisions);
  }
}

class PagedDecisions implements Decisions {
  /** Counts the memory of a new page. It names the cache of these decisions. Null: the cache was emptied. */
  take: ((bytes: number) => void) | null;
  /** The number that was used last, and its place. Most operations use rules of one number. */
  #latest = 0;
  #latestAt = -1;
  #pages: (number[] | undefined)[] = [];

  constructor(take: (bytes: number) => void) {
    this.take = take;
  }

  get(rule: number): number {
    const at = rule >> wordBits;
    if (at !== this.#latestAt) {
      this.#latest = this.#pages[rule >> pageBits]?.[at & maskOfWord] ?? 0;
      this.#latestAt = at;
    }
    return (this.#latest >> shiftOf(rule)) & maskOfState;
  }

  set(rule: number, state: number): void {
    let page = this.#pages[rule >> pageBits];
    if (page === undefined) {
      this.take?.(pageBytes);
      if (!this.isKept) return;
      page = [0, 0, 0, 0, 0, 0, 0, 0];
      this.#pages[rule >> pageBits] = page;
    }
    const at = rule >> wordBits;
    const others = (page[at & maskOfWord] ?? 0) & ~(maskOfState << shiftOf(rule));
    this.#latest = page[at & maskOfWord] = others | (state << shiftOf(rule));
    this.#latestAt = at;
  }

  /** Whether the decisions are in a cache. If not, no decision is stored. */
  get isKept(): boolean {
    return this.take !== null;
  }

  /** Frees the memory. */
  discard(): void {
    this.take = null;
    this.#pages = [];
    this.#latestAt = -1;
  }
}

/** Returns the place of a rule's state in its number. */
function shiftOf(rule: number): number {
  return (rule & ((1 << wordBits) - 1)) * stateBits;
}
