import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GraphQLScalarType } from 'graphql';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { faults, values } from './odd-answers.ts';
import { type LanePair, startLanePair } from '../../support/lane/pair.ts';

const typeDefs = `
  scalar Any
  type Query { one: String @public  two: Item @public  any: Any @public  items: [Item!] @public }
  type Item { id: ID!  fault: String  strict: String!  late: String }
`;

describe('a server with the lane and one without it answer alike', () => {
  let next: { readonly fault: () => unknown; readonly value: () => unknown };
  let pair: LanePair;
  /** For results that cannot be written: without the lane, they are counted as `ok`. */
  let uncounted: LanePair;

  const raise = (): never => {
    throw next.fault();
  };
  const later = async () => {
    await new Promise(setImmediate);
    return raise();
  };
  before(async () => {
    const start = () =>
      startLanePair({
        make: () => ({
          guarded: createGuardedSchema({
            modules: [
              {
                name: 'answers',
                typeDefs,
                resolvers: {
                  Any: new GraphQLScalarType({ name: 'Any' }),
                  Query: {
                    one: raise,
                    two: () => ({ id: '1' }),
                    any: () => next.value(),
                    items: () => [{ id: '1' }, { id: '2' }],
                  },
                  Item: { fault: raise, strict: raise, late: later },
                },
              },
            ],
          }),
        }),
      });
    [pair, uncounted] = await Promise.all([start(), start()]);
  });
  after(async () => {
    const { lane } = await pair.seen();
    await Promise.all([pair.close(), uncounted.close('answers')]);
    assert.ok((lane['answered'] ?? 0) > 300, JSON.stringify(lane));
  });

  const documents = [
    '{ one }',
    '{ two { id fault } }',
    '{ two { id strict late } }',
    '{ items { id late } }',
    '{ a: one b: one two { id } }',
  ];
  for (const [name, fault] of Object.entries(faults)) {
    it(`if a resolver throws: ${name}`, async () => {
      next = { fault, value: () => null };
      for (const query of documents) {
        const types = ['application/json', 'application/graphql-response+json'];
        for (const accept of query === '{ one }' ? types : types.slice(0, 1)) {
          await pair.compare({
            headers: ['content-type', 'application/json', 'accept', accept],
            body: JSON.stringify({ query }),
          });
        }
      }
    });
  }

  for (const [name, value] of Object.entries(values)) {
    it(`if a scalar has ${name}`, async () => {
      next = { fault: () => new Error('it broke'), value };
      for (const query of ['{ any }', '{ any one }', '{ any two { late } }']) {
        // A result that cannot be written is logged in both ways. Without the lane, its outcome was counted before.
        const { status, log } = await uncounted.compare({ body: JSON.stringify({ query }) }, 'answers');
        assert.ok(status === 200 || log.some(({ level }) => level === 'error'), JSON.stringify(log));
      }
    });
  }
});
