import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type GraphQLSchema, graphql } from 'graphql';
import { anonymous, makePrincipal, type Principal } from '../../src/principal.ts';
import { schema as apolloAfter } from './migration/apollo.after.ts';
import { schema as apolloBefore } from './migration/apollo.before.ts';
import { schema as apolloMeanwhile } from './migration/apollo.meanwhile.ts';
import { guarded as inCode } from './migration/existing-code.ts';
import { guarded as inSdl } from './migration/existing.ts';
import { schema as shieldAfter } from './migration/shield.after.ts';
import { schema as wrappersAfter } from './migration/wrappers.after.ts';
import { schema as wrappersBefore } from './migration/wrappers.before.ts';

interface User {
  readonly id: string;
  readonly role: string;
}

/** Makes the context of a caller: `user` for the schemas before the migration, `principal` for the guard. */
function contextOf(user: User | null) {
  return { ...(user && { user }), principal: user ? principalOf(user) : anonymous };
}

function principalOf({ id, role }: User, scope = ''): Principal {
  return makePrincipal({
    kind: 'account',
    issuer: 'https://issuer.example',
    subject: id,
    clientId: 'web',
    accountId: id,
    scopes: new Set(scope.split(' ').filter(Boolean)),
    expiresAt: 4_102_444_800,
    claims: { role },
  });
}

/** Returns the response paths and values that a caller gets, without nulls. */
async function valuesOf(schema: GraphQLSchema, source: string, user: User | null): Promise<readonly string[]> {
  const { data, errors = [] } = await graphql({ schema, source, contextValue: contextOf(user) });
  const values = leavesOf(data, '');
  assert.ok(errors.length > 0 || values.length > 0, 'an answer without data has an error');
  return values;
}

function leavesOf(value: unknown, path: string): readonly string[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [`${path}=${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, member]) => leavesOf(member, `${path}.${key}`));
}

const users: readonly (User | null)[] = [
  null,
  ...['UNKNOWN', 'USER', 'REVIEWER', 'ADMIN'].map((role) => ({ id: 'ada', role })),
  { id: 'grace', role: 'USER' },
];
const nameOf = (user: User | null) => (user ? `${user.id}, ${user.role}` : 'an anonymous caller');

describe('the guide of migration', () => {
  for (const user of users) {
    it(`from Apollo’s @auth(requires:): ${nameOf(user)} gets the same values before, meanwhile and after`, async () => {
      for (const source of [
        '{ version }',
        '{ version users { name } }',
        '{ version users { name banned } }',
        '{ version users { name canPost } }',
        '{ version users { banned canPost } }',
      ]) {
        const before = await valuesOf(apolloBefore, source, user);
        assert.deepEqual(await valuesOf(apolloMeanwhile, source, user), before, source);
        assert.deepEqual(await valuesOf(apolloAfter, source, user), before, source);
      }
    });

    it(`from wrappers of resolvers: ${nameOf(user)} gets the same values before and after`, async () => {
      for (const source of ['{ me }', '{ report }', '{ notes { id text } }', '{ me report notes { text } }']) {
        const before = await valuesOf(wrappersBefore, source, user);
        assert.deepEqual(await valuesOf(wrappersAfter, source, user), before, source);
      }
    });
  }

  for (const [form, { schema }] of Object.entries({ SDL: inSdl, code: inCode })) {
    it(`the schema of the guide in ${form} answers three callers`, async () => {
      const source = '{ version orders { id total } }';
      const answer = (scope: string) =>
        graphql({ schema, source, contextValue: { principal: principalOf({ id: 'ada', role: '' }, scope) } });
      const [none, some, all] = [
        await answer(''),
        await answer('orders:read'),
        await answer('orders:read totals:read'),
      ];
      assert.deepEqual(leavesOf(none.data, ''), ['.version="1.0"']);
      assert.deepEqual(leavesOf(some.data, ''), ['.version="1.0"', '.orders.0.id="1"']);
      assert.deepEqual(leavesOf(all.data, ''), ['.version="1.0"', '.orders.0.id="1"', '.orders.0.total=5']);
    });
  }

  // graphql-shield is not installed here. graphql-shield 7.6.5 answered the guide's code as follows.
  const everything = ['frontPage', 'fruits', 'customers', 'addFruitToBasket'] as const;
  const shield: Readonly<Record<string, readonly (typeof everything)[number][]>> = {
    none: ['frontPage'],
    customer: ['frontPage', 'addFruitToBasket'],
    editor: ['frontPage', 'fruits', 'addFruitToBasket'],
    admin: everything,
  };
  const documents = {
    frontPage: ['{ frontPage { name } }', ['.frontPage.0.name="orange"']],
    fruits: ['{ fruits { count } }', ['.fruits.0.count=10', '.fruits.1.count=1']],
    customers: [
      '{ customers { id basket { name } } }',
      ['.customers.0.id="1"', '.customers.0.basket.0.name="orange"', '.customers.1.id="2"'],
    ],
    addFruitToBasket: ['mutation { addFruitToBasket }', ['.addFruitToBasket=true']],
  } as const;
  for (const [role, allowed] of Object.entries(shield)) {
    it(`from graphql-shield: the role ${role} gets the same values as before`, async () => {
      const user = role === 'none' ? null : { id: 'ada', role };
      for (const name of everything) {
        const [source, values] = documents[name];
        assert.deepEqual(await valuesOf(shieldAfter, source, user), allowed.includes(name) ? values : [], name);
      }
    });
  }
});
