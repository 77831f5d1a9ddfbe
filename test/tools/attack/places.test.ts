import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attack } from '../../../src/testing/attack.ts';

/** Fields of the same name, with and without a guarded input. */
const typeDefs = `
  type Query {
    blog: Blog @public
    articles(sort: Sort, text: String @auth(scope: "texts")): [Int] @public
  }
  enum Sort { TITLE @auth(scope: "sorted")  ID }
  type Blog { metafield(key: String!): Metafield }
  type Metafield { parent: Shop }
  type Shop { metafield(key: String! @auth(scope: "keys")): Metafield }
`;
const attacked = { modules: [{ name: 'test', typeDefs }] };

const noArgument = 'no argument of an operation takes it, or only in more than 60 objects in one another';

describe('the place of an attacked input', () => {
  it('is no other field with the same name on the way, and not the same field without the input', async () => {
    const { waysIn, notTried, tried } = await attack(attacked);
    assert.deepEqual([waysIn, notTried], [[], []]);
    assert.deepEqual([...tried].toSorted(), ['Query.articles(text:)', 'Shop.metafield(key:)', 'Sort.TITLE']);
  });

  it('does not exist for an enum value that only answers have', async () => {
    const sdl = 'type Query { state: State @public }  enum State { ON  OFF @auth(scope: "off") }';
    const { notTried } = await attack({ modules: [{ name: 'test', typeDefs: sdl }] });
    assert.deepEqual(notTried, [{ coordinate: 'State.OFF', reason: noArgument }]);
  });

  it('does not exist for an input that is nested deeper than a server allows', async () => {
    const inputs = Array.from(
      { length: 3_000 },
      (_, at) => `input I${at} { a: Int${at === 2_999 ? '' : ` next: I${at + 1}`} }`,
    );
    const rules = { 59: 'taken', 60: 'tooDeep', 2_999: 'last' };
    const sdl = Object.entries(rules).reduce(
      (text, [at, scope]) => text.replace(`input I${at} { a: Int`, `input I${at} { a: Int @auth(scope: "${scope}")`),
      `type Query { find(in: I0): Int @public } ${inputs.join(' ')}`,
    );
    const { tried, notTried } = await attack({ modules: [{ name: 'test', typeDefs: sdl }] });
    assert.deepEqual(tried, ['I59.a']);
    assert.deepEqual(
      notTried,
      ['I60.a', 'I2999.a'].map((coordinate) => ({ coordinate, reason: noArgument })),
    );
  });

  it('does not exist for a type that is nested deeper than a server allows', async () => {
    const rules: Readonly<Record<number, string>> = { 60: ' @auth(scope: "taken")', 250: ' @auth(scope: "tooDeep")' };
    const types = Array.from({ length: 1_000 }, (_, at) => `type T${at} { a: Int${rules[at] ?? ''} next: T${at + 1} }`);
    const sdl = `type Query { first: T0 @public } ${types.join(' ')} type T1000 { a: Int }`;
    const { tried, notTried } = await attack({ modules: [{ name: 'test', typeDefs: sdl }] });
    assert.deepEqual(tried, ['T60.a']);
    const reason = 'no operation reaches it, or only in more than 200 fields in one another';
    assert.deepEqual(notTried, [{ coordinate: 'T250.a', reason }]);
  });

  it('is only where `only` says', async () => {
    const { tried, counts } = await attack(attacked, { only: ['Sort.TITLE'] });
    assert.deepEqual([tried, counts.elements], [['Sort.TITLE'], 1]);
  });

  it('must be an element with a rule', async () => {
    await assert.rejects(attack(attacked, { only: ['Sort.TITEL', 'Query.blog'] }), {
      name: 'StartError',
      message:
        'only: expected the coordinate of an element with a rule; found Sort.TITEL; the nearest is Sort.TITLE\n' +
        'only: expected the coordinate of an element with a rule; found Query.blog',
    });
  });
});
