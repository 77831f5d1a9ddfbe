import { GraphQLError } from 'graphql';

/** The failure of a resolver or of a list's item. */
export class Failure {
  readonly reason: unknown;

  constructor(number: number) {
    const reasons = [
      new Error('it broke'),
      'a text',
      undefined,
      Object.freeze(new Error('it froze')),
      new GraphQLError('it is said', { extensions: { code: 'TEAPOT' } }),
      { odd: true },
      null,
      7,
    ];
    this.reason = reasons[number % reasons.length];
  }
}

/** Wraps the value of a resolver in one of the ways that graphql-js accepts. The number chooses the way. */
export function dress(settled: unknown, way: number): unknown {
  const now = () => {
    if (settled instanceof Failure) throw settled.reason;
    return Array.isArray(settled) ? dressList(settled, way >>> 3) : settled;
  };
  if (settled instanceof Failure && settled.reason instanceof Error && way % 16 === 9) return settled.reason;
  return inWay(now, way % 8);
}

function inWay(now: () => unknown, way: number): unknown {
  switch (way) {
    case 4:
      return new Promise((resolve) => resolve(now()));
    case 5:
      return hops(3).then(now);
    case 6:
      return thenable(now);
    case 7:
      return new Promise(setImmediate).then(now);
    default:
      return now();
  }
}

function dressList(items: readonly unknown[], way: number): unknown {
  // The items are made when the list is read, because a promise that nothing waits for must not reject.
  const dressed = () => items.map((item, at) => dressItem(item, (way >>> (at % 7)) + at));
  if (way % 5 === 3) return { [Symbol.iterator]: () => dressed().values() };
  return way % 5 === 4 ? dressed().values() : dressed();
}

function dressItem(item: unknown, way: number): unknown {
  if (!(item instanceof Failure)) return dress(item, way);
  if (item.reason instanceof Error && way % 3 === 0) return item.reason;
  return inWay(
    () => {
      throw item.reason;
    },
    4 + (way % 4),
  );
}

async function hops(count: number): Promise<void> {
  for (let hop = 0; hop < count; hop += 1) await Promise.resolve();
}

function thenable(now: () => unknown): unknown {
  return {
    // oxlint-disable-next-line unicorn/no-thenable -- a resolver may return one.
    then: (complete: (value: unknown) => unknown, fail: (reason: unknown) => unknown) =>
      hops(1).then(now).then(complete, fail),
  };
}

/**
 * Wraps a value for a schema without a guard. Every item of a list is a promise, because graphql-js drops the promises
 * of a list when an item fails synchronously, and a dropped rejection would end the process.
 */
export function calm(settled: unknown): unknown {
  if (settled instanceof Failure) throw settled.reason;
  return Array.isArray(settled) ? settled.map(async (item) => calm(item)) : settled;
}
