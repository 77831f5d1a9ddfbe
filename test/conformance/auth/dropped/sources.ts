/**
 * Lists in which one item fails synchronously while another item is pending and rejects later. This file imports
 * nothing, because a server's configuration imports it too.
 */
export const typeDefs = `
  scalar Odd
  union Any = Item
  type Item { n: Int!  inner: [Item!]! }
  type Owned @auth(owner: "owner") { owner: ID  n: Int! }
  type Policed @auth(policy: "later") { n: Int! }
  type Lists {
    strict(pending: String, failing: String, shape: String): [Item!]
    whole(pending: String, failing: String, shape: String): [Item!]!
    loose(pending: String, failing: String, shape: String): [Item]
    nested(pending: String, failing: String, shape: String): [[Item!]!]
    wide(pending: String, failing: String, shape: String): [[Item!]]
    any(pending: String, failing: String, shape: String): [Any!]
    numbers(pending: String, failing: String, shape: String): [Int!]
    odds(pending: String, failing: String, shape: String): [Odd!]
    owned: [Owned!]
    policed: [Policed!]
  }
  type Query { lists: Lists PUBLIC  leaf: Int PUBLIC }
  type Mutation { lists: Lists PUBLIC  again: Lists! PUBLIC }
  type Subscription { lists: Lists PUBLIC }
`;

const later = (settle: () => unknown): Promise<unknown> =>
  new Promise((resolve) => setTimeout(resolve, 3)).then(settle);
const rejectLater = (): Promise<unknown> =>
  later(() => {
    throw new Error('later');
  });

/** What the field `n` of an item does. */
const behaviours: Readonly<Record<string, () => unknown>> = {
  fine: () => 1,
  late: rejectLater,
  lateNull: () => later(() => null),
  throws: () => {
    throw new Error('at once');
  },
  null: () => null,
  unserializable: () => 'no number',
  hostile: () => {
    throw {
      get constructor(): never {
        throw new Error('a getter of what was thrown');
      },
      toJSON(): never {
        throw new Error('toJSON of what was thrown');
      },
    };
  },
};

/** Items that are pending when another item fails. */
const pendingItems: Readonly<Record<string, () => unknown>> = {
  'a field that rejects later': () => ({ does: 'late' }),
  'a field that is null later': () => ({ does: 'lateNull' }),
  'a list within': () => ({ does: 'fine', inner: [{ does: 'late' }, { does: 'late' }] }),
  'a promise that rejects later': rejectLater,
  'a promise that has rejected': () => Promise.reject(new Error('before')),
  'a promise of null': () => later(() => null),
  'a promise of a value that rejects later': () => later(() => ({ does: 'late' })),
  'a thenable that rejects later': () => ({
    // oxlint-disable-next-line unicorn/no-thenable -- what an author may give
    then: (resolve: (value: unknown) => unknown, reject?: (error: unknown) => unknown) =>
      rejectLater().then(resolve, reject),
  }),
  'a type that is resolved later': () => ({ does: 'late', lateType: true }),
};

/** Items that fail synchronously. */
const failingItems: Readonly<Record<string, () => unknown>> = {
  null: () => null,
  undefined: () => undefined,
  'an error': () => new Error('an item'),
  'a field that throws': () => ({ does: 'throws' }),
  'a field that is null': () => ({ does: 'null' }),
  'a field that cannot be serialized': () => ({ does: 'unserializable' }),
  'a field that throws something hostile': () => ({ does: 'hostile' }),
  'a getter that throws': () => ({
    get does(): never {
      throw new Error('a getter');
    },
  }),
  'a then that throws': () => ({
    // oxlint-disable-next-line unicorn/no-thenable -- what an author may give
    then(): never {
      throw new Error('a then');
    },
  }),
  'a then that is a getter that throws': () => ({
    // oxlint-disable-next-line unicorn/no-thenable -- what an author may give
    get then(): never {
      throw new Error('a getter of a then');
    },
  }),
  'no item at all': () => ({ does: 'fine' }),
};

const shapes: Readonly<Record<string, (items: readonly unknown[]) => unknown>> = {
  'an array': (items) => items,
  'a set': (items) => new Set(items),
  'a promise': (items) => Promise.resolve(items),
  'a generator': function* (items) {
    yield* items;
  },
  'an iterator that throws': function* (items) {
    yield* items;
    throw new Error('an iterator');
  },
  'an iterator that throws early': function* ([first]) {
    yield first;
    throw new Error('an iterator');
  },
};

interface Arguments {
  readonly pending: string;
  readonly failing: string;
  readonly shape: string;
}

function items({ pending, failing, shape }: Arguments): unknown {
  // Only the author can handle a promise that the iterator never yields, so this list leaves it out.
  if (shape === 'an iterator that throws early') return shapes[shape]?.([pendingItems[pending]?.()]);
  const rest = [Promise.reject(new Error('the rest')), { does: 'late' }];
  const list = [pendingItems[pending]?.(), failingItems[failing]?.(), pendingItems[pending]?.(), ...rest];
  return shapes[shape]?.(list);
}

function nested(args: Arguments): unknown {
  const rejected = (): Promise<unknown>[] => [Promise.reject(new Error('within'))];
  return [items(args), rejected(), Promise.resolve(rejected()), new Set(rejected()), null, items(args)];
}

function numbers({ shape, failing }: Arguments): unknown {
  if (shape === 'an iterator that throws early') return shapes[shape]?.([rejectLater()]);
  const fails = failing === 'null' ? null : 'no number';
  return shapes[shape]?.([1, rejectLater(), fails, Promise.reject(new Error('the rest')), 2]);
}

const lists = { strict: items, whole: items, loose: items, any: items, nested, wide: nested, numbers };

const resolversOfLists = {
  ...Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [name, (_source: unknown, args: Arguments) => list(args)]),
  ),
  odds: () => ['late', 'throws', 'late'],
  owned: () => [later(() => ({ owner: 'bob', does: 'late' })), { owner: 'bob', does: 'fine' }, rejectLater()],
  policed: () => [{ does: 'fine' }, null, { does: 'fine' }, rejectLater()],
};

const n = ({ does = 'fine' }: { readonly does?: string }): unknown => behaviours[does]?.();

export const resolvers = {
  Query: { lists: () => ({}), leaf: () => 1 },
  Mutation: { lists: () => ({}), again: () => ({}) },
  Subscription: {
    lists: {
      subscribe: async function* () {
        yield { lists: {} };
      },
    },
  },
  Lists: resolversOfLists,
  Item: { n, inner: ({ inner = [] }: { readonly inner?: readonly unknown[] }) => inner },
  Owned: { n },
  Policed: { n },
  Any: { __resolveType: ({ lateType = false }) => (lateType ? later(() => 'Item') : 'Item') },
};

/** Serializes an author's scalar, which completes late. */
export function serializeOdd(value: unknown): unknown {
  if (value === 'throws') throw new Error('serialize');
  return rejectLater();
}

export const policies = {
  later: async (requests: readonly unknown[]) => later(() => requests.map(() => false)) as Promise<boolean[]>,
};

/** Returns selections of `Lists` that cover every combination, each under an alias. */
export function selections(): readonly string[] {
  const asked: string[] = [];
  for (const list of Object.keys(lists)) {
    const below = { numbers: '', any: '{ ... on Item { n inner { n } } }' }[list] ?? '{ n inner { n } }';
    for (const shape of Object.keys(shapes)) {
      for (const failing of Object.keys(failingItems)) {
        for (const pending of list === 'numbers' ? ['a promise of null'] : Object.keys(pendingItems)) {
          asked.push(`${list}(pending: "${pending}", failing: "${failing}", shape: "${shape}") ${below}`);
        }
      }
    }
  }
  return asked;
}
