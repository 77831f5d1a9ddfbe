import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphQLScalarType, parse } from 'graphql';
import { createExecutor } from '../../../src/auth/execute/executor.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { assertSame, byExecutor, byGraphql } from '../../support/both-executors.ts';
import { principalFor } from '../../support/callers.ts';

type Yes = (value: unknown) => unknown;

// oxlint-disable-next-line unicorn/no-thenable -- a resolver may return one.
const thenable = (then: (yes: Yes) => unknown): unknown => ({ then });

const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

/** Values with which a promise resolves. A promise of JavaScript waits again, or fails, for most of them. */
const values: Readonly<Record<string, () => unknown>> = {
  'a text': () => 'a text',
  null: () => null,
  undefined: () => undefined,
  'an object': () => ({ a: [1] }),
  'a revoked proxy': revoked,
  'a member then that throws': () => ({
    // oxlint-disable-next-line unicorn/no-thenable -- a resolver may return one.
    get then(): unknown {
      throw new Error('unreadable');
    },
  }),
  'a promise': () => Promise.resolve('promised'),
  'a rejected promise': () => {
    const promise = Promise.reject(new Error('rejected'));
    promise.catch(() => {}); // A method `then` that throws would drop it, with graphql-js too.
    return promise;
  },
  'a value like a promise': () => thenable((yes) => yes('like')),
  'a value like a promise of another': () => thenable((yes) => yes(thenable((again) => again({ b: 2 })))),
  'a value like a promise of a revoked proxy': () => thenable((yes) => yes(revoked())),
};

/** How a value like a promise reaches the executor. */
const ways: Readonly<Record<string, (value: () => unknown) => unknown>> = {
  'at once': (value) => value(),
  'in a promise': async (value) => new Serialized(value),
  'from a method then that calls at once': (value) => thenable((yes) => yes(new Serialized(value))),
  'from a method then that waits': (value) =>
    thenable((yes) => Promise.resolve().then(() => yes(new Serialized(value)))),
  'from a method then that waits for the result': (value) =>
    thenable(async (yes) => {
      await yes(new Serialized(value));
      return yes(new Serialized(value));
    }),
};

/** A value that `serialize` replaces by a value like a promise. */
class Serialized {
  readonly make: () => unknown;

  constructor(make: () => unknown) {
    this.make = make;
  }
}

describe('a promise of another author settles as in graphql-js', () => {
  let made: () => unknown = () => null;
  const { schema } = createGuardedSchema({
    modules: [
      {
        name: 'main',
        typeDefs: `
          scalar Any
          type Query { item: Item @public }
          type Item { other: Int  any: Any  strict: Any!  list: [Any]  stricts: [Any!] }
        `,
        resolvers: {
          Any: new GraphQLScalarType({
            name: 'Any',
            serialize: (value) => (value instanceof Serialized ? thenable((yes) => yes(value.make())) : value),
          }),
          Query: { item: () => ({ other: 1 }) },
          Item: {
            any: () => made(),
            strict: () => made(),
            list: () => [1, made()],
            stricts: () => [1, made()],
          },
        },
      },
    ],
  });
  const executeQuery = createExecutor(schema);
  for (const [way, give] of Object.entries(ways)) {
    for (const [name, value] of Object.entries(values)) {
      it(`${name}, ${way}`, async () => {
        made = () => give(value);
        const principal = principalFor({ scopes: [] });
        for (const field of ['any', 'strict', 'list', 'stricts']) {
          const request = { document: parse(`{ item { other ${field} } }`), contextValue: () => ({ principal }) };
          const [found, wanted] = await Promise.allSettled([
            byExecutor(executeQuery, request),
            byGraphql(schema, request),
          ]);
          if (wanted.status === 'rejected') {
            assert.equal(found.status === 'rejected' && String(found.reason), String(wanted.reason), field);
          } else {
            assert.ok(found.status === 'fulfilled' && found.value, field);
            assertSame(found.value, wanted.value);
          }
        }
      });
    }
  }
});
