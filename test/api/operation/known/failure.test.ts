import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphQLError, GraphQLScalarType, parse } from 'graphql';
import { createGuardedSchema } from '../../../../src/auth/schema.ts';
import { bothPaths } from '../../../support/known.ts';
import { reasonOf } from '../../../properties/equality/odd/leaves.ts';

const members = ['message', 'stack', 'extensions', 'path', 'name'] as const;

/** Returns an error with a member that throws when it is read. */
const unreadable = (member: string, reason: unknown): Error =>
  Object.defineProperty(new Error('unreadable'), member, {
    get() {
      throw reason;
    },
  });

/** The ways in which a value of a resolver fails with a reason. */
const ways: Readonly<Record<string, (reason: unknown) => unknown>> = {
  'toJSON throws it': (reason) => ({
    toJSON() {
      throw reason;
    },
  }),
  'toJSON of a promised value throws it': (reason) => Promise.resolve(ways['toJSON throws it']?.(reason)),
  'the resolver throws it': (reason) => {
    throw reason;
  },
  'a promise rejects with it': (reason) => Promise.reject(reason),
  'an extension throws it': (reason) => {
    throw new GraphQLError('extended', { extensions: { a: ways['toJSON throws it']?.(reason) } });
  },
  ...Object.fromEntries(
    members.flatMap((member) => [
      [`${member} of an error throws it`, (reason: unknown) => Promise.reject(unreadable(member, reason))],
      [
        `${member} of an error of toJSON throws it`,
        (reason: unknown) => ways['toJSON throws it']?.(unreadable(member, reason)),
      ],
    ]),
  ),
};

describe('an answer that fails with a value that cannot be examined', () => {
  let make: () => unknown = () => null;
  const Odd = new GraphQLScalarType({ name: 'Odd', serialize: (value) => value });
  const typeDefs = 'type Query { odd: Odd @public  must: Odd! @public }  scalar Odd';
  const resolvers = { Odd, Query: { odd: () => make(), must: () => make() } };
  const guarded = createGuardedSchema({ modules: [{ name: 'odd', typeDefs, resolvers }] });

  for (const [way, valueOf] of Object.entries(ways)) {
    it(`is an answer, and is counted one time: ${way}`, async () => {
      const reports: unknown[] = [];
      const { known, byKnown } = await bothPaths({ guarded, reports });
      for (let random = 0; random < 64; random += 1) {
        make = () => valueOf(reasonOf(random));
        for (const query of ['{ odd }', '{ must }', '{ a: odd must }']) {
          known.remember(query, parse(query));
          reports.length = 0;
          const answer = await byKnown({ query, context: () => ({}) });
          assert.ok(typeof answer !== 'string');
          assert.match(answer.body, /^\{"(errors|data)":/);
          const counted = answer.reports.filter((report) => typeof report === 'object' && report && 'type' in report);
          assert.equal(counted.length, 1, `reason ${random}: ${query}`);
        }
      }
    });
  }
});
