import { hash } from './hash.ts';
import { leafOf, reasonOf } from './leaves.ts';
import { createScript, type Script } from './script.ts';
import { dressed } from './settle.ts';

/**
 * Returns a root value. The seed determines its values, and the turns of the event loop in which its promises settle.
 *
 * @param script - settles some of the promises. Default: a new one
 * @param onRead - called before each member is read. Default: no-op
 */
export function oddRoot(seed: number, script = createScript(), onRead = (): void => {}): object {
  return new Odd(script, onRead).objectOf(seed, 0);
}

const typeNames: readonly ((seed: number) => unknown)[] = [
  () => 'Query',
  () => 'Unknown',
  () => '__proto__',
  () => 7,
  () => new String('Plain'),
  () => null,
  () => Symbol('Plain'),
  (seed) => Promise.resolve(seed % 2 === 0 ? 'Plain' : 'Ruled'),
];

/** Makes odd values. Members are made when they are read. */
class Odd {
  readonly #script: Script;
  readonly #onRead: () => void;

  constructor(script: Script, onRead: () => void) {
    this.#script = script;
    this.#onRead = onRead;
  }

  /** Makes an object that returns a value for each field. */
  objectOf(seed: number, depth: number): object {
    const random = hash(`${seed} type`);
    const odd = random % 9 === 0 ? typeNames[(random >>> 4) % typeNames.length] : undefined;
    const own = { __typename: odd ? odd(seed) : random % 2 === 0 ? 'Plain' : 'Ruled' };
    const target = random % 11 === 0 ? Object.assign(() => 'called', own) : own;
    return new Proxy(target, {
      get: (_target, name) => this.#memberOf(own, seed, depth, name),
    });
  }

  #memberOf(own: { __typename: unknown }, seed: number, depth: number, name: string | symbol): unknown {
    if (typeof name !== 'string' || name === 'then' || name === 'toJSON') return undefined;
    if (name === '__typename') return own.__typename;
    this.#onRead();
    const random = hash(`${seed} ${name}`);
    if (random % 53 === 0) throw reasonOf(random >>> 7);
    const value = (): unknown => this.#dressed(() => this.#valueOf(name, random, depth), random >>> 4);
    return random % 3 === 0 ? value : value();
  }

  #dressed(make: () => unknown, random: number): unknown {
    return dressed(make, random, this.#script);
  }

  #valueOf(name: string, random: number, depth: number): unknown {
    if (random % 11 === 0) return null;
    if (random % 37 === 0) return undefined;
    const next = (salt: number): number => hash(`${random} ${salt}`);
    const wrong = random % 29 === 0;
    if (/s$|nested/.test(name) !== wrong && name !== 'yes') {
      if (depth > 3 && !/texts|anys|nested/i.test(name)) return [];
      const inner = /nested|eithers/.test(name) && next(9) % 9 !== 0;
      const items = Array.from({ length: random % 4 }, (_, at) =>
        this.#dressed(
          () => (inner ? this.#listOf(name, next(at), depth) : this.#itemOf(name, next(at), depth)),
          next(at) >>> 3,
        ),
      );
      return iterated(items, random >>> 2);
    }
    return this.#itemOf(name, random, depth);
  }

  #listOf(name: string, random: number, depth: number): unknown {
    const items = Array.from({ length: random % 3 }, (_, at) => {
      const own = hash(`${random} in ${at}`);
      return this.#dressed(() => this.#itemOf(name, own, depth), own >>> 3);
    });
    return iterated(items, random >>> 2);
  }

  #itemOf(name: string, random: number, depth: number): unknown {
    if (/self|either|plain|node|ruled/.test(name) && random % 13 !== 0) {
      return depth > 3 ? null : this.objectOf(random, depth + 1);
    }
    return leafOf(random);
  }
}

class Items extends Array<unknown> {
  toJSON(): string {
    return 'items';
  }
}

/** The ways in which a list is returned. Some are not lists for graphql-js. */
const ways: readonly ((items: readonly unknown[], random: number) => unknown)[] = [
  (items) => new Set(items),
  (items) => items.values(),
  (items, random) => generated(items, random),
  (items) => Items.from(items),
  (items) => new Proxy([...items], {}),
  (items) => ({ [Symbol.iterator]: () => items.values() }),
  (items) => Object.assign({}, items, { length: items.length }),
  (items) => new Map(items.map((item, at) => [at, item])),
  () => new String('éa'),
  () => new Uint8Array([1, 2]),
  (items) => Object.assign([...items], { [Symbol.iterator]: () => [7].values() }),
  (items) => Object.assign(Array.from({ length: items.length + 1 }), items),
  (items) => asynchronous(items),
  (_, random) => ({
    get [Symbol.iterator](): unknown {
      throw reasonOf(random);
    },
  }),
  (_, random) => ({
    [Symbol.iterator]() {
      throw reasonOf(random);
    },
  }),
  (items, random) => ({
    [Symbol.iterator]: () => ({
      next: () => ({ done: items.length === 0, value: items[0] }),
      ...(random % 2 === 0 ? { done: true } : {}),
      return() {
        throw reasonOf(random);
      },
    }),
  }),
];

function iterated(items: readonly unknown[], random: number): unknown {
  if (random % 4 !== 0) return items;
  // The last way has no end if it has items.
  const count = items.length > 0 ? ways.length - 1 : ways.length;
  return ways[(random >>> 3) % count]?.(items, random >>> 8);
}

function* generated(items: readonly unknown[], random: number): Iterable<unknown> {
  yield* items;
  if (random % 2 === 0) throw reasonOf(random >>> 2);
}

async function* asynchronous(items: readonly unknown[]): AsyncIterable<unknown> {
  yield* items;
}
