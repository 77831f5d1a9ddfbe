/**
 * Returns the source text of a configuration file with one module. Its resolvers and event sources do everything that
 * an author's code may do. The module also reports how many of them are running, and how much memory the process uses.
 *
 * @param settings further members of the configuration, as source text
 */
export function hostileConfig(settings = ''): string {
  return `
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GraphQLError, GraphQLScalarType } from '${import.meta.resolve('graphql')}';
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const gates = new Set();
let running = 0;
/** Waits until the gates are opened. */
async function gate() {
  running += 1;
  try {
    await new Promise((resolve) => gates.add(resolve));
  } finally {
    running -= 1;
  }
}
async function* waiting() {
  await gate();
  yield 1;
}
const coded = () => new GraphQLError('Sold out', { extensions: { code: 'SOLD_OUT' } });
const after = (last) => {
  let first = true;
  return {
    next: () => {
      if (!first) return last();
      first = false;
      return Promise.resolve({ done: false, value: 1 });
    },
    [Symbol.asyncIterator]() { return this; },
  };
};
const sources = {
  throws: () => { throw new Error('the secret of the author'); },
  rejects: async () => { throw new Error('the secret of the author'); },
  rejectsWithCode: async () => { throw coded(); },
  throwsNull: () => { throw null; },
  noIterable: () => 5,
  badIterator: () => ({ [Symbol.asyncIterator]: () => { throw new Error('the secret of the author'); } }),
  generatorThrows: async function* () { yield 1; throw new Error('the secret of the author'); },
  generatorThrowsCode: async function* () { yield 1; throw coded(); },
  nextThrows: () => after(() => { throw new Error('the secret of the author'); }),
  nextGivesText: () => after(() => 'text'),
  doneThrows: () => after(async () => ({ get done() { throw new Error('the secret of the author'); } })),
  nextRejectsNothing: () => after(() => Promise.reject()),
  noEvents: async function* () {},
  oneEvent: async function* () { yield 1; },
  neverSettles: () => after(() => new Promise(() => {})),
  returnThrows: () => ({ ...after(() => new Promise(() => {})), return() { throw new Error('the secret of the author'); } }),
  returnRejects: () => ({ ...after(() => new Promise(() => {})), return: () => Promise.reject(new Error('the secret of the author')) }),
};
export default {
  ${settings}
  modules: [{
    name: 'hostile',
    typeDefs: \`
      scalar Odd
      input Range { from: Int to: Int within: Range }
      extend type Query {
        hello: String @public
        big(kib: Int!): String @public
        slow: String @public
        odd: Odd @public
        range(range: Range): Int @public
        running: Int @public
        "Bytes in use after a collection."
        memory: Float @public
        "Lets everything that waits go on."
        open: Boolean @public
        mine: String @auth(scope: "profile")
      }
      type Subscription {
        source(kind: String!): Int @public
        waiting: Int @public
        big(kib: Int!): String @public
        mine: Int @auth(scope: "profile")
      }
    \`,
    resolvers: {
      Odd: new GraphQLScalarType({ name: 'Odd', serialize: (value) => value }),
      Query: {
        hello: () => 'hello',
        big: (_, { kib }) => 'x'.repeat(kib * 1024),
        slow: async () => { await gate(); return 'done'; },
        odd: () => 10n,
        range: (_, { range }) => range?.from ?? null,
        running: () => running,
        memory: async () => {
          collect();
          await new Promise((resolve) => setImmediate(resolve));
          collect();
          const { heapUsed, external } = process.memoryUsage();
          return heapUsed + external;
        },
        open: () => {
          for (const resolve of gates) resolve();
          gates.clear();
          return true;
        },
        mine: () => 'mine',
      },
      Subscription: {
        source: { subscribe: (_, { kind }) => sources[kind](), resolve: (n) => n },
        waiting: { subscribe: waiting, resolve: (n) => n },
        big: {
          subscribe: async function* (_, { kib }) {
            running += 1;
            try {
              for (;;) { yield 'x'.repeat(kib * 1024); await new Promise((resolve) => setImmediate(resolve)); }
            } finally {
              running -= 1;
            }
          },
          resolve: (text) => text,
        },
        mine: { subscribe: sources.oneEvent, resolve: (n) => n },
      },
    },
  }],
};
`;
}
