import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeExecutableSchema } from '@graphql-tools/schema';
import {
  buildSchema,
  DirectiveLocation,
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  graphql,
  parse,
  print,
  printSchema,
  subscribe,
  validate,
  visit,
} from 'graphql';
import { SensitiveLiteralsRule } from '../../../src/api/operation/rules/sensitive-literals.ts';
import { authDirectives } from '../../../src/auth/directive.ts';
import { copySchema } from '../../../src/auth/given/copy-schema.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { codeFirst } from '../../support/given.ts';
import { annotated, largeSdl } from '../../support/large-schema.ts';
import { ask, denied, person } from '../../support/rules.ts';

/** Returns the SDL of a schema without descriptions, because the guard adds requirements to them. */
function bare(schema: GraphQLSchema): string {
  const document = parse(printSchema(schema));
  return print(
    visit(document, { enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined) }),
  );
}

const marker = Symbol('of a tool');

/** A code-first schema with each kind of type, circular references, and extensions of other tools. */
function inCode() {
  const calls: string[] = [];
  const Colour = new GraphQLEnumType({
    name: 'Colour',
    values: { RED: { value: 1, extensions: { auth: { scope: 'red' } } }, BLUE: { value: { hex: '00f' } }, GREEN: {} },
  });
  const Size = new GraphQLEnumType({ name: 'Size', values: { SMALL: { value: 1 } } });
  const Even = new GraphQLScalarType({
    name: 'Even',
    specifiedByURL: 'https://example.com/even',
    serialize: (value) => `even ${String(value)}`,
    parseValue: (value) => Number(value) * 2,
  });
  const Filter: GraphQLInputObjectType = new GraphQLInputObjectType({
    name: 'Filter',
    fields: () => ({
      not: { type: Filter },
      colour: { type: Colour, defaultValue: 'GREEN' },
      even: { type: Even },
      secret: { type: GraphQLString, extensions: { auth: { scope: ['secret'] } } },
    }),
  });
  const Node: GraphQLInterfaceType = new GraphQLInterfaceType({
    name: 'Node',
    fields: () => ({ id: { type: GraphQLString }, next: { type: Node } }),
    resolveType: (value: { readonly kind?: string }) => value.kind,
  });
  const User: GraphQLObjectType = new GraphQLObjectType({
    name: 'User',
    interfaces: () => [Node],
    isTypeOf: (value) => (value as { readonly kind?: string }).kind === 'User',
    extensions: { complexity: 3 },
    fields: () => ({
      id: { type: GraphQLString },
      next: { type: Node },
      friends: { type: new GraphQLNonNull(new GraphQLList(User)), resolve: () => [] },
      email: { type: GraphQLString, extensions: { auth: { scope: ['email'] } }, deprecationReason: 'too long' },
      colour: { type: Colour, resolve: () => ({ hex: '00f' }) },
    }),
  });
  const Thing = new GraphQLUnionType({ name: 'Thing', types: () => [User] });
  const user = { kind: 'User', id: 'u', email: 'u@example.com' };
  const Query = new GraphQLObjectType({
    name: 'Query',
    fields: {
      user: { type: User, extensions: { public: true }, resolve: () => (calls.push('user'), user) },
      node: { type: Node, extensions: { public: true }, resolve: () => user },
      thing: { type: Thing, extensions: { public: true }, resolve: () => user },
      search: {
        type: GraphQLString,
        extensions: { public: true },
        args: {
          filter: { type: Filter },
          even: { type: Even },
          password: { type: GraphQLString, extensions: { sensitive: true } },
          limit: { type: GraphQLInt, defaultValue: 7 },
        },
        resolve: (_source, args) => JSON.stringify(args),
      },
      mine: { type: GraphQLString, extensions: { auth: [{ scope: ['a'] }, { scope: ['b'] }] }, resolve: () => 'mine' },
    },
  });
  const Subscription = new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      ticks: {
        type: GraphQLInt,
        extensions: { public: true },
        async *subscribe() {
          yield { ticks: 1 };
        },
      },
    },
  });
  const upper = new GraphQLDirective({
    name: 'upper',
    locations: [DirectiveLocation.FIELD],
    args: { by: { type: Size, defaultValue: 1 } },
    extensions: { of: 'the team' },
  });
  const schema = new GraphQLSchema({
    description: 'A schema in code',
    query: Query,
    subscription: Subscription,
    directives: [upper],
    extensions: { tool: { version: 1 } },
  });
  Object.assign(User.getFields()['id'] ?? {}, { extensions: { [marker]: 'of a field' } });
  Object.assign(User, { resolveReference: () => user, [marker]: true });
  Object.assign(Query.getFields()['user'] ?? {}, { loader: 'users' });
  return { schema, calls, User };
}

const document = `{
  user { id friends { id } email colour }
  node { __typename ... on User { email } }
  thing { __typename }
  search(filter: { not: { colour: BLUE }, even: 4 }, even: 2)
  mine
}`;

describe('the copy of an executable schema', () => {
  it('has the same SDL, and so has the guarded schema apart from descriptions', () => {
    const { schema } = inCode();
    assert.equal(printSchema(copySchema(schema)), printSchema(schema));
    const sdl = `${authDirectives}
      "The root" type Query { a(x: Int = 3, f: F = { n: [1] }): Int @public @deprecated(reason: "old")  b: E @auth(scope: "b") }
      input F { n: [Int!]  f: F } enum E { A B @deprecated } scalar S @specifiedBy(url: "https://example.com/s")
      directive @upper(x: S) repeatable on FIELD
      schema @upper2 { query: Query } directive @upper2 on SCHEMA`;
    const written = makeExecutableSchema({ typeDefs: sdl });
    assert.equal(printSchema(copySchema(written)), printSchema(written));
    for (const given of [schema, written])
      assert.equal(bare(createGuardedSchema({ schema: given }).schema), bare(given));
  });

  it('leaves the given schema as it was: it executes unguarded, before and after', async () => {
    const { schema, User } = inCode();
    const before = printSchema(schema);
    const answer = JSON.stringify(await graphql({ schema, source: document }));
    const email = User.getFields()['email'];
    const { resolve, type, description } = email ?? {};
    const guarded = createGuardedSchema({ schema });
    assert.deepEqual(await ask(guarded, '{ user { email } }'), {
      data: { user: { email: null } },
      errors: denied('user.email', 'UNAUTHENTICATED'),
    });
    assert.equal(JSON.stringify(await graphql({ schema, source: document })), answer);
    assert.match(answer, /u@example\.com/);
    assert.equal(printSchema(schema), before);
    assert.equal(schema.extensions['claimgate'], undefined);
    assert.deepEqual(
      { resolve: email?.resolve, type: email?.type, description: email?.description },
      { resolve, type, description },
    );
  });

  it('answers as the given schema to a caller whom every rule allows', async () => {
    const { schema } = inCode();
    const { data } = await ask(createGuardedSchema({ schema }), document, person('email a b secret'));
    assert.deepEqual(data, JSON.parse(JSON.stringify(await graphql({ schema, source: document }))).data);
  });

  it('keeps functions, extensions, deprecations, directives, and members of other tools', () => {
    const { schema, User } = inCode();
    const { schema: copy } = createGuardedSchema({ schema });
    const user = copy.getType('User') as GraphQLObjectType & { readonly resolveReference?: unknown };
    assert.notEqual(user, User);
    assert.equal(user.isTypeOf, User.isTypeOf);
    assert.equal(user.extensions['complexity'], 3);
    assert.equal(user.resolveReference, (User as unknown as typeof user).resolveReference);
    assert.equal(Reflect.get(user, marker), true);
    assert.equal(Reflect.get(copy.getQueryType()?.getFields()['user'] ?? {}, 'loader'), 'users');
    assert.equal(user.getFields()['email']?.deprecationReason, 'too long');
    assert.deepEqual(copy.extensions['tool'], { version: 1 });
    assert.equal(Reflect.get(user.getFields()['id']?.extensions ?? {}, marker), 'of a field');
    assert.equal(copy.description, 'A schema in code');
    const [upper] = copy.getDirectives();
    assert.deepEqual([upper?.name, upper?.extensions['of']], ['upper', 'the team']);
    assert.equal(upper?.args[0]?.type, copy.getType('Size'));
  });

  it('shares no type with the given schema, through any reference', () => {
    const { schema } = inCode();
    const copy = copySchema(schema);
    const shared = Object.values(schema.getTypeMap()).filter((type) => copy.getType(type.name) === type);
    assert.ok(shared.every(({ name }) => name.startsWith('__') || ['String', 'Int', 'Boolean'].includes(name)));
    const node = copy.getType('Node') as GraphQLInterfaceType;
    assert.equal(node.getFields()['next']?.type, node);
    assert.equal((copy.getType('User') as GraphQLObjectType).getInterfaces()[0], node);
    const friends = (copy.getType('User') as GraphQLObjectType).getFields()['friends']?.type;
    assert.equal(String(friends), '[User]!');
    assert.deepEqual(copy.getPossibleTypes(node), [copy.getType('User')]);
  });

  it('streams a subscription', async () => {
    const { schema } = createGuardedSchema({ schema: inCode().schema });
    const stream = await subscribe({ schema, document: parse('subscription { ticks }') });
    assert.ok('next' in stream);
    assert.deepEqual(JSON.parse(JSON.stringify((await stream.next()).value)), { data: { ticks: 1 } });
  });

  it('knows extensions.sensitive', () => {
    const { schema } = createGuardedSchema({ schema: inCode().schema });
    const errors = validate(schema, parse('{ search(password: "p") }'), [SensitiveLiteralsRule]);
    assert.deepEqual(
      errors.map(({ extensions }) => extensions['code']),
      ['SENSITIVE_LITERAL'],
    );
  });

  it('reads the owner with the original resolver, also if it is not selected', async () => {
    const typeDefs = `${authDirectives} type Query { p: Person @public } type Person @auth(owner: "id") { id: ID @auth(scope: "id")  name: String }`;
    const schema = makeExecutableSchema({
      typeDefs,
      resolvers: { Query: { p: () => ({ name: 'Alice' }) }, Person: { id: () => 'alice' } },
    });
    const guarded = createGuardedSchema({ schema });
    assert.deepEqual(await ask(guarded, '{ p { name } }', person()), { data: { p: { name: 'Alice' } }, errors: [] });
    assert.deepEqual((await ask(guarded, '{ p { name } }', person('', {}, 'bob'))).data, { p: null });
  });

  it('a type that the schema refers to and does not have is a start error', () => {
    const schema = buildSchema(`${authDirectives} type Query { t: T @public } type T { x: Int }`);
    const stale = schema.getType('T');
    Object.assign(schema.getTypeMap(), {
      T: new GraphQLObjectType({ name: 'T', fields: { x: { type: GraphQLInt } } }),
    });
    assert.notEqual(schema.getType('T'), stale);
    assert.throws(
      () => createGuardedSchema({ schema }),
      /schema: refers to a type T that is not the type of that name/,
    );
  });
});

describe('rules in extensions', () => {
  it('AND with rules in the SDL of the same element', async () => {
    const schema = makeExecutableSchema({
      typeDefs: `${authDirectives} type Query { x: Int @auth(scope: "a") }`,
      resolvers: { Query: { x: () => 1 } },
      schemaExtensions: {
        schemaExtensions: {},
        types: {
          Query: {
            type: 'object',
            extensions: {},
            fields: { x: { arguments: {}, extensions: { auth: { scope: ['b'] } } } },
          },
        },
      },
    });
    const guarded = createGuardedSchema({ schema });
    assert.deepEqual(
      guarded.rules.map(({ source }) => source),
      ['@auth(scope: "a")', '@auth(scope: ["b"])'],
    );
    for (const scopes of ['a', 'b']) assert.deepEqual((await ask(guarded, '{ x }', person(scopes))).data, { x: null });
    assert.deepEqual((await ask(guarded, '{ x }', person('a b'))).data, { x: 1 });
  });

  it('are read from extensions.directives too, by name and as a list', () => {
    for (const directives of [
      { auth: { scope: ['a'] }, sensitive: [] },
      { auth: [{ scope: ['a'] }] },
      [{ name: 'auth', args: { scope: ['a'] } }, { name: 'tag' }],
    ]) {
      const query = new GraphQLObjectType({
        name: 'Query',
        fields: { x: { type: GraphQLInt, extensions: { directives } } },
      });
      const { rules } = createGuardedSchema({ schema: new GraphQLSchema({ query }) });
      assert.deepEqual(
        rules.map(({ source }) => source),
        ['@auth(scope: ["a"])'],
      );
    }
  });

  it('G-12 have the configured name, and the team’s own extensions.auth stays', () => {
    const query = new GraphQLObjectType({
      name: 'Query',
      fields: { x: { type: GraphQLInt, extensions: { auth: 'ADMIN', claims: { maxAge: 60, mode: 'ENFORCE' } } } },
    });
    const { rules } = createGuardedSchema({ schema: new GraphQLSchema({ query }), directives: { auth: 'claims' } });
    assert.deepEqual(
      rules.map(({ source }) => source),
      ['@claims(maxAge: 60, mode: ENFORCE)'],
    );
  });

  it('G-12 the directive has the configured name, and the team’s own @auth stays', async () => {
    const warnings: string[] = [];
    const typeDefs = `${authDirectives.replaceAll('@auth', '@claims').replaceAll('AuthMode', 'ClaimsMode').replaceAll('AuthRule', 'ClaimsRule').replaceAll('ClaimRule', 'ClaimsClaimRule')}
      enum Role { ADMIN } directive @auth(requires: Role) on FIELD_DEFINITION
      type Query { x: Int @auth(requires: ADMIN) @claims(scope: "a")  y: Int @auth(requires: ADMIN) @public }`;
    const schema = makeExecutableSchema({ typeDefs, resolvers: { Query: { x: () => 1, y: () => 2 } } });
    const guarded = createGuardedSchema({
      schema,
      directives: { auth: 'claims' },
      onWarning: (warning) => warnings.push(warning),
    });
    assert.deepEqual(await ask(guarded, '{ x y }'), {
      data: { x: null, y: 2 },
      errors: denied('x', 'UNAUTHENTICATED'),
    });
    assert.deepEqual(warnings, ["@auth: is the schema's own and guards nothing; Claimgate's is @claims"]);
  });
});

describe('a schema of the size of GitHub’s', () => {
  it('is guarded in under 2 s of CPU time', (t) => {
    const schema = buildSchema(annotated(largeSdl()));
    assert.ok(Object.keys(schema.getTypeMap()).length > 1_700);
    const begun = process.cpuUsage();
    const { rules } = createGuardedSchema({ schema });
    const { user, system } = process.cpuUsage(begun);
    t.diagnostic(`${rules.length} rules, ${(user + system) / 1000} ms`);
    assert.ok(user + system < 2_000_000, `${user + system} µs`);
    assert.equal(rules.length, 601 + rules.filter(({ kind }) => kind !== 'field').length);
  });
});

describe('default values with internal values of enums', () => {
  const typeDefs = `${authDirectives} enum E { A B @auth(scope: "b") } input I { e: E }
    type Query { x(i: I = { e: B }): Int @public  y(i: I = { e: A }): Int @public }`;
  const resolvers = { E: { A: 1, B: 2 } };

  it('B-9 that supply a guarded value by its name, which graphql-tools left inside the object, are start errors', () => {
    const schema = makeExecutableSchema({ typeDefs, resolvers });
    assert.throws(() => createGuardedSchema({ schema }), {
      faults: ['Query.x(i:): has a default value that supplies what a rule guards; take the default out'],
    });
  });

  it('B-9 that are names in place of internal values, in code, cannot be judged and are start errors', () => {
    const schema = codeFirst(makeExecutableSchema({ typeDefs, resolvers }));
    assert.throws(
      () => createGuardedSchema({ schema }),
      /^StartError: Query\.x\(i:\): has a default value that is not a value of its type, so/,
    );
  });
});
