import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { ask, denied, guardOne, person } from '../../support/rules.ts';

const leaves = 'type A { n: Int owner: ID } type B { n: Int owner: ID }';
const value = { __typename: 'A', n: 1, owner: 'bob' };
const holder = { __typename: 'Narrow', thing: value, things: [[value]] };
const resolvers = { Query: { holder: () => holder, narrow: () => holder } };

describe("E-5 a field that narrows the type of its interface's field", () => {
  it('E-5 inherits the rule of the union from another module, static', async () => {
    const guarded = createGuardedSchema({
      modules: [
        {
          name: 'one',
          typeDefs: `${leaves} union U @auth(scope: "x") = A | B
            interface Holder { thing: U  things: [[U!]!] } type Query { holder: Holder @public }`,
          resolvers: { Query: { holder: () => holder } },
        },
        {
          name: 'two',
          typeDefs: `type Narrow implements Holder { thing: A  things: [[A!]!]! }
            extend type Query { narrow: Narrow @public }`,
          resolvers: { Query: { narrow: () => holder } },
        },
      ],
    });
    for (const source of ['{ holder { thing { ... on A { n } } } }', '{ holder { thing { __typename } } }']) {
      assert.deepEqual((await ask(guarded, source, person())).errors, denied('holder.thing'));
    }
    assert.deepEqual(await ask(guarded, '{ narrow { things { n } } }', person()), {
      data: { narrow: null },
      errors: denied('narrow.things'),
    });
    assert.deepEqual(await ask(guarded, '{ narrow { thing { n } things { n } } }', person('x')), {
      data: { narrow: { thing: { n: 1 }, things: [[{ n: 1 }]] } },
      errors: [],
    });
  });

  it('E-5 inherits it through a chain of interfaces that each narrow', async () => {
    const guarded = guardOne(
      `${leaves} union U @auth(scope: "x") = A | B
      interface Holder { thing: U } interface Middle implements Holder { thing: A! }
      type Narrow implements Middle & Holder { thing: A! } type Query { narrow: Narrow @public middle: Middle @public }`,
      { resolvers: { Query: { narrow: () => holder, middle: () => holder } } },
    );
    assert.deepEqual((await ask(guarded, '{ narrow { thing { n } } }', person())).errors, denied('narrow.thing'));
    assert.deepEqual((await ask(guarded, '{ middle { thing { n } } }', person())).errors, denied('middle.thing'));
    assert.deepEqual((await ask(guarded, '{ middle { thing { n } } }', person('x'))).errors, []);
  });

  it('E-5 asks a policy of the union about the value that the field returned, once for each', async () => {
    const parents: unknown[] = [];
    const guarded = guardOne(
      `${leaves} union U @auth(policy: "not") = A | B
      interface Holder { thing: U  things: [[U]] } type Narrow implements Holder { thing: A  things: [[A]] }
      type Query { holder: Holder @public narrow: Narrow @public }`,
      {
        resolvers,
        policies: {
          not: async (requests) => {
            parents.push(...requests.map(({ parent }) => parent));
            return requests.map(() => false);
          },
        },
      },
    );
    for (const field of ['holder', 'narrow']) {
      const { data, errors } = await ask(
        guarded,
        `{ ${field} { thing { __typename } things { __typename } } }`,
        person(),
      );
      assert.deepEqual(data, { [field]: { thing: null, things: [[null]] } });
      assert.deepEqual(errors.map(([, path]) => path).sort(), [`${field}.thing`, `${field}.things.0.0`]);
    }
    assert.ok(parents.length > 0 && parents.every((parent) => parent === value));
  });

  it('E-5 inherits the rules of an interface that it narrows to an object or another interface, static and dynamic', async () => {
    const guarded = guardOne(
      `interface I @auth(scope: "i", owner: "owner") { n: Int owner: ID }
      interface J implements I { n: Int owner: ID } type A implements I & J { n: Int owner: ID }
      interface Holder { thing: I } interface Middle implements Holder { thing: J }
      type Narrow implements Holder & Middle { thing: A }
      type Query { holder: Holder @public narrow: Narrow @public middle: Middle @public }`,
      { resolvers: { Query: { holder: () => holder, narrow: () => holder, middle: () => holder } } },
    );
    for (const field of ['holder', 'narrow', 'middle']) {
      const source = `{ ${field} { thing { n } } }`;
      assert.deepEqual((await ask(guarded, source, person())).errors, denied(`${field}.thing`));
      assert.deepEqual((await ask(guarded, source, person('i'))).errors, denied(`${field}.thing`));
      const owner = person('i', {}, 'bob');
      assert.deepEqual((await ask(guarded, source, owner)).data, { [field]: { thing: { n: 1 } } });
    }
  });

  it('E-5 does not change the member if no field returns it through the union', async () => {
    const guarded = guardOne(
      `${leaves} union U @auth(scope: "x") = A | B interface Holder { thing: U }
      type Narrow implements Holder { thing: A } type Wide { thing: A } type Query { wide: Wide @public n: Narrow @public }`,
      { resolvers: { Query: { wide: () => holder } } },
    );
    assert.deepEqual((await ask(guarded, '{ wide { thing { n } } }', person())).data, { wide: { thing: { n: 1 } } });
  });
});
