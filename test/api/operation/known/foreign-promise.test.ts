import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';
import { createGuardedSchema } from '../../../../src/auth/schema.ts';
import { anonymous } from '../../../../src/principal.ts';
import { bothPaths } from '../../../support/known.ts';

/** A promise of a library such as Bluebird: its `then` returns a promise of the library too. */
class LibraryPromise {
  readonly #promise: Promise<unknown>;

  constructor(promise: Promise<unknown>) {
    this.#promise = promise;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- promises of libraries have it
  then(...handlers: Parameters<Promise<unknown>['then']>): LibraryPromise {
    return new LibraryPromise(this.#promise.then(...handlers));
  }
}

const promises: Readonly<Record<string, (value: number) => unknown>> = {
  'of a library': (value) => new LibraryPromise(Promise.resolve(value)),
  'of a library that rejects': () => new LibraryPromise(Promise.reject(new Error('a secret of the server'))),
  'of another realm': (value) => runInNewContext('Promise.resolve(value)', { value }),
};

const typeDefs = `
  type Query { hello: String @public }
  type Mutation {
    charge: Int @public
    strict: Int! @public
    guarded: Int @auth
  }
`;

describe('a known mutation whose resolver returns a promise', () => {
  for (const [name, promiseOf] of Object.entries(promises)) {
    for (const query of ['mutation { charge }', 'mutation { strict }', 'mutation { charge a: charge strict }']) {
      it(`${name} runs one time, as with Apollo Server: ${query}`, async () => {
        const reports: unknown[] = [];
        const run = () => {
          reports.push('ran');
          return promiseOf(1);
        };
        const resolvers = { Mutation: { charge: run, strict: run, guarded: run } };
        const guarded = createGuardedSchema({ modules: [{ name: 'foreign', typeDefs, resolvers }] });
        const both = await bothPaths({ guarded, reports });
        const request = { query, context: () => ({ principal: anonymous }) };
        const expected = await both.byApollo(request);
        assert.deepEqual(await both.byKnown(request), expected);
      });
    }
  }
});
