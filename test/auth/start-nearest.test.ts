import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IResolvers } from '@graphql-tools/utils';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import type { GuardedModulesOptions } from '../../src/auth/guarded-schema.ts';
import { StartError } from '../../src/errors.ts';

const typeDefs = `
  type Query { person(ownerId: ID): Person @auth colour: Colour @auth }
  type Person { ownerId: ID name: String }
  enum Colour { GREEN }
  scalar Date`;

function faultsOf(sdl: string, resolvers: IResolvers = {}, options: Partial<GuardedModulesOptions> = {}): string {
  const modules = [{ name: 'team', typeDefs: sdl, resolvers }];
  const policies = { canSee: () => [true] };
  try {
    createGuardedSchema({ modules, policies, scopes: new Set(['orders:read', 'orders:write']), ...options });
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    return error.faults.join('\n');
  }
  return '';
}

const x = () => null;

describe('G-7 a start fault about an unknown name states the nearest name', () => {
  for (const [name, resolvers, expected] of [
    ['a type', { Persn: { name: x } }, /^Persn\.name .*not in the schema; the nearest is Person$/m],
    ['a field', { Query: { persom: x } }, /^Query\.persom .*not in the schema; the nearest is person$/m],
    ['a field in another case', { Person: { ownerID: x } }, /; the nearest is ownerId$/m],
    ['an enum value', { Colour: { GREAN: 1 } }, /; the nearest is GREEN$/m],
    ['a function of a scalar', { Date: { serialise: x } }, /GraphQLScalarType; the nearest is serialize$/m],
    ['a type that nothing is near to', { Invoice: { total: x } }, /^Invoice\.total .*not in the schema$/m],
  ] as const) {
    it(`G-7 a resolver of ${name}`, () => assert.match(faultsOf(typeDefs, resolvers), expected));
  }

  for (const [name, rule, expected] of [
    ['a scope', '@auth(scope: "order:read")', /expected one of orders:read, orders:write; the nearest is orders:read$/],
    ['a policy', '@auth(policy: "cansee")', /expected one of canSee; the nearest is canSee$/],
    ['a mode', '@auth(mode: SHADOWS)', /expected ENFORCE or SHADOW; the nearest is SHADOW$/],
    ['a member of an alternative', '@auth(anyOf: [{ scopes: "orders:read" }])', /; the nearest is scope$/],
    ['a claim operator', '@auth(claims: [{ claim: "a", exist: true }])', /not exist; the nearest is exists$/],
    ['an owner argument', '@auth(owner: "$ownerID")', /expected "\$ownerId"; the nearest is "\$ownerId"$/],
    ['an argument of the directive', '@auth(scopes: "orders:read")', /Did you mean "scope"\?$/],
    ['a directive', '@auht', /Unknown directive "@auht"; did you mean @auth\?$/],
    ["a team's own directive", '@auth @csot', /; did you mean @cost\?$/],
    ["GraphQL's own directive", '@auth @deprecate', /; did you mean @deprecated\?$/],
    ['a public directive', '@pubic', /; did you mean @public\?$/],
  ] as const) {
    it(`G-7 ${name} in a rule`, () => {
      const faults = faultsOf(
        `directive @cost on FIELD_DEFINITION type Query { person(ownerId: ID): String ${rule} }`,
      ).split('\n');
      assert.ok(
        faults.some((fault) => fault.startsWith('Query.person ') && expected.test(fault)),
        faults.join('\n'),
      );
    });
  }

  it('G-7 a field of an owner', () => {
    const sdl = 'type Query { p: Person @auth } type Person @auth(owner: "ownerid") { ownerId: ID name: String }';
    assert.match(faultsOf(sdl), /takes no argument; the nearest is ownerId$/m);
  });

  it('G-7 a key of a module', () => {
    const modules = [{ name: 'team', typeDefs: 'type Query { x: Int @public }', resolver: {}, helpers: 1 }];
    assert.equal(
      faultsOf('', {}, { modules }),
      'module "team": has the key resolver, which is not read; the nearest is resolvers',
    );
    const untyped = [{ name: 'team', typedefs: '' }] as unknown as GuardedModulesOptions['modules'];
    assert.match(
      faultsOf('', {}, { modules: untyped }),
      /nearest is typeDefs\nmodule "team": has no typeDefs; expected/,
    );
  });
});
