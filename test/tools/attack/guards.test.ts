import assert from 'node:assert/strict';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { getDirective, MapperKind, mapSchema } from '@graphql-tools/utils';
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { describe, it } from 'node:test';
import type { Principal } from '../../../src/principal.ts';
import { attack } from '../../../src/testing/attack.ts';
import { type Check, shielded } from './shield.ts';

const typeDefs = `
  directive @authenticated on OBJECT | FIELD_DEFINITION | INTERFACE
  directive @requiresScopes(scopes: [[String!]!]!) on OBJECT | FIELD_DEFINITION | INTERFACE
  type Query {
    node(id: ID!): Node
    orders: [Order!] @requiresScopes(scopes: [["orders:read"]])
    version: String
  }
  type Mutation { cancel: Boolean @authenticated }
  interface Node { id: ID! }
  type Order implements Node { id: ID!  total: Int @requiresScopes(scopes: [["totals:read"]]) }
  type Secret implements Node @requiresScopes(scopes: [["secrets:read"]]) { id: ID!  text: String }
`;
let cancelled = 0;
const resolvers = {
  Query: {
    node: (_source: unknown, { id }: { id: string }) =>
      id === 'secret' ? { __typename: 'Secret', id, text: 'hidden' } : { __typename: 'Order', id, total: 5 },
    orders: () => [{ id: '1', total: 5 }],
    version: () => '1',
  },
  Mutation: { cancel: () => (cancelled += 1) > 0 },
};
const examples = { 'Query.node(id:)': 'secret' };

interface Context {
  readonly principal: Principal;
}
const hasScope =
  (scope: string): Check =>
  (principal) =>
    principal.kind !== 'anonymous' && principal.scopes.has(scope);

/** A wrapper of resolvers, as articles about directives show it. It reads the directive of a field, and not of its value. */
function wrapped(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field) => {
      const scopes = getDirective(schema, field, 'requiresScopes')?.[0]?.['scopes'] as string[][] | undefined;
      if (!scopes) return field;
      const resolve: GraphQLFieldResolver<unknown, Context> = (source, args, context, info) => {
        if (!scopes.some((set) => set.every((scope) => hasScope(scope)(context.principal)))) throw new Error('denied');
        return (field.resolve ?? defaultFieldResolver)(source, args, context, info);
      };
      return { ...field, resolve };
    },
  });
}

describe('an attack on a schema that another guard protects', () => {
  const executable = makeExecutableSchema({ typeDefs, resolvers });
  const coordinates = async (schema: GraphQLSchema) => {
    const { waysIn } = await attack(schema, { rules: typeDefs, examples });
    return [...new Set(waysIn.map(({ coordinate }) => coordinate))].toSorted();
  };

  it('finds every rule where no guard is', async () => {
    assert.deepEqual(await coordinates(executable), ['Order.total', 'Query.orders', 'Secret']);
  });

  it('finds that a wrapper of resolvers does not guard a type behind an interface', async () => {
    assert.deepEqual(await coordinates(wrapped(executable)), ['Secret']);
  });

  describe('of graphql-shield', () => {
    const tree = {
      Query: { orders: hasScope('orders:read') },
      Order: { total: hasScope('totals:read') },
      Secret: { '*': hasScope('secrets:read') },
      Mutation: { cancel: ({ kind }: Principal) => kind !== 'anonymous' },
    };

    it('finds that its rules guard fields, and not the object with its type name', async () => {
      const { waysIn } = await attack(shielded(executable, tree), { rules: typeDefs, examples, runMutations: true });
      assert.deepEqual([...new Set(waysIn.map(({ coordinate }) => coordinate))], ['Secret']);
      assert.ok(waysIn.every(({ operation }) => /__typename/.test(operation)));
    });

    it('finds a rule that its map does not have, and one that is wider', async () => {
      const { Order: _left, ...others } = { ...tree, Query: { orders: ({ kind }: Principal) => kind !== 'anonymous' } };
      const found = await coordinates(shielded(executable, others));
      assert.deepEqual(found, ['Order.total', 'Query.orders', 'Secret']);
    });

    it('finds a mutation that its map does not have', async () => {
      const { Mutation: _left, ...others } = tree;
      const { waysIn } = await attack(shielded(executable, others), { rules: typeDefs, examples, runMutations: true });
      assert.ok(waysIn.some(({ coordinate }) => coordinate === 'Mutation.cancel'));
    });
  });

  it('sends no mutation unless it may, and lists it as not tried', async () => {
    const before = cancelled;
    const { notTried } = await attack(wrapped(executable), { rules: typeDefs, examples });
    assert.equal(cancelled, before);
    assert.match(notTried.find(({ coordinate }) => coordinate === 'Mutation.cancel')?.reason ?? '', /only mutations/);
    const { waysIn } = await attack(wrapped(executable), { rules: typeDefs, examples, runMutations: true });
    assert.ok(cancelled > before);
    assert.ok(waysIn.some(({ coordinate }) => coordinate === 'Mutation.cancel'));
  });

  it('sends the same operations with the same seed', async () => {
    const reports = [
      await attack(executable, { rules: typeDefs, seed: 7 }),
      await attack(executable, { rules: typeDefs, seed: 7 }),
    ];
    assert.deepEqual(reports[0], reports[1]);
  });
});
