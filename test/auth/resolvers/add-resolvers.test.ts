import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addResolversToSchema } from '@graphql-tools/schema';
import {
  buildSchema,
  type GraphQLFieldMap,
  GraphQLScalarType,
  type GraphQLSchema,
  isEnumType,
  isObjectType,
  isScalarType,
  Kind,
  parseValue,
  printSchema,
} from 'graphql';
import { addResolvers } from '../../../src/auth/resolvers/add-resolvers.ts';
import { readDefaults } from '../../../src/auth/resolvers/default-values.ts';
import { joinResolvers } from '../../../src/auth/resolvers/join-resolvers.ts';
import { withoutInfo, hasNoInfo } from '../../../src/auth/resolvers/without-info.ts';

const sdl = `
  "The root."
  type Query { node(id: ID! = "1"): Node @deprecated  find(filter: Filter = { colour: RED, odd: "a" }): [Found!]  odd: Odd }
  type Mutation { paint(colour: Colour = RED, colours: [Colour!] = [RED, BLUE]): Colour }
  type Subscription { painted: Colour }
  interface Node { id: ID! }
  type Wall implements Node { id: ID!  colour: Colour }
  type Door implements Node { id: ID! }
  union Found = Wall | Door
  enum Colour { RED "deep" BLUE @deprecated GREEN }
  enum Bare { A B }
  input Filter { colour: Colour = BLUE  odd: Odd  bare: Bare = A  inner: Filter }
  scalar Odd @specifiedBy(url: "https://example.com/odd")
  scalar Upper
  scalar Plain
  directive @in(colour: Colour = GREEN) on FIELD
`;

const resolvers = {
  Query: {
    node: () => ({ id: '1' }),
    find: { resolve: () => [] },
    odd: withoutInfo({ Query: { odd: () => 'odd' } }).Query.odd,
  },
  Subscription: { painted: { subscribe: async function* () {}, resolve: () => 1 } },
  Node: { __resolveType: () => 'Wall' },
  Found: { __resolveType: () => 'Door' },
  Wall: { __isTypeOf: () => true, colour: () => 1 },
  Colour: { RED: 1, BLUE: { deep: true }, GREEN: null },
  Odd: new GraphQLScalarType({
    name: 'Odd',
    serialize: (value) => `out ${String(value)}`,
    parseValue: (value) => `in ${String(value)}`,
    extensions: { of: 'the team' },
  }),
  Upper: {
    serialize: String,
    parseLiteral: (node: { kind: string }) => `literal ${node.kind}`,
    parseValue: (value: unknown) => `value ${String(value)}`,
    description: 'In capitals.',
  },
};

/** Describes a schema, with the functions of its types. */
function described(schema: GraphQLSchema) {
  const literal = parseValue('"x"');
  // The place of GraphQL's own types does not matter.
  const types = Object.values(schema.getTypeMap()).filter((type) => type.astNode);
  const found = types.map((type) => {
    const { name, description, extensions, astNode } = type;
    const common = { name, description, extensions: { ...extensions }, ast: astNode?.kind };
    if (isScalarType(type))
      return { ...common, literal: type.parseLiteral(literal), value: type.parseValue('y'), out: type.serialize('z') };
    if (isEnumType(type)) {
      const values = type.getValues().map(({ name, value, description, deprecationReason, astNode: node }) => {
        return { name, value, description, deprecationReason, ast: node?.kind, out: type.serialize(value) };
      });
      return { ...common, values, parsed: values.map((value) => type.parseValue(value.name)) };
    }
    if (isObjectType(type)) return { ...common, is: typeof type.isTypeOf, fields: fieldsOf(type.getFields()) };
    return { ...common, is: 'resolveType' in type && typeof type.resolveType };
  });
  const directives = schema.getDirectives().map(({ name, args }) => [name, args.map((arg) => arg.defaultValue)]);
  return { found, directives, printed: printSchema(schema) };
}

function fieldsOf(fields: GraphQLFieldMap<unknown, unknown>) {
  return Object.values(fields).map(({ name, type, args, resolve, subscribe, astNode, deprecationReason }) => ({
    name,
    type: String(type),
    args: args.map((arg) => [arg.name, String(arg.type), arg.defaultValue]),
    resolve: typeof resolve,
    subscribe: typeof subscribe,
    ast: astNode?.kind,
    deprecationReason,
  }));
}

describe('the resolvers in a schema', () => {
  for (const [name, maps] of [
    ['each kind of type', resolvers],
    ['no resolvers', {}],
  ] as const) {
    it(`are those that graphql-tools adds to a copy: ${name}`, () => {
      const build = () => buildSchema(sdl);
      const faults: string[] = [];
      const module = { name: 'team', typeDefs: '', resolvers: maps };
      const inPlace = build();
      const joined = joinResolvers([module], inPlace, faults);
      addResolvers(inPlace, joined);
      const copy = addResolversToSchema({ schema: build(), resolvers: joined });
      for (const schema of [inPlace, copy]) readDefaults(schema, faults);
      assert.deepEqual(
        faults.filter((fault) => !fault.includes('subscribe')),
        [],
      );
      assert.deepEqual(described(inPlace), described(copy));
    });
  }

  it('run with their maps and keep their marks', () => {
    const schema = buildSchema(sdl);
    addResolvers(schema, joinResolvers([{ name: 'team', typeDefs: '', resolvers }], schema, []));
    const { odd, node, find } = schema.getQueryType()?.getFields() ?? {};
    assert.ok(odd?.resolve && node?.resolve && find?.resolve);
    const marks = [odd, node, find].map(({ resolve }) => hasNoInfo(resolve as object));
    assert.deepEqual(marks, [true, false, false]);
  });

  it('of a scalar without a function for literals read literals with the function for variables', () => {
    const schema = buildSchema(sdl);
    const module = {
      name: 'team',
      typeDefs: '',
      resolvers: { Odd: { parseValue: (value: unknown) => `in ${String(value)}` } },
    };
    addResolvers(schema, joinResolvers([module], schema, []));
    const type = schema.getType('Odd');
    assert.ok(isScalarType(type));
    assert.equal(type.parseLiteral({ kind: Kind.STRING, value: 'a' }), 'in a');
  });
});
