import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGuardedSchema, defineModule, type Policy, type PrincipalContext } from '../../../src/index.ts';
import { defineConfig, defineModule as defineServerModule } from '../../../src/server.ts';
import type { Resolvers } from '../../flows/codegen/generated.ts';

// The compiler checks this file: each `@ts-expect-error` is an error of types that must be found.
const name = 'a';
const typeDefs = 'type Query { hello: String @public, mine: String @auth(policy: "own") }';

describe('defineModule', () => {
  it('returns the module, and gives resolvers the context of createContext', () => {
    const resolvers = {};
    assert.equal(defineModule({ name, typeDefs, resolvers }).resolvers, resolvers);
    defineModule({
      name,
      typeDefs,
      resolvers: { Query: { hello: (_source, _args, { principal }) => principal.kind } },
    });
    // @ts-expect-error Only an account has an accountId.
    defineModule({ name, typeDefs, resolvers: { Query: { hello: (_s, _a, { principal }) => principal.accountId } } });
    // @ts-expect-error A module has a name.
    defineModule({ typeDefs });
  });

  it('types the arguments and results of generated resolvers', () => {
    defineModule<Resolvers>({
      name,
      typeDefs,
      resolvers: { Query: { order: (_source, { id }) => ({ id, item: id }) } },
    });
    // @ts-expect-error The field order has no argument number.
    defineModule<Resolvers>({ name, typeDefs, resolvers: { Query: { order: (_source, { number }) => number } } });
    // @ts-expect-error An order has an item.
    defineModule<Resolvers>({ name, typeDefs, resolvers: { Query: { order: (_source, { id }) => ({ id }) } } });
    // @ts-expect-error The type Query has no field orders.
    defineModule<Resolvers>({ name, typeDefs, resolvers: { Query: { orders: () => [] } } });
  });

  it('of the server gives resolvers and policies the context of its API', () => {
    const module = defineServerModule({
      name,
      typeDefs: 'extend type Query { hello: String @public }',
      resolvers: { Query: { hello: (_source, _args, { address }) => address } },
    });
    defineConfig({
      modules: [module],
      policies: { own: (requests, { address }) => requests.map(() => address !== '') },
    });
    // @ts-expect-error The context of the API has no user.
    defineConfig({ policies: { own: (requests, { user }) => requests.map(() => Boolean(user)) } });
  });

  it('a policy has the context of its server', () => {
    const own: Policy<PrincipalContext> = (requests, { principal }) =>
      requests.map(() => principal.kind === 'account' && principal.accountId === 'ada');
    // @ts-expect-error The context has no user.
    const wrong: Policy<PrincipalContext> = (requests, { user }) => requests.map(() => user);
    assert.notEqual(own, wrong);
    createGuardedSchema({ modules: [{ name, typeDefs }], policies: { own } });
  });
});
