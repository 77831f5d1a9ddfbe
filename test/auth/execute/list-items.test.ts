import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import { createExecutor } from '../../../src/auth/execute/executor.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { assertSame, byExecutor, byGraphql } from '../../support/both-executors.ts';
import { principalFor } from '../../support/callers.ts';

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
/** Like the objects of a library that throws if an unknown member is read. */
const strict = (): object =>
  new Proxy(
    { id: 'strict' },
    {
      get(target, name) {
        if (name === 'id') return target.id;
        throw new Error(`there is no member ${String(name)}`);
      },
    },
  );

const lists: Readonly<Record<string, () => unknown>> = {
  'an object whose members throw': () => [{ id: '1' }, strict(), { id: '3' }],
  'a revoked proxy': () => [revoked(), { id: '2' }],
  'an object whose members throw, and a promise': () => [Promise.resolve({ id: '1' }), strict()],
  'only objects whose members throw': () => [strict(), strict()],
  'a promise of a list with one': async () => [{ id: '1' }, strict()],
};

describe('E-1 an item whose member `then` cannot be read fails at its own place, as with graphql-js', () => {
  let list: () => unknown = () => [];
  const { schema } = createGuardedSchema({
    modules: [
      {
        name: 'main',
        typeDefs: `
          type Query { items: [Item] @public  ruled: [Ruled] @public  strict: [Item!] @auth(scope: "s") }
          type Item { id: ID }
          type Ruled @auth(scope: "s") { id: ID }
        `,
        resolvers: { Query: { items: () => list(), ruled: () => list(), strict: () => list() } },
      },
    ],
  });
  const executeQuery = createExecutor(schema);
  for (const [name, made] of Object.entries(lists)) {
    for (const field of ['items', 'ruled', 'strict']) {
      it(`${name}: ${field}`, async () => {
        list = made;
        const principal = principalFor({ scopes: ['s'] });
        const request = { document: parse(`{ ${field} { id } }`), contextValue: () => ({ principal }) };
        const [found, wanted] = [await byExecutor(executeQuery, request), await byGraphql(schema, request)];
        assert.ok(found);
        assert.match(wanted.errors.join(), new RegExp(`"path":\\["${field}",\\d`));
        assertSame(found, wanted);
      });
    }
  }
});

describe('an array with an iterator of its own is read as graphql-js reads it', () => {
  const iterated = (own: unknown[], iterate: () => Iterator<unknown>): unknown =>
    Object.assign(own, { [Symbol.iterator]: iterate });
  const rejecting = (): Promise<never> => Promise.reject(new Error('an item'));
  const arrays: Readonly<Record<string, { readonly made: () => unknown; readonly wanted: string }>> = {
    'other items': { made: () => iterated(['a', 'b'], () => ['c'].values()), wanted: '{"list":["c"]}' },
    'other items than a revoked proxy': {
      made: () => iterated([revoked()], () => ['c'].values()),
      wanted: '{"list":["c"]}',
    },
    'a promise that the array does not hold': {
      made: () => iterated(['a'], () => [Promise.resolve('c'), rejecting()].values()),
      wanted: '{"list":["c",null]}',
    },
    'a promise that rejects, and then an error': {
      made: () =>
        iterated(['a'], function* () {
          yield rejecting();
          throw new Error('the iterator');
        }),
      wanted: '{"list":null}',
    },
  };
  let made: () => unknown = () => [];
  const { schema } = createGuardedSchema({
    modules: [
      {
        name: 'main',
        typeDefs: 'type Query { list: [String] @public }',
        resolvers: { Query: { list: () => made() } },
      },
    ],
  });
  const executeQuery = createExecutor(schema);
  for (const [name, { made: make, wanted: data }] of Object.entries(arrays)) {
    it(`it gives ${name}`, async () => {
      made = make;
      const request = { document: parse('{ list }'), contextValue: () => ({ principal: principalFor({}) }) };
      // The test runner fails a test that leaves a rejection unhandled.
      const [found, wanted] = [await byExecutor(executeQuery, request), await byGraphql(schema, request)];
      await new Promise(setImmediate);
      assert.ok(found);
      assert.equal(found.data, data);
      assertSame(found, wanted);
    });
  }
});
