import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema, GraphQLSchema, graphql, parse, specifiedRules, validate } from 'graphql';
import { SensitiveLiteralsRule } from '../../src/api/operation/rules/sensitive-literals.ts';
import { authDirectives, authDirectivesNamed } from '../../src/auth/directive.ts';
import type { SchemaModule } from '../../src/auth/modules/module.ts';
import type { DirectiveNames } from '../../src/auth/directive-names.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import type { GuardedModulesOptions } from '../../src/auth/guarded-schema.ts';
import { StartError } from '../../src/errors.ts';
import { extensionsOf, holder, run } from '../support/modules.ts';

/** A schema with the directives of AWS Amplify and an input type that has the name of ours. */
const amplify = `
  directive @auth(rules: [AuthRule!]!) repeatable on OBJECT | FIELD_DEFINITION
  input AuthRule { allow: String!  ownerField: String }
`;

const orders = `
  type Query { orders: [Order!] @claims(scope: "orders:read")  hello: String @public  mine(id: ID): Int @claims(owner: "$id") }
  type Order @auth(rules: [{ allow: "owner", ownerField: "owner" }]) {
    id: ID!
    total: Int @claims(anyOf: [{ scope: "totals" }, { claims: { claim: "role", oneOf: "clerk" } }])
  }
`;

const claims: DirectiveNames = { auth: 'claims' };

function guarded(typeDefs: string | SchemaModule[], more: Partial<GuardedModulesOptions> = { directives: claims }) {
  const resolvers = { Query: { orders: () => [{ id: '1', total: 5 }], hello: () => 'hello' } };
  const modules = typeof typeDefs === 'string' ? [{ name: 'shop', typeDefs, resolvers }] : typeDefs;
  return createGuardedSchema({ modules, ...more });
}

function faultsOf(typeDefs: string, more?: Partial<GuardedModulesOptions>): readonly string[] {
  try {
    createGuardedSchema({ modules: [{ name: 'shop', typeDefs }], ...more });
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    return error.faults;
  }
  return [];
}

describe('G-12 @auth under another name', () => {
  it('G-12 guards a schema with a directive @auth of the team', async () => {
    const schema = guarded(amplify + orders);
    assert.equal(schema.rules.length, 3);
    const query = '{ orders { id total } hello }';
    const ofAnonymous = await run(schema, query);
    assert.deepEqual(ofAnonymous.data, { orders: null, hello: 'hello' });
    assert.equal(extensionsOf(ofAnonymous)[0]?.['code'], 'UNAUTHENTICATED');
    const some = await run(schema, query, holder('orders:read'));
    assert.deepEqual(some.data, { orders: [{ id: '1', total: null }], hello: 'hello' });
    const all = await run(schema, query, holder('orders:read', 'totals'));
    assert.deepEqual(all.data, { orders: [{ id: '1', total: 5 }], hello: 'hello' });
    assert.equal(schema.rules[0]?.source, '@claims(scope: "orders:read")');
  });

  it('G-12 introspection names the configured directive and its types, and the team’s own as they are', () => {
    const { schema } = guarded(amplify + orders);
    const own = schema.getDirective('claims');
    assert.ok(own?.args.some(({ name, type }) => name === 'anyOf' && String(type) === '[ClaimsRule!]'));
    assert.deepEqual(
      schema.getDirective('auth')?.args.map(({ name }) => name),
      ['rules'],
    );
    assert.deepEqual(
      Object.keys(schema.getTypeMap())
        .filter((name) => /^(Auth|Claim)/.test(name))
        .toSorted(),
      ['AuthRule', 'ClaimsClaimRule', 'ClaimsMode', 'ClaimsRule'],
    );
  });

  it('G-12 createGuardedSchema and the SDL have the same directive names', () => {
    assert.equal(authDirectivesNamed({}), authDirectives);
    const sdl = authDirectivesNamed({ auth: 'claims', public: 'open', sensitive: 'secret' });
    const schema = buildSchema(`${sdl} type Query { x: Int }`);
    for (const name of ['claims', 'open', 'secret']) assert.ok(schema.getDirective(name));
    assert.doesNotMatch(sdl, /@auth\b|@public\b|@sensitive\b|\bAuth|\bClaimRule/);
  });

  it('G-12 an undefined @auth is a fault that names the configured directive', () => {
    const typeDefs = 'type Query { x: Int @auth(scope: "a") }  type T { y: Int @auth }';
    const hint = `Unknown directive "@auth"; did you mean @claims? Claimgate's @auth has that name here, by directives: { auth: "claims" }`;
    assert.deepEqual(faultsOf(typeDefs, { directives: claims }), [
      `Query.x (module "shop"): ${hint}`,
      `T.y (module "shop"): ${hint}`,
      'Query.x (module "shop"): a root field with neither @claims nor @public; say who may read it: write @claims or @public on it',
    ]);
  });

  it('G-12 a misspelled name is reported with the nearest one', () => {
    assert.deepEqual(faultsOf('type Query { x: Int @clams(scope: "a") @public }', { directives: claims }), [
      'Query.x (module "shop"): Unknown directive "@clams"; did you mean @claims?',
    ]);
    assert.deepEqual(faultsOf('type Query { x: Int @atuh @public }'), [
      'Query.x (module "shop"): Unknown directive "@atuh"; did you mean @auth?',
    ]);
  });

  it('G-12 an argument of ours on the team’s @auth is a fault, and an @auth of the team’s own is a warning', () => {
    const typeDefs = `${amplify} type Query { x: Int @public @auth(scope: "a", rules: []) }`;
    assert.deepEqual(faultsOf(typeDefs, { directives: claims }), [
      'Query.x (module "shop"): Unknown argument "scope" on directive "@auth".',
    ]);
    const warnings: string[] = [];
    guarded(amplify + orders, { directives: claims, onWarning: (warning) => warnings.push(warning) });
    assert.deepEqual(warnings, [
      `@auth (module "shop"): is the module's own and guards nothing; Claimgate's is @claims`,
    ]);
  });

  it('G-12 the configured name cannot be defined or imported by a module, and its types cannot be extended', () => {
    const base = 'type Query { x: Int @public }';
    for (const more of [
      'directive @claims(scope: String) on FIELD_DEFINITION',
      'directive @lib__claims(scope: String) on FIELD_DEFINITION',
      'input ClaimsRule { role: String }',
      'extend enum ClaimsMode { NEVER }',
    ]) {
      const [fault = ''] = faultsOf(`${base} ${more}`, { directives: claims });
      assert.match(
        fault,
        /is defined by Claimgate alone; take this definition out, or name Claimgate's directive otherwise/,
      );
    }
    const link = `directive @link(url: String, import: [Import]) on SCHEMA  scalar Import  extend schema @link(import: [{ name: "@auth", as: "@claims" }])`;
    assert.match(faultsOf(`${base} ${link}`, { directives: claims }).join(), /imports @claims; take it out/);
  });

  it('B-6 a definition of Claimgate’s directive under a name that is not configured is a fault', () => {
    const typeDefs = `${authDirectivesNamed({ auth: 'guard', public: 'open', sensitive: 'secret' })} type Query { x: Int @public @guard }`;
    assert.match(
      faultsOf(typeDefs, {}).join('\n'),
      /^@guard \(module "shop"\): has the arguments of Claimgate's directive, which is @auth here, so its rules would not be read; set directives: \{ auth: "guard" \}/,
    );
  });

  it('G-12 every fault of a rule names the configured directive', () => {
    const sdl = `type Query {
      a: Int @claims(scope: "")  b: Int @claims(policy: "none")   d: Int @claims(anyOf: [])
      e: Int @claims(maxAge: -1)  f: Int @claims(mode: NONE)  g: Int @claims(claims: [])  h: Int @open @claims  i: Int }
      type T { x: Int @open }`;
    const faults = faultsOf(sdl, { directives: { auth: 'claims', public: 'open' } });
    assert.equal(faults.length, 9, faults.join('\n'));
    assert.doesNotMatch(faults.join('\n'), /@auth|@public/);
    const owner = faultsOf('type Query { c(id: ID): Int @claims(owner: "$none") }', { directives: claims });
    assert.match(owner.join(), /@claims\(owner: "\$none"\) names no argument/);
  });

  it('G-12 @public and @sensitive can have other names too', async () => {
    const typeDefs = `
      directive @public on OBJECT | FIELD_DEFINITION
      directive @sensitive(level: Int) on ARGUMENT_DEFINITION
      type Query { x(password: String @secret, name: String @sensitive(level: 1)): Int @open  y: Int @public @auth }
      type T @public { x: Int @public }
    `;
    const { schema } = guarded([{ name: 'shop', typeDefs }], { directives: { public: 'open', sensitive: 'secret' } });
    const copy = new GraphQLSchema(schema.toConfig());
    for (const one of [schema, copy]) {
      const codesOf = (source: string) =>
        validate(one, parse(source), [...specifiedRules, SensitiveLiteralsRule]).map(
          (error) => error.extensions['code'],
        );
      assert.deepEqual(codesOf('{ x(password: "p") }'), ['SENSITIVE_LITERAL']);
      assert.deepEqual(codesOf('{ x(name: "n") }'), []);
    }
    const { errors } = await graphql({ schema, source: '{ y }' });
    assert.equal(errors?.[0]?.extensions['code'], 'UNAUTHENTICATED');
  });

  for (const [directives, expected] of [
    [{ auth: '@claims' }, /^directives\.auth: expected a name of letters, digits and _, without the @/],
    [{ auth: '__claims' }, /^directives\.auth: expected a name/],
    [{ auth: 1 }, /^directives\.auth: expected a name/],
    [{ auth: null }, /^directives\.auth: expected a name/],
    [{ auth: 'skip' }, /^directives\.auth="skip": expected another name, since @skip is a directive of GraphQL itself/],
    [{ auth: 'public' }, /^directives\.auth="public": expected another name, since directives\.public has this one/],
    [{ auth: 'a', public: 'a' }, /^directives\.public="a": expected another name, since directives\.auth has this one/],
    [{ outh: 'claims' }, /^directives\.outh: there is no such directive; did you mean auth\?/],
    ['claims', /^directives: expected an object of names/],
    [['claims'], /^directives: expected an object of names/],
    [null, /^directives: expected an object of names/],
  ] as const) {
    it(`G-12 directives: ${JSON.stringify(directives)} stops the start`, () => {
      const faults = faultsOf('type Query { x: Int @auth }', { directives: directives as DirectiveNames });
      assert.match(faults[0] ?? '', expected);
    });
  }

  it('G-12 names may be swapped', async () => {
    const schema = guarded([{ name: 'odd', typeDefs: 'type Query { x: Int @public  y: Int @auth }' }], {
      directives: { auth: 'public', public: 'auth' },
    });
    assert.equal((await run(schema, '{ x }')).errors?.[0]?.extensions['code'], 'UNAUTHENTICATED');
    assert.deepEqual(await run(schema, '{ y }'), { data: { y: null } });
  });
});
