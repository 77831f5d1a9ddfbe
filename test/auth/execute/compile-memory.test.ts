import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { parse } from 'graphql';
import { createExecutor } from '../../../src/auth/execute/executor.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { heapUsed } from '../../support/heap.ts';

describe('E-9 compiled selections are bounded', () => {
  it('E-9 their code takes no more than its bound, also when V8 has optimized it', async (test) => {
    const names = Array.from({ length: 20 }, (_, at) => `f${at}`);
    const wide = createGuardedSchema({
      modules: [
        {
          name: 'wide',
          typeDefs: `type Query { items: [Item!]! @public }  type Item { ${names.map((name) => `${name}: String`).join(' ')} }`,
        },
      ],
    });
    const item = Object.fromEntries(names.map((name) => [name, name]));
    const rootValue = { items: Array.from({ length: 500 }, () => ({ ...item })) };
    const bytes = 2 * 1024 * 1024;

    /** Returns by how many bytes the heap grows for 100 documents, which are kept. Their code exceeds the bound. */
    async function growth(compileAfter: number, bound = bytes): Promise<number> {
      const options = { compileAfter, compileIntervalMs: 0, compiledBound: { bytes: bound, entries: 1_000 } };
      const executeQuery = createExecutor(wide.schema, options);
      const documents = Array.from({ length: 103 }, (_, index) =>
        parse(`{ items { ${names.map((name, at) => `a${index}_${at}: ${name}`).join(' ')} } }`, { noLocation: true }),
      );
      const run = (document: (typeof documents)[number]): void => {
        for (let time = 0; time < 4; time += 1) {
          assert.equal('data' in executeQuery({ document, rootValue, contextValue: {} }), true);
        }
      };
      documents.splice(0, 3).forEach(run);
      await setTimeout(100); // V8 optimizes on another thread.
      const before = heapUsed();
      documents.forEach(run);
      await setTimeout(100);
      const grown = heapUsed() - before;
      assert.equal(documents.length, 100);
      return grown;
    }

    const interpreted = await growth(Infinity);
    const compiled = await growth(1);
    const unbounded = await growth(1, 100 * bytes);
    test.diagnostic(`without code ${interpreted} bytes, with it ${compiled}, and without its bound ${unbounded}`);
    assert.ok(compiled <= interpreted + bytes, `${compiled} bytes`);
    assert.ok(unbounded > interpreted + bytes, `${unbounded} bytes: the test makes too little code`);
  });

  it('E-9 compiles what is still executed often again, after the code was dropped', async () => {
    const { schema } = createGuardedSchema({
      modules: [{ name: 'main', typeDefs: 'type Query { i: I @public }  type I { i: I  text: String }' }],
    });
    const rootValue = { i: { i: { text: 'u' }, text: 't' } };
    const executeQuery = createExecutor(schema, {
      compileAfter: 1,
      compileIntervalMs: 0,
      compiledBound: { bytes: 30_000, entries: 2 },
    });
    for (let index = 0; index < 200; index += 1) {
      const document = parse(`{ i { a${index % 7}: text i { b: text } } }`, { noLocation: true });
      const result = await executeQuery({ document, rootValue, contextValue: {} });
      assert.equal('data' in result && result.data, `{"i":{"a${index % 7}":"t","i":{"b":"u"}}}`);
    }
  });
});
