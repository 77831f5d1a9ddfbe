import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphQLScalarType, getIntrospectionQuery, Kind } from 'graphql';
import type { SchemaModule } from '../../../src/auth/modules/module.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { StartError } from '../../../src/errors.ts';
import { guard, holder, run } from '../../support/modules.ts';

const Day = new GraphQLScalarType({
  name: 'Day',
  parseValue: (day) => ({ day }),
  parseLiteral(node) {
    if (node.kind !== Kind.STRING) throw new TypeError('expected a day');
    return { day: node.value };
  },
  serialize: (value) => (value as { day: string }).day,
});
const Colour = { RED: '#f00', BLUE: '#00f' };

function faultsOf(typeDefs: string, resolvers: NonNullable<SchemaModule['resolvers']>): readonly string[] {
  try {
    createGuardedSchema({ modules: [{ name: 'team', typeDefs, resolvers }] });
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    return error.faults;
  }
  return [];
}

/** Reported for graphql-tools#715, apollo-server#2295, federation#363 and graphql-compose#280. */
describe('defaults of arguments and input fields have the internal values of enums and scalars', () => {
  const typeDefs = `
    enum Colour { RED BLUE }  scalar Day
    input Paint { colour: Colour = RED  also: [Colour!] = [BLUE]  day: Day = "monday"  under: Under = { colour: BLUE } }
    input Under { colour: Colour = RED  rows: [[Colour]]  again: Under }
    directive @painted(paint: Paint = { colour: BLUE }) on FIELD_DEFINITION
    type Query {
      plain(colour: Colour = RED, day: Day = "friday"): String @public
      within(paint: Paint = { colour: BLUE, under: { rows: [[RED]] } }): String @public
      empty(paint: Paint = {}): String @public
      list(paints: [Paint!] = [{}]): String @public
      given(paint: Paint): String @public
    }`;
  const echo = (_: unknown, args: Record<string, unknown>): string => JSON.stringify(Object.values(args));
  const resolvers = { Colour, Day, Query: { plain: echo, within: echo, empty: echo, list: echo, given: echo } };
  const full = { colour: '#f00', also: ['#00f'], day: { day: 'monday' }, under: { colour: '#00f' } };

  it('at any depth', async () => {
    const guarded = guard(typeDefs, resolvers);
    const { data, errors } = await run(guarded, '{ plain within empty list given(paint: {}) }', holder('a'));
    assert.equal(errors, undefined);
    const values = Object.fromEntries(
      Object.entries(data ?? {}).map(([name, text]) => [name, JSON.parse(String(text))]),
    );
    assert.deepEqual(values, {
      plain: ['#f00', { day: 'friday' }],
      within: [{ ...full, colour: '#00f', under: { colour: '#f00', rows: [['#f00']] } }],
      empty: [full],
      list: [[full]],
      given: [full],
    });
  });

  it('if types refer to each other, in any order', async () => {
    const circular = `
      enum Colour { RED BLUE }
      input A { b: B  paint: Paint = { colour: BLUE } }  input B { a: A = {} }  input Paint { colour: Colour }
      type Query { x(a: A, b: B): String @public }`;
    const guarded = guard(circular, { Colour, Query: { x: echo } });
    const { data } = await run(guarded, '{ one: x(a: {}) two: x(b: {}) three: x(a: { b: {} }) }', holder('a'));
    const a = { paint: { colour: '#00f' } };
    const values = Object.values(data ?? {}).map((text) => JSON.parse(String(text))[0]);
    assert.deepEqual(values, [a, { a }, { ...a, b: { a } }]);
  });

  it('a default that would contain itself stops the start, and the message says so', () => {
    const endless = 'input A { b: B = {} }  input B { a: A = {} }  type Query { x(a: A): Int @public }';
    assert.deepEqual(faultsOf(endless, {}), [
      'schema: could not be built; an input type has a default that holds itself, by the defaults of the fields that it leaves out; take one of these defaults out',
    ]);
  });

  it('and the schema can be introspected', async () => {
    const { data, errors } = await run(guard(typeDefs, resolvers), getIntrospectionQuery(), holder('a'));
    assert.equal(errors, undefined);
    const text = JSON.stringify(data);
    assert.ok(text.includes('{colour: BLUE, also: [BLUE], day: '), text);
    assert.ok(!text.includes('#f00'));
  });

  it('a guarded value of an enum within a default stops the start, for any internal value', () => {
    const ruled = `
      enum Colour { RED BLUE @auth(scope: "blue") }  input Paint { colour: Colour  under: Paint }
      type Query { x(paint: Paint = { under: { colour: BLUE } }): Int @public  y(colours: [Colour] = [RED]): Int @public }`;
    for (const given of [{}, { Colour }]) {
      assert.deepEqual(faultsOf(ruled, given), [
        'Query.x(paint:) (module "team"): has a default value that supplies what a rule guards; take the default out',
      ]);
    }
  });

  it('a default of a wrong type stops the start and is named', () => {
    const wrong = `
      enum Colour { RED }  scalar Day  input Paint { day: Day = 1 }
      type Query { x(count: Int = "many"): Int @public  y(colour: [Colour!] = [GREEN]): Int @public  z(paint: Paint = [1, 2]): Int @public }`;
    const rest = 'give it a value of that type, or none';
    assert.deepEqual(faultsOf(wrong, { Day }).toSorted(), [
      `Paint.day (module "team"): has a default that is not of the type Day; ${rest}`,
      `Query.x(count:) (module "team"): has a default that is not of the type Int; ${rest}`,
      `Query.y(colour:) (module "team"): has a default that is not of the type [Colour!]; ${rest}`,
      `Query.z(paint:) (module "team"): has a default that is not of the type Paint; ${rest}`,
    ]);
  });
});
