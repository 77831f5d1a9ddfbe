// The part of the API that the hostile client uses. It imports nothing, so that the server's configuration file can
// load it.

/** How many objects a selection needs before the lane compiles it, and one more. */
export const objectsToCompile = 10_001;

/** A module, in the shape that graphql-tools and the server accept. */
interface HostileModule {
  readonly name: string;
  readonly typeDefs: string;
  readonly resolvers: Record<string, any>;
}

const typeDefs = `
  scalar JSON
  enum Mode { VALUES PROMISES MIXED THROW REJECT_LATE NULLS ODD THENABLE ITERABLE ERRORS SLOW }
  enum Kind { A B C @auth(scope: "fuzz:never") }
  input Filter {
    not: Filter
    all: [Filter!]
    grid: [[Filter]]
    name: String
    kind: Kind
    kinds: [Kind!]
    json: JSON
    email: String @auth(scope: "fuzz:never")
  }
  interface Thing {
    id: ID!
    name: String
    secret: String @auth(scope: "fuzz:never")
    next(mode: Mode): Thing!
    parts(mode: Mode, first: Int): [Thing!]!
    any(mode: Mode): Any
  }
  type Book implements Thing {
    id: ID!
    name: String
    secret: String
    next(mode: Mode): Thing!
    parts(mode: Mode, first: Int): [Thing!]!
    any(mode: Mode): Any
    pages(mode: Mode): [Int!]!
    checked: String! @auth(policy: "fuzz")
    mine: String @auth(owner: "id")
    hidden: String @auth(scope: "fuzz:never")
  }
  type Pen implements Thing {
    id: ID!
    name: String
    secret: String
    next(mode: Mode): Pen!
    parts(mode: Mode, first: Int): [Book!]!
    any(mode: Mode): Safe
    grid(mode: Mode): [[Thing!]!]!
  }
  type Safe @auth(scope: "fuzz:never") { marker: String! thing: Thing }
  union Any = Book | Pen | Safe
  extend type Query {
    hello: String! @public
    thing(mode: Mode, filter: Filter): Thing @public
    things(mode: Mode, first: Int, filter: Filter): [Thing!]! @public
    any(mode: Mode): [Any!] @public
    safe: Safe @public
    grid(mode: Mode): [[Thing!]!]! @public
    search(filter: Filter, filters: [Filter!], kinds: [Kind!], json: JSON): String @public
    checked(mode: Mode): [String!] @auth(policy: "fuzz")
    owned(id: ID!): String @auth(owner: "$id")
    me: String @auth
    shelf(count: Int): [Book!]! @public
    unfinished: Int! @public
  }
  extend type Mutation {
    set(filter: Filter, mode: Mode): Thing @public
    wipe: Boolean @auth(scope: "fuzz:never")
    begin(run: String!): Boolean! @public
    finish(run: String!): Boolean! @public
  }
  type Subscription {
    ticks(mode: Mode, filter: Filter): Thing @public
    hidden: Safe @auth(scope: "fuzz:never")
  }
`;

/** Ends the process because a caller reached a resolver that no caller may reach. */
function leaked(what: string): never {
  process.stderr.write(`LEAK: ${what}\n`);
  process.exit(99);
}

/** Searches the arguments for a guarded input at any depth, without recursion. */
function inspect(args: unknown): void {
  const pending: unknown[] = [args];
  for (let value = pending.pop(); pending.length > 0 || value !== undefined; value = pending.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const members = value as Record<string, unknown>; // The search reads the members of any object.
    for (const [name, member] of Object.entries(members)) {
      if (name === 'json') continue; // No rule guards the members of JSON data.
      if (name === 'email') leaked('a guarded input field');
      if (member === 'C') leaked('a guarded enum value');
      pending.push(member);
    }
  }
}

const author = (): Error => new Error('fuzz: an error of the author');
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
/**
 * Makes the value when its promise resolves. A promise within a value made earlier could reject before any code handles
 * it.
 */
const later = async (make: () => unknown, milliseconds = 1): Promise<unknown> => {
  await pause(milliseconds);
  return make();
};
/** A promise of another library: it has only `then`, and starts when `then` is called. */
const thenable = (begin: () => Promise<unknown>): object => ({
  // oxlint-disable-next-line unicorn/no-thenable -- graphql-js must treat it as a promise.
  then: (...next: Parameters<Promise<unknown>['then']>) => begin().then(...next),
});
const fail = async (milliseconds: number): Promise<never> => {
  await pause(milliseconds);
  throw author();
};

/** The guarded property of each thing. It has no resolver, so the executor reads it. */
class Thing {
  [field: string]: unknown;

  get hidden(): never {
    return leaked('a guarded property');
  }
}

let count = 0;
function thing(): Record<string, unknown> {
  count += 1;
  const typeName = count % 3 === 0 ? 'Pen' : 'Book';
  return Object.assign(new Thing(), { __typename: typeName, id: String(count), name: `name ${count}` });
}

const oddities: readonly unknown[] = [
  undefined,
  null,
  0,
  'text',
  Symbol('odd'),
  Object.freeze(new Error('fuzz: frozen')),
  {},
];

/** Returns one value, in each of the ways that graphql-js accepts. */
function one(mode: string | undefined, make: () => unknown): unknown {
  switch (mode) {
    case 'PROMISES':
      return later(make);
    case 'SLOW':
      return later(make, 20);
    case 'THROW':
      throw author();
    case 'REJECT_LATE':
      return fail(5);
    case 'NULLS':
      return null;
    case 'ODD':
      count += 1;
      throw oddities[count % oddities.length];
    case 'THENABLE':
      return thenable(() => later(make));
    case 'ERRORS':
      return author();
    case undefined:
    default:
      return make();
  }
}

/** Returns a list, in each of the ways that graphql-js accepts: its items may be pending, rejected or missing. */
function many(mode: string | undefined, make: () => unknown): unknown {
  switch (mode) {
    case 'PROMISES':
      return [later(make), later(make, 3), fail(4)];
    case 'MIXED':
      return [fail(3), make(), null, later(make), fail(2)];
    case 'NULLS':
      return [later(make), null, make(), fail(1)];
    case 'ITERABLE':
      return new Set([make(), fail(2), make(), null]);
    case 'THENABLE':
      return [make(), thenable(() => fail(2)), null];
    case 'ODD':
      return (function* () {
        yield fail(2);
        yield make();
        throw author();
      })();
    case 'ERRORS':
      return [fail(2), author(), make()];
    case 'THROW':
    case 'REJECT_LATE':
      return one(mode, make);
    case undefined:
    default:
      return [make(), make(), make()];
  }
}

interface Arguments {
  readonly mode?: string;
}

const children = {
  secret: () => leaked('a guarded field'),
  next: (_: unknown, { mode }: Arguments) => one(mode, thing),
  parts: (_: unknown, { mode }: Arguments) => many(mode, thing),
  any: (_: unknown, { mode }: Arguments) =>
    one(mode, () => (count % 2 === 0 ? { __typename: 'Safe', marker: 'x' } : thing())),
};

const rooted = (give: (mode: string | undefined) => unknown) => (_: unknown, args: Arguments) => {
  inspect(args);
  return give(args.mode);
};

/** Whether each run of the mutation has finished, by its name. Holds the last runs. */
const runs = new Map<string, boolean>();
const mostRuns = 20_000;

interface Run {
  readonly run: string;
}

function begin(_: unknown, { run }: Run): boolean {
  if (run.startsWith('never')) leaked('a mutation whose request is not complete');
  if (runs.has(run)) leaked('a mutation that ran before');
  for (const oldest of runs.keys()) {
    if (runs.size < mostRuns) break;
    runs.delete(oldest);
  }
  runs.set(run, false);
  return true;
}

async function finish(_: unknown, { run }: Run): Promise<boolean> {
  await pause(2);
  if (runs.get(run) !== false) leaked('a part of a mutation');
  runs.set(run, true);
  return true;
}

async function* ticks(_: unknown, { mode }: Arguments): AsyncGenerator {
  for (let round = 0; round < 20; round += 1) {
    if (mode === 'THROW' && round === 2) throw author();
    yield mode === 'NULLS' ? null : { ticks: thing() };
    await pause(25);
  }
}

export const hostileModule: HostileModule = {
  name: 'hostile',
  typeDefs,
  resolvers: {
    Thing: { __resolveType: (value: { __typename: string }) => later(() => value.__typename) },
    Book: {
      ...children,
      pages: (_: unknown, { mode }: Arguments) => many(mode, () => 7),
      checked: () => leaked('a field that its policy denies'),
      mine: () => 'mine',
    },
    Pen: {
      ...children,
      next: (_: unknown, { mode }: Arguments) => one(mode, () => ({ __typename: 'Pen', id: '1' })),
      parts: (_: unknown, { mode }: Arguments) => many(mode, () => ({ __typename: 'Book', id: '2' })),
      any: () => ({ marker: 'x' }),
      grid: (_: unknown, { mode }: Arguments) => many(mode, () => many(mode, thing)),
    },
    Safe: { marker: () => leaked('a value of a guarded type') },
    Query: {
      hello: () => 'hello',
      thing: rooted((mode) => one(mode, thing)),
      things: rooted((mode) => many(mode, thing)),
      any: rooted((mode) => many(mode, () => (count % 2 === 0 ? { __typename: 'Safe', marker: 'x' } : thing()))),
      safe: () => ({ marker: 'x' }),
      grid: rooted((mode) => many(mode, () => many(mode, thing))),
      search: rooted(() => 'found'),
      checked: () => leaked('a root field that its policy denies'),
      owned: () => leaked('what has an owner'),
      me: () => 'me',
      shelf: (_: unknown, args: { readonly count?: number | null }) =>
        // No hostile client asks for so many.
        Array.from({ length: args.count === objectsToCompile ? objectsToCompile : 2 }, thing),
      unfinished: () => [...runs.values()].filter((isFinished) => !isFinished).length,
    },
    Mutation: {
      set: rooted((mode) => one(mode, thing)),
      wipe: () => leaked('a guarded mutation'),
      begin,
      finish,
    },
    Subscription: {
      ticks: {
        subscribe: (source: unknown, args: Arguments) => {
          inspect(args);
          if (args.mode === 'REJECT_LATE') return fail(2);
          if (args.mode === 'ODD') throw oddities[0];
          return ticks(source, args);
        },
      },
      hidden: { subscribe: () => leaked('a guarded subscription') },
    },
  },
};

/** A policy that in turn answers late, throws, rejects, and answers with a wrong value. It never allows a request. */
export const hostilePolicies = {
  fuzz(requests: readonly unknown[]): any {
    count += 1;
    if (count % 5 === 0) throw author();
    if (count % 5 === 1) return fail(3);
    if (count % 5 === 2) return [true, ...requests.map(() => true)];
    return later(() => requests.map(() => false));
  },
};
