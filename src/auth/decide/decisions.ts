import type { Principal } from '../../principal.ts';
import { authCaches } from '../caches.ts';

/** The decisions of one principal, by the number of the rule. 0: not decided. */
export interface Decisions {
  get(rule: number): number;
  set(rule: number, state: number): void;
}

/** The decisions of principals. */
export interface DecisionCache {
  /** Returns the decisions of a principal. They are kept as long as the principal, or until the cache is full. */
  of(principal: Principal): Decisions;
  /** How many principals have decisions in the cache. A principal that was collected counts until the cache is full. */
  readonly entries: number;
}

/** The decisions of `2 ** pageBits` rules are kept together. V8 keeps a typed array of at most 64 bytes with its object. */
const pageBits = 6;
const pageSize = 1 << pageBits;
/** The size of a page with its objects, estimated from above. */
const pageBytes = 320;

/**
 * Makes a cache of decisions. Most principals use few rules of a large schema. Therefore a principal takes memory only
 * for the pages of rules that were decided for it. If the cache is full, it is emptied, and rules are
 * decided again.
 */
export function createDecisions(
  rules: number,
  bound: { readonly entries: number; readonly bytes: number } = authCaches.decisions,
): DecisionCache {
  const ownBytes = 256 + (12 * rules) / pageSize;
  let byPrincipal = new WeakMap<Principal, Decisions>();
  let entries = 0;
  let bytes = 0;

  /** Counts new memory before it is used. */
  function take(more: number): void {
    bytes += more;
    if (bytes <= bound.bytes && entries < bound.entries) return;
    byPrincipal = new WeakMap();
    entries = 0;
    bytes = more;
  }

  function create(): Decisions {
    const pages: (Int8Array | undefined)[] = [];
    return {
      get: (rule) => pages[rule >> pageBits]?.[rule & (pageSize - 1)] ?? 0,
      set(rule, state) {
        let page = pages[rule >> pageBits];
        if (page === undefined) {
          take(pageBytes);
          page = new Int8Array(pageSize);
          pages[rule >> pageBits] = page;
        }
        page[rule & (pageSize - 1)] = state;
      },
    };
  }

  return {
    of(principal) {
      const known = byPrincipal.get(principal);
      if (known !== undefined) return known;
      take(ownBytes);
      const created = create();
      byPrincipal.set(principal, created);
      entries += 1;
      return created;
    },
    get entries() {
      return entries;
    },
  };
}
