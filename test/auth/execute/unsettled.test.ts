import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { promiseHooks } from 'node:v8';
import { getOperationAST, parse } from 'graphql';
import { createExecutor } from '../../../src/auth/execute/executor.ts';
import { Run } from '../../../src/auth/execute/run.ts';
import { Group, type Receiver } from '../../../src/auth/execute/promises/unsettled.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { assertSame, byExecutor, byGraphql } from '../../support/both-executors.ts';
import { principalFor } from '../../support/callers.ts';

/** Fails, throws or gives a value, at once or some microtasks later. The seed decides it. */
class Tree {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  readonly leaf = (): unknown => this.#dressed(1, (random) => (random % 4 === 0 ? null : random % 100));
  readonly need = (): unknown => this.#dressed(2, (random) => (random % 5 === 0 ? null : random % 100));
  readonly tree = (): unknown => this.#dressed(3, (random) => new Tree(random));
  readonly must = (): unknown => this.#dressed(4, (random) => new Tree(random));
  readonly trees = (): unknown => this.#dressed(5, (random) => this.#items(random));
  readonly musts = (): unknown => this.#dressed(6, (random) => this.#items(random));

  #items(random: number): unknown[] {
    return Array.from({ length: random % 3 }, (_, at) => this.#dressed(random + at, (inner) => new Tree(inner)));
  }

  #dressed(salt: number, make: (random: number) => unknown): unknown {
    const random = hash(this.#seed, salt);
    const value = (): unknown => {
      if (random % 6 === 0) throw new Error(`failed ${random % 1_000}`);
      return make(hash(random, 7));
    };
    const microtasks = (random >>> 8) % 14;
    return microtasks > 8 ? value() : after(microtasks, value);
  }
}

async function after(microtasks: number, value: () => unknown): Promise<unknown> {
  for (let each = 0; each < microtasks; each += 1) await Promise.resolve();
  return value();
}

function hash(seed: number, salt: number): number {
  const mixed = Math.imul(seed ^ Math.imul(salt + 1, 0x9e3779b1), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13) ^ (mixed >>> 7)) >>> 0;
}

const fields = 'leaf: Int  need: Int!  tree: Tree  must: Tree!  trees: [Tree]  musts: [Tree!]!';
const trees = createGuardedSchema({
  modules: [
    {
      name: 'trees',
      typeDefs: `type Query { top: Tree @public  mustTop: Tree! @public }  type Tree { ${fields} }`,
      resolvers: {
        Query: {
          top: ({ seed }: { seed: number }) => new Tree(seed),
          mustTop: ({ seed }: { seed: number }) => new Tree(seed),
        },
      },
    },
  ],
});
const contextValue = (): unknown => ({ principal: principalFor({ scopes: [] }) });

function selection(seed: number, depth: number): string {
  const chosen = ['leaf', 'need', 'tree', 'must', 'trees', 'musts'].filter(
    (_, at) => hash(seed, at) % 3 > 0 || at === 0,
  );
  const inner = (name: string): string =>
    /leaf|need/.test(name) ? name : `${name} ${selection(hash(seed, 9), depth - 1)}`;
  return `{ ${chosen
    .filter((name) => depth > 0 || /leaf|need/.test(name))
    .map(inner)
    .join(' ')} }`;
}

describe('values that wait for promises', () => {
  it('report the errors of graphql-js, in its order, if fields fail within a few microtasks', async () => {
    const execute = createExecutor(trees.schema);
    let failed = 0;
    for (let seed = 1; seed <= 500; seed += 1) {
      const document = parse(
        `{ top ${selection(seed, 3)} ${seed % 2 === 0 ? `mustTop ${selection(seed + 1, 2)}` : ''} }`,
      );
      const request = { document, rootValue: () => ({ seed }), contextValue };
      const wanted = await quietly(() => byGraphql(trees.schema, request));
      const found = (await quietly(() => byExecutor(execute, request))) ?? assert.fail();
      assertSame(found, wanted);
      if (wanted.errors.length > 1) failed += 1;
    }
    assert.ok(failed > 100, `${failed} results with several errors`);
  });

  it('need one promise each, and a few for the complete result', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => ({ id: index, buyer: async () => ({ id: index }) }));
    const { schema } = createGuardedSchema({
      modules: [
        {
          name: 'rows',
          typeDefs:
            'type Query { rows: [Row!]! @public }  type Row { id: Int!  buyer: Buyer! }  type Buyer { id: Int! }',
          resolvers: { Query: { rows: async () => rows } },
        },
      ],
    });
    const execute = createExecutor(schema);
    const request = { document: parse('{ rows { id buyer { id } } }'), contextValue: contextValue() };
    await execute(request);
    let made = 0;
    const stop = promiseHooks.onInit(() => {
      made += 1;
    });
    const result = await execute(request);
    stop();
    assert.equal(result.kind === 'result' && JSON.parse(result.data).rows.length, 50);
    // Each of the 51 resolvers makes one promise, and `then` makes another one.
    assert.ok(made <= 51 * 2 + 8, `${made} promises`);
  });

  it('fail if their text is too long for a string', async () => {
    const document = parse('{ top { leaf } }');
    const operation = getOperationAST(document) ?? assert.fail();
    const group = new Group(new Run(trees.schema, operation, {}, undefined, {}, null), 'object');
    const long = 'x'.repeat(2 ** 29 - 100);
    group.add(long, '0');
    group.close(long);
    const error = await new Promise<unknown>((resolve) => {
      group.deliverTo({ arrived: resolve, failed: resolve } satisfies Receiver, 1);
    });
    assert.ok(error instanceof RangeError, String(error).slice(0, 100));
  });
});

/** Runs work in which graphql-js may drop promises that reject. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', () => {});
  try {
    const result = await work();
    await new Promise(setImmediate);
    return result;
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  }
}
