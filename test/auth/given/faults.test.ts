import assert from 'node:assert/strict';
import type * as Graphql from 'graphql';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { makeExecutableSchema, mergeSchemas } from '@graphql-tools/schema';
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  buildClientSchema,
  buildSchema,
  GraphQLInt,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  introspectionFromSchema,
  parse,
  printSchema,
} from 'graphql';
import type { RuleExtensions } from '../../../src/auth/given/rule-extensions.ts';
import { authDirectives, authDirectivesNamed } from '../../../src/auth/directive.ts';
import type { GivenSchemaOptions, GuardedSchemaOptions } from '../../../src/auth/guarded-schema.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { StartError } from '../../../src/errors.ts';

/** A second copy of graphql: the package contains its files as CommonJS and as ES modules. */
const otherGraphql: typeof Graphql = await import(new URL('index.mjs', import.meta.resolve('graphql')).href);

function faultsOf(schema: unknown, options: Partial<GivenSchemaOptions> = {}): readonly string[] {
  try {
    createGuardedSchema({ ...options, schema: schema as GraphQLSchema });
    return [];
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    return error.faults;
  }
}

/** Returns the faults found in SDL that a tool did not validate. */
function faultsOfSdl(
  sdl: string,
  directives = authDirectives,
  options: Partial<GivenSchemaOptions> = {},
): readonly string[] {
  return faultsOf(makeExecutableSchema({ typeDefs: [directives, sdl], assumeValidSDL: true }), options);
}

/** Returns the faults of a root field with these extensions. */
function faultsOfExtensions(extensions: Readonly<Record<string, unknown>>): readonly string[] {
  const query = new GraphQLObjectType({
    name: 'Query',
    fields: { open: { type: GraphQLInt, extensions: { public: true } }, x: { type: GraphQLInt, extensions } },
  });
  return faultsOf(new GraphQLSchema({ query }));
}

const open = 'type Query { open: Int @public }';

describe('the option schema', () => {
  it('excludes modules, in the types and at start', () => {
    const schema = buildSchema(`${authDirectives} ${open}`);
    // @ts-expect-error -- both
    const both: GuardedSchemaOptions = { schema, modules: [] };
    // @ts-expect-error -- neither
    const neither: GuardedSchemaOptions = {};
    assert.throws(
      () => createGuardedSchema(both),
      /^StartError: modules, schema: both are given; expected modules, or one executable schema/,
    );
    assert.throws(
      () => createGuardedSchema(neither),
      /^StartError: modules: expected an array of modules, or a schema; found undefined/,
    );
  });

  const query = new GraphQLObjectType({ name: 'Query', fields: { x: { type: GraphQLInt } } });
  for (const [name, given, expected] of [
    ['SDL', open, 'found a string: give SDL as a module'],
    ['a document', parse(open), 'found a document: give SDL as a module'],
    ['a promise', Promise.resolve(), 'found a promise: await it'],
    ['a function', () => query, 'found a function: call it'],
    ['null', null, 'found null'],
    ['a builder', { toSchema: () => query }, 'found a schema builder: give what its toSchema() returns'],
    ['a host', { schema: new GraphQLSchema({ query }) }, 'found an object that has a schema: give its member schema'],
    ['a type', query, 'found an object of another shape'],
  ] as const) {
    it(`that is ${name} is a start error that says so`, () => {
      assert.match(faultsOf(given).join('\n'), /^schema: expected an executable GraphQLSchema; /);
      assert.ok(faultsOf(given).join('\n').includes(expected), faultsOf(given).join('\n'));
    });
  }

  it('that is guarded already, or made from a guarded schema, is a start error', () => {
    const { schema } = createGuardedSchema({ schema: buildSchema(`${authDirectives} ${open}`) });
    const other = buildSchema('type Query { other: Int }');
    const made = [
      schema,
      new GraphQLSchema(schema.toConfig()),
      mapSchema(schema, {}),
      mergeSchemas({ schemas: [schema, other] }),
      new GraphQLSchema({ query: schema.getQueryType() ?? null }),
    ];
    const modules = createGuardedSchema({ modules: [{ name: 'one', typeDefs: open }] }).schema;
    for (const guarded of [...made, modules]) {
      assert.deepEqual(faultsOf(guarded), [
        'schema: is guarded by Claimgate already, or was made from a guarded schema; give the schema that it was made from',
      ]);
    }
  });

  it('of another copy of graphql is a start error that names both paths', () => {
    const theirs = /another copy of graphql \(\S*node_modules\/graphql\/type\/(schema|definition|directives)\.mjs\)/;
    const ours = createRequire(import.meta.url)
      .resolve('graphql')
      .replace('index.js', 'type/schema.js');
    const [fault = '', ...others] = faultsOf(otherGraphql.buildSchema('type Query { x: Int }'));
    assert.match(fault, theirs);
    assert.ok(fault.includes(`(${ours})`), fault);
    assert.deepEqual(others, []);
    const mixed = buildSchema(`${authDirectives} ${open}`);
    Object.assign(mixed.getTypeMap(), { T: new otherGraphql.GraphQLScalarType({ name: 'T' }) });
    assert.match(faultsOf(mixed).join('\n'), /^schema: the type T was made by another copy/);
    assert.match(faultsOf(mixed).join('\n'), theirs);
  });

  it('that is not valid GraphQL is a start error, also if the tool assumed that it is valid', () => {
    const sdl = 'interface I { x: Int } type T implements I { y: Int } type Query { t: T @public }';
    assert.deepEqual(faultsOfSdl(sdl), ['schema: Interface field I.x expected but T does not provide it.']);
  });
});

describe('the definition of the directive', () => {
  for (const [name, change, expected] of [
    [
      'is not repeatable',
      (sdl: string) => sdl.replace('repeatable on', 'on'),
      /^@auth: is not repeatable in this schema, so a merge may have joined two rules into one weaker rule/,
    ],
    [
      'has another type for an argument',
      (sdl: string) => sdl.replace('owner: String\n', 'owner: ID\n'),
      /^@auth: .*found owner: ID, expected owner: String/,
    ],
    [
      'lacks an argument',
      (sdl: string) => sdl.replace(/"[^"\n]*"\n\s*maxAge: Int\n/, ''),
      /^@auth: .*found nothing, expected maxAge: Int/,
    ],
    [
      'has one more argument',
      (sdl: string) => sdl.replace('maxAge: Int\n', 'maxAge: Int roles: Int\n'),
      /^@auth: .*found roles: Int, expected no roles/,
    ],
    [
      'has another default',
      (sdl: string) => sdl.replace('= ENFORCE', '= SHADOW'),
      /^@auth: .*mode: AuthMode! = SHADOW, expected mode: AuthMode! = ENFORCE/,
    ],
    ['lacks a location', (sdl: string) => sdl.replace('| UNION |', '|'), /^@auth: .*expected .*UNION/],
    [
      'has another type of an argument’s members',
      (sdl: string) => sdl.replace('exists: Boolean', 'exists: Int'),
      /^ClaimRule: .*found exists: Int/,
    ],
    [
      'has a mode more',
      (sdl: string) => sdl.replace('SHADOW', 'OFF SHADOW'),
      /^AuthMode: .*found OFF, expected no OFF/,
    ],
    [
      'is repeatable, unlike ours',
      (sdl: string) => sdl.replace('directive @public on', 'directive @public repeatable on'),
      /^@public: .*repeatable/,
    ],
  ] as const) {
    it(`that ${name} is a start error`, () => {
      const directives = change(authDirectives);
      assert.notEqual(directives, authDirectives);
      const faults = faultsOfSdl('type Query { x: Int @auth }', directives);
      assert.ok(
        faults.some((fault) => expected.test(fault)),
        faults.join('\n'),
      );
      assert.match(faults.join('\n'), /authDirectives/);
    });
  }

  it('of a team’s own @auth is a start error that names the option directives', () => {
    const team = 'directive @auth(requires: Role = ADMIN) on OBJECT | FIELD_DEFINITION enum Role { ADMIN USER }';
    const faults = faultsOfSdl('type Query { x: Int @auth(requires: USER) }', team);
    assert.match(faults.join('\n'), /^@auth: .*directives: \{ auth: "claims" \}/m);
  });

  it('B-6 under another name is a start error', () => {
    const renamed = authDirectivesNamed({ auth: 'guard' });
    const expected =
      /^@(guard|auth): has the arguments of Claimgate's directive, which is @(auth|claims) here, so its rules would not be read; set directives: \{ auth: "(guard|auth)" \}/;
    const sdl = 'type Query { t: T @public } type T @guard(scope: "a") { x: Int }';
    assert.match(faultsOfSdl(sdl, renamed)[0] ?? '', expected);
    const forgotten = faultsOfSdl(sdl.replace('guard', 'auth'), authDirectives, { directives: { auth: 'claims' } });
    assert.match(forgotten[0] ?? '', expected);
    assert.deepEqual(faultsOfSdl(sdl, renamed, { directives: { auth: 'guard' } }), []);
  });

  it('that is missing while the SDL uses the directive is a start error', () => {
    const faults = faultsOfSdl(
      'type Query { x: Int @auth(scope: "a")  y: Int @atuh  z: Int @secure(scope: "a") @cost(by: 1) @lib__auth @public }',
      'scalar Any',
    );
    assert.deepEqual(
      faults.filter((fault) => fault.startsWith('@')).map((fault) => fault.replace(/, so its arguments.*/, '')),
      [
        '@auth: is used in the SDL and not defined in the schema',
        '@atuh: is used in the SDL and not defined in the schema; did you mean @auth?',
        '@secure: is used in the SDL and not defined in the schema; did you mean @auth?',
        '@lib__auth: is used in the SDL and not defined in the schema; did you mean @auth?',
        '@public: is used in the SDL and not defined in the schema',
      ],
    );
    const warnings: string[] = [];
    faultsOfSdl('type Query { x: Int @cost(by: 1) @auth }', authDirectives, {
      onWarning: (warning) => warnings.push(warning),
    });
    assert.deepEqual(warnings, ['@cost: is used in the SDL and not defined in the schema; it guards nothing']);
  });
});

describe('rules that a schema has lost', () => {
  const typeDefs = `${authDirectives}
    type Query { open: Int @public  t(i: In): T @public }
    type T @auth(scope: "t") { x(a: Int @auth(scope: "a")): Int @auth(scope: "x") }
    input In { secret: Int @auth(scope: "i") } enum E { A @auth(scope: "e") B }`;
  const schema = (): GraphQLSchema => makeExecutableSchema({ typeDefs });

  it('are complete in an untouched schema', () => assert.deepEqual(faultsOf(schema()), []));

  it('are detected if a field, argument, input field or enum value lost its astNode', () => {
    const dropped = schema();
    const t = dropped.getType('T') as GraphQLObjectType;
    const field = t.getFields()['x'];
    assert.ok(field);
    const [argument] = field.args;
    Object.assign(argument ?? {}, { astNode: undefined });
    assert.match(
      faultsOf(dropped).join('\n'),
      /^T\.x\(a:\): the SDL of its type has @auth\(scope: "a"\) here, and the element does not carry it; a transform/,
    );
    field.astNode = undefined;
    assert.match(faultsOf(dropped).join('\n'), /^T\.x: the SDL of its type has @auth\(scope: "x"\) here/m);
    for (const [type, member] of [
      ['In', 'secret'],
      ['E', 'A'],
    ] as const) {
      const one = schema();
      const of = one.getType(type);
      assert.ok(of && ('getValues' in of || 'getFields' in of));
      const members = 'getValues' in of ? of.getValues() : Object.values(of.getFields());
      Object.assign(members.find(({ name }) => name === member) ?? {}, { astNode: null });
      assert.match(faultsOf(one).join('\n'), new RegExp(`^${type}\\.${member}: the SDL of its type has @auth`));
    }
  });

  it('are detected if mapSchema replaced a field without its astNode', () => {
    const mapped = mapSchema(schema(), {
      [MapperKind.OBJECT_FIELD]: (config, name) =>
        name === 'x' ? { type: config.type, args: config.args ?? {} } : config,
    });
    const t = mapped.getType('T') as GraphQLObjectType;
    assert.equal(t.getFields()['x']?.astNode, undefined);
    assert.match(
      faultsOf(mapped).join('\n'),
      /^T\.x: has no SDL \(astNode\), and is part of what was written in SDL; a transform/,
    );
  });

  it('are detected if a type lost its astNode and its fields kept theirs', () => {
    const dropped = schema();
    Object.assign(dropped.getType('T') ?? {}, { astNode: undefined });
    assert.match(
      faultsOf(dropped).join('\n'),
      /^T: its fields were written in SDL, and the type itself has no SDL \(astNode\) any more/,
    );
  });

  it('are detected if all are missing: a printed or an introspected schema', () => {
    for (const rebuilt of [buildSchema(printSchema(schema())), buildClientSchema(introspectionFromSchema(schema()))]) {
      assert.match(
        faultsOf(rebuilt)[0] ?? '',
        /^schema: defines @auth, and no element carries a rule; a schema loses its rules if it is printed/,
      );
    }
  });

  it('are not reported if extend type kept them: rules of an extension hold', () => {
    const extended = makeExecutableSchema({
      typeDefs: [
        authDirectives,
        'type Query { t: T @public } type T { x: Int }',
        'extend type T @auth(scope: "t") { y: Int }',
      ],
    });
    const built = buildSchema(
      `${authDirectives} type Query { t: T @public } type T { x: Int } extend type T @auth(scope: "t") { y: Int }`,
    );
    assert.equal(built.getType('T')?.extensionASTNodes.length, 1);
    for (const one of [extended, built]) {
      assert.deepEqual(
        createGuardedSchema({ schema: one }).rules.map(({ coordinate }) => coordinate),
        ['T'],
      );
    }
  });
});

describe('a rule in extensions', () => {
  const cyclic: { anyOf: unknown[] } = { anyOf: [] };
  cyclic.anyOf.push(cyclic);
  class Rule {
    readonly scope = ['a'];
  }
  for (const [name, auth, expected] of [
    [
      'true',
      true,
      /extensions\.auth is of type boolean; expected a rule, such as \{ scope: \['orders:read'\] \}, or \{\}/,
    ],
    ['undefined', undefined, /extensions\.auth is undefined/],
    ['null', null, /extensions\.auth is null/],
    ['a scope', 'orders:read', /extensions\.auth is of type string/],
    ['an empty list', [], /extensions\.auth is an empty list, which names no rule/],
    ['a list with a hole', [undefined], /extensions\.auth\[0\] is undefined/],
    [
      'a member that does not exist',
      { scopes: ['a'] },
      /extensions\.auth has the member scopes, which a rule does not have; expected scope, claims, .*; the nearest is scope$/,
    ],
    [
      'an undefined member',
      { scope: undefined },
      /extensions\.auth\.scope is undefined; expected a value; to leave the member out, do not name it/,
    ],
    ['an undefined item', [{ scope: ['a', undefined] }], /extensions\.auth\[0\]\.scope\[1\] is undefined/],
    ['a function', { policy: () => true }, /extensions\.auth\.policy is of type function/],
    ['a set', { scope: new Set(['a']) }, /extensions\.auth\.scope is an instance of a class/],
    ['an instance of a class', new Rule(), /extensions\.auth is an instance of a class/],
    [
      'a rule that contains itself',
      cyclic,
      /extensions\.auth\.anyOf\[0\]\.\S* is nested deeper than a rule can be, or contains itself/,
    ],
    [
      'a getter that throws',
      {
        get scope() {
          throw new Error('no');
        },
      },
      /extensions\.auth\.scope is a getter that throws/,
    ],
    ['an empty scope', { scope: [] }, /@auth\(scope: \[\]\) names no alternative/],
    [
      'a mode that does not exist',
      { mode: 'SHADDOW' },
      /@auth\(mode: SHADDOW\) is not a mode; expected ENFORCE or SHADOW; the nearest is SHADOW/,
    ],
    ['a mode that is not a name', { mode: 'in shadow' }, /@auth\(mode: "in shadow"\) is not a mode/],
    ['an age that is a fraction', { maxAge: 1.5 }, /@auth\(maxAge: 1\.5\) is not an age/],
    ['an age that is not a number', { maxAge: Number.NaN }, /@auth\(maxAge: NaN\) is not an age/],
    ['a claim without an operator', { claims: [{ claim: ['role'] }] }, /exactly one of oneOf, contains and exists/],
    ['an unknown policy', { policy: ['none'] }, /unknown policy "none"/],
  ] as const) {
    it(`that is ${name} is a start error at its coordinate`, () => {
      const faults = faultsOfExtensions({ auth });
      assert.ok(
        faults.some((fault) => fault.startsWith('Query.x: ') && expected.test(fault)),
        faults.join('\n'),
      );
    });
  }

  it('has a type that TypeScript checks', () => {
    const right: readonly RuleExtensions[] = [
      { auth: {} },
      {
        auth: [
          { scope: 'a' },
          { scope: ['a b', 'c'], anyOf: [{ owner: 'id' }, { maxAge: 1, acr: ['x'] }], mode: 'SHADOW' },
        ],
      },
      {
        auth: {
          claims: [
            { claim: 'role', oneOf: ['x'] },
            { claim: ['a', 'b'], exists: true },
          ],
        },
      },
      { public: true },
    ];
    const wrong: readonly RuleExtensions[] = [
      // @ts-expect-error -- a member that does not exist
      { auth: { scopes: ['a'] } },
      // @ts-expect-error -- two operators
      { auth: { claims: { claim: 'a', oneOf: ['x'], exists: true } } },
      // @ts-expect-error -- undefined
      { auth: { scope: undefined } },
      // @ts-expect-error -- not true
      { public: false },
    ];
    for (const extensions of right) {
      assert.ok(faultsOfExtensions({ ...extensions }).every((fault) => !/extensions|claim|member/.test(fault)));
    }
    for (const extensions of wrong) assert.notDeepEqual(faultsOfExtensions({ ...extensions }), []);
  });

  it('under a misspelled member is a start error', () => {
    for (const [extensions, expected] of [
      [
        { Auth: { scope: ['a'] }, public: true },
        /extensions has the member Auth, which is not read; did you mean extensions\.auth\?/,
      ],
      [{ '@auth': 1, public: true }, /member @auth, .* extensions\.auth\?/],
      [{ atuh: { scope: ['a'] }, public: true }, /member atuh, .* extensions\.auth\?/],
      [{ auht: [{ maxAge: 1 }, { acr: ['x'] }], public: true }, /member auht, .* extensions\.auth\?/],
      [{ Public: true }, /member Public, .* extensions\.public\?/],
    ] as const) {
      assert.match(faultsOfExtensions(extensions).join('\n'), expected);
    }
    const unlike = { author: 'Ada', oauth: { client: 'x' }, path: ['scope'], nexus: {}, public: true };
    assert.deepEqual(faultsOfExtensions(unlike), []);
  });

  it('public and sensitive are true, or left out', () => {
    assert.match(
      faultsOfExtensions({ public: false }).join('\n'),
      /^Query\.x: extensions\.public is of type boolean; expected true/m,
    );
    assert.match(
      faultsOfExtensions({ auth: {}, sensitive: 'yes' }).join('\n'),
      /extensions\.sensitive is of type string; expected true/,
    );
    assert.match(
      faultsOfExtensions({ public: true, auth: {} }).join('\n'),
      /Query\.x: has both @public and @auth; keep one/,
    );
    assert.match(
      faultsOfExtensions({ directives: { public: [{ a: 1 }] } }).join('\n'),
      /extensions\.directives\.public has arguments/,
    );
  });

  it('on a type that all schemas share, on a directive or on the schema is a start error', () => {
    const query = new GraphQLObjectType({
      name: 'Query',
      fields: { x: { type: GraphQLInt, extensions: { public: true } } },
    });
    assert.match(
      faultsOf(new GraphQLSchema({ query, extensions: { auth: {} } })).join('\n'),
      /^schema: Directive "@auth" may not be used on SCHEMA/,
    );
    const { extensions } = GraphQLInt;
    Object.assign(GraphQLInt, { extensions: { auth: {} } });
    try {
      assert.match(
        faultsOf(new GraphQLSchema({ query })).join('\n'),
        /^Int: has a rule, and is a type that all schemas share/,
      );
    } finally {
      Object.assign(GraphQLInt, { extensions });
    }
    assert.match(faultsOfExtensions({ public: true, auth: undefined }).join('\n'), /extensions\.auth is undefined/);
  });

  it('that extensions inherit is read', () => {
    const schema = buildSchema('type Query { x: Int }');
    Object.assign(schema.getQueryType()?.getFields()['x'] ?? {}, {
      extensions: Object.create({ auth: { scope: ['a'] } }),
    });
    assert.deepEqual(
      createGuardedSchema({ schema }).rules.map(({ coordinate }) => coordinate),
      ['Query.x'],
    );
  });

  it('of a scalar in a module is a start error, because modules have their rules in SDL', () => {
    const Even = new GraphQLScalarType({ name: 'Even', extensions: { auth: { scope: ['even'] } } });
    const modules = [{ name: 'one', typeDefs: 'scalar Even type Query { x: Even @public }', resolvers: { Even } }];
    assert.throws(
      () => createGuardedSchema({ modules }),
      /^StartError: Even \(module "one"\): has extensions\.auth, which is not read in a module; write @auth in the SDL/,
    );
  });
});
