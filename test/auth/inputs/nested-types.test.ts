import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildASTSchema, type GraphQLNamedInputType, parse } from 'graphql';
import { ruledInputTypes } from '../../../src/auth/inputs/ruled-input-types.ts';
import { guardOne, person } from '../../support/rules.ts';

const count = 6_000;

/** Input types in one another, in which the last type has `end`. */
function chain(end: string, rule: string): string {
  const types = Array.from(
    { length: count },
    (_, at) => `input I${at} { a: Int${at === 2 ? rule : ''} next: ${at + 1 < count ? `I${at + 1}` : end} }`,
  );
  return types.join(' ');
}

function found(sdl: string, ruled: ReadonlySet<string>): { readonly names: readonly string[]; readonly asked: number } {
  const schema = buildASTSchema(parse(sdl, { noLocation: true }), { assumeValidSDL: true });
  let asked = 0;
  const types: ReadonlySet<GraphQLNamedInputType> = ruledInputTypes(schema, (type, member) => {
    asked += 1;
    return ruled.has(member === undefined ? type : `${type}.${member}`);
  });
  return { names: [...types].map(({ name }) => name), asked };
}

describe(`E-10 ${count} input types in one another`, () => {
  for (const [name, end, ruled, expected] of [
    ['a chain with a rule at its end', 'Int', 'Int', count + 1],
    ['a chain with a rule at its third type', 'Int', 'I2.a', 3],
    ['a cycle', 'I0', 'I2.a', count],
    ['a cycle without a rule', 'I0', 'none', 0],
  ] as const) {
    it(`E-10 are looked at one time each: ${name}`, () => {
      const { names, asked } = found(`type Query { f(i: I0): Int } ${chain(end, '')}`, new Set([ruled]));
      assert.equal(names.length, expected);
      assert.ok(asked < 4 * count, `${asked} questions`);
    });
  }

  it('E-10 load, and their rules are enforced', () => {
    const guarded = guardOne(
      `type Query { open: Int @public } type Mutation { f(i: I0): Int @public } ${chain('I0', ' @auth(scope: "third")')}`,
    );
    const document = parse('mutation ($i: I0) { f(i: $i) }');
    const decided = (i: unknown, scope: string) =>
      guarded.decideOperation({ document, variables: { i }, principal: person(scope) }).kind;
    const supplying = { next: { next: { a: 1 } } };
    assert.deepEqual(
      [decided(supplying, ''), decided(supplying, 'third'), decided({ a: 1, next: { a: 1 } }, '')],
      ['refuse', 'run', 'run'],
    );
  });
});
