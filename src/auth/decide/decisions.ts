import type { Principal } from '../../principal.ts';
import { Given } from '../../protocol/stamps.ts';
import { authCaches } from '../caches.ts';

/** The decisions of principals, by the number of the rule. */
export interface DecisionCache {
  /** Returns the decision about a rule for a principal. 0: not decided. */
  get(principal: Principal, rule: number): number;
  /**
   * Keeps a decision as long as the principal, or until the cache is full.
   *
   * @param state - 0 to 7
   */
  set(principal: Principal, rule: number, state: number): void;
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
  let byPrincipal = new WeakMap<Principal, Pages>();
  let entries = 0;
  let bytes = 0;
  /** Names what the cache contains since it was emptied last. */
  let contents: object = {};

  /** Counts new memory before it is used. Empties a full cache first. */
  function take(more: number): void {
    bytes += more;
    if (bytes <= bound.bytes && entries < bound.entries) return;
    byPrincipal = new WeakMap();
    entries = 0;
    bytes = more;
    contents = {};
  }

  function pagesOf(principal: Principal): Pages {
    const known = byPrincipal.get(principal);
    if (known !== undefined) return known;
    take(ownBytes);
    const created: Pages = [];
    byPrincipal.set(principal, created);
    entries += 1;
    return created;
  }

  return {
    get(principal, rule) {
      const at = rule >> wordBits;
      const latest = Latest.wordOf(principal, contents, at);
      if (latest !== null) return stateIn(latest, rule);
      const word = pagesOf(principal)[rule >> pageBits]?.[at & maskOfWord] ?? 0;
      Latest.set(principal, contents, at, word);
      return stateIn(word, rule);
    },
    set(principal, rule, state) {
      const at = rule >> wordBits;
      let pages = pagesOf(principal);
      if (pages[rule >> pageBits] === undefined) {
        take(pageBytes);
        pages = pagesOf(principal); // The cache may have been emptied.
      }
      const page = (pages[rule >> pageBits] ??= [0, 0, 0, 0, 0, 0, 0, 0]);
      const others = (page[at & maskOfWord] ?? 0) & ~(maskOfState << shiftOf(rule));
      const word = others | (state << shiftOf(rule));
      page[at & maskOfWord] = word;
      Latest.set(principal, contents, at, word);
    },
    get entries() {
      return entries;
    },
  };
}

/** The pages of a principal. A page has one number for `2 ** wordBits` rules. */
type Pages = (number[] | undefined)[];

/**
 * The number that was used last, in the principal itself. Most operations use rules of one number, and most processes
 * have one cache. With many principals, each further object is slow memory, and so is the table of a `WeakMap`.
 */
class Latest extends Given {
  /** What the number belongs to. After the cache was emptied, the number counts no more. */
  #contents: object;
  #at: number;
  #word: number;

  constructor(principal: Principal, contents: object, at: number, word: number) {
    super(principal);
    this.#contents = contents;
    this.#at = at;
    this.#word = word;
  }

  /** Returns the number at a place. Null: another number was used last. */
  static wordOf(principal: Principal, contents: object, at: number): number | null {
    return #contents in principal && principal.#contents === contents && principal.#at === at ? principal.#word : null;
  }

  static set(principal: Principal, contents: object, at: number, word: number): void {
    if (#contents in principal) {
      principal.#contents = contents;
      principal.#at = at;
      principal.#word = word;
      return;
    }
    // oxlint-disable-next-line no-new -- the constructor adds the private members to the principal
    new Latest(principal, contents, at, word);
  }
}

function stateIn(word: number, rule: number): number {
  return (word >> shiftOf(rule)) & maskOfState;
}

/** Returns the place of a rule's state in its number. */
function shiftOf(rule: number): number {
  return (rule & ((1 << wordBits) - 1)) * stateBits;
}
