import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  buildASTSchema,
  GraphQLDirective,
  DirectiveLocation,
  GraphQLInt,
  GraphQLObjectType,
  GraphQLSchema,
  parse,
} from 'graphql';
import { isSensitive } from '../../../src/api/operation/rules/sensitive.ts';
import { authDirectives } from '../../../src/auth/directive.ts';
import type { GivenSchemaOptions } from '../../../src/auth/guarded-schema.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { StartError } from '../../../src/errors.ts';

function faultsOf(schema: GraphQLSchema, options: Partial<GivenSchemaOptions> = {}): string {
  try {
    createGuardedSchema({ ...options, schema });
    return '';
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    return error.faults.join('\n');
  }
}

/** Makes a schema whose field `T.x` has these extensions. */
function withExtensions(extensions: object): GraphQLSchema {
  const T = new GraphQLObjectType({
    name: 'T',
    fields: { x: { type: GraphQLInt, extensions: { ...extensions } }, y: { type: GraphQLInt } },
  });
  const query = new GraphQLObjectType({
    name: 'Query',
    fields: { t: { type: T, extensions: { public: true }, resolve: () => ({ x: 1, y: 2 }) } },
  });
  return new GraphQLSchema({ query });
}

function rulesOf(schema: GraphQLSchema): readonly string[] {
  return createGuardedSchema({ schema }).rules.map(({ coordinate, source }) => `${coordinate} ${source}`);
}

describe('a rule in extensions of an odd shape is read, or is a start error', () => {
  const hole: unknown[] = [];
  hole.length = 1;
  const holes: unknown[] = [{ scope: ['a'] }];
  holes.length = 2;
  const ofNoPrototype: object = Object.assign(Object.create(null), { scope: ['a'] });
  for (const [name, extensions, expected] of [
    ['a list that is only a hole', { auth: hole }, /^T\.x: extensions\.auth\[0\] is undefined/],
    ['a list that ends with a hole', { auth: holes }, /^T\.x: extensions\.auth\[1\] is undefined/],
    ['a hole in directives', { directives: { auth: hole } }, /^T\.x: extensions\.directives\.auth is undefined/],
    [
      'a rule that inherits its members',
      { auth: Object.create(ofNoPrototype) },
      /^T\.x: extensions\.auth is an instance of a class/,
    ],
    [
      'a misspelled member of directives',
      { directives: { Auth: { scope: ['a'] } } },
      /^T\.x: extensions\.directives has the member Auth, which is not read; did you mean auth\?/,
    ],
    [
      'a misspelled name in directives',
      { directives: [{ name: 'tag' }, { name: 'atuh', args: { scope: ['a'] } }] },
      /^T\.x: extensions\.directives\[1\] has the member atuh, which is not read; did you mean auth\?/,
    ],
    [
      'a name with the @ in directives',
      { directives: [{ name: '@auth' }] },
      /^T\.x: extensions\.directives\[0\] has the member @auth, which is not read; did you mean auth\?/,
    ],
    [
      'arguments under another name, which would be a weaker rule without arguments',
      { directives: [{ name: 'auth', arguments: { scope: ['a'] } }] },
      /^T\.x: extensions\.directives\[0\] has the member arguments, which is not read; expected .*args/,
    ],
    [
      'arguments that are null',
      { directives: [{ name: 'auth', args: null }] },
      /^T\.x: extensions\.directives\.auth is null/,
    ],
    [
      'a map of directives',
      { directives: new Map([['auth', { scope: ['a'] }]]) },
      /^T\.x: extensions\.directives is an instance of a class; expected/,
    ],
    ['SDL in directives', { directives: '@auth' }, /^T\.x: extensions\.directives is of type string; expected/],
    ['SDL in a list', { directives: ['@auth'] }, /^T\.x: extensions\.directives\[0\] is of type string; expected/],
    [
      'an entry without a name',
      { directives: [{ auth: {} }] },
      /directives\[0\] is an object without a name; expected/,
    ],
    ['a hole in the list of directives', { directives: hole }, /^T\.x: extensions\.directives\[0\] is undefined/],
  ] as const) {
    it(name, () => assert.match(faultsOf(withExtensions(extensions)), expected));
  }

  it('members that are not enumerable', () => {
    const auth = Object.defineProperty({}, 'scope', { value: ['a'] });
    assert.deepEqual(rulesOf(withExtensions({ auth })), ['T.x @auth(scope: ["a"])']);
  });

  it('a getter that throws', () => {
    const schema = withExtensions({});
    const x = (schema.getType('T') as GraphQLObjectType).getFields()['x'];
    const extensions: object = Object.create(null, {
      auth: {
        get() {
          throw new Error('secret');
        },
      },
    });
    Object.assign(x ?? {}, { extensions });
    assert.equal(faultsOf(schema), 'T.x: extensions has a getter that throws; expected values');
  });

  it('an inherited rule of a directive’s argument, and an inherited mark of a secret', () => {
    const at = new GraphQLDirective({
      name: 'at',
      locations: [DirectiveLocation.FIELD],
      args: { a: { type: GraphQLInt } },
    });
    const [argument] = at.args;
    assert.ok(argument);
    Object.assign(argument, { extensions: Object.create({ auth: {} }) });
    const schema = new GraphQLSchema({ ...withExtensions({}).toConfig(), directives: [at] });
    assert.match(faultsOf(schema), /^@at\(a:\): carries a rule/);
    assert.ok(isSensitive({ ...argument, extensions: Object.create({ sensitive: true }) }, 'sensitive'));
  });

  it('a rule under the default name, if the directive has another name, is a warning', () => {
    const warnings: string[] = [];
    const onWarning = (warning: string): number => warnings.push(warning);
    const schema = withExtensions({ auth: { scope: ['a'] } });
    Object.assign(schema.getQueryType()?.getFields()['t'] ?? {}, { extensions: { public: true, auth: 'ADMIN' } });
    createGuardedSchema({ schema, directives: { auth: 'claims' }, onWarning });
    assert.deepEqual(
      warnings.filter((warning) => warning.includes('extensions')),
      ["T.x: extensions.auth has the form of a rule and guards nothing; Claimgate's is extensions.claims"],
    );
  });

  it('other directives stay as they were', () => {
    for (const directives of [undefined, null, [], {}, { tag: 'x', cost: [{ weight: 1 }] }, [{ name: 'tag', x: 1 }]]) {
      assert.equal(faultsOf(withExtensions({ directives })), '');
    }
  });
});

describe('a lost rule of SDL without positions is a start error', () => {
  const sdl = `${authDirectives}
    type Query { t: T @public  u: U @auth }
    type T { x(a: Int @auth(scope: "a")): Int @auth(scope: "x")  y: Int }
    type U @auth(scope: "u") { x: Int }
    input I { secret: Int @auth  open: Int }
    enum E { A @auth  B }`;
  const document = () => parse(sdl, { noLocation: true }); // As of `graphql-tag`.
  const withoutNode = /^T\.\w+: has no SDL \(astNode\), and is part of what was written in SDL/m;
  it('mapSchema drops the node of a field', () => {
    const schema = mapSchema(makeExecutableSchema({ typeDefs: document() }), {
      [MapperKind.OBJECT_FIELD]: ({ type }, field) => (field === 'x' ? { type } : undefined),
    });
    assert.match(faultsOf(schema), withoutNode);
  });
  it('mapSchema drops the node and renames the field', () => {
    const schema = mapSchema(buildASTSchema(document()), {
      [MapperKind.OBJECT_FIELD]: ({ type }, field) => (field === 'x' ? ['z', { type }] : undefined),
    });
    assert.match(faultsOf(schema), withoutNode);
  });
  it('a type, an argument, an input field and an enum value lose their node', () => {
    const schema = buildASTSchema(document());
    const t = schema.getType('T') as GraphQLObjectType;
    Object.assign(schema.getType('U') ?? {}, { astNode: undefined });
    Object.assign(t.getFields()['x']?.args[0] ?? {}, { astNode: undefined });
    for (const type of ['I', 'E']) {
      const found = schema.getType(type);
      assert.ok(found && ('getFields' in found || 'getValues' in found));
      const members = 'getFields' in found ? Object.values(found.getFields()) : found.getValues();
      for (const member of members) Object.assign(member, { astNode: undefined });
    }
    const faults = faultsOf(schema);
    for (const coordinate of ['U', 'T\\.x\\(a:\\)', 'I\\.secret', 'E\\.A']) {
      assert.match(faults, new RegExp(`^${coordinate}: `, 'm'));
    }
  });
  it('an untouched schema, and a transform that keeps the nodes, have no fault', () => {
    assert.equal(faultsOf(makeExecutableSchema({ typeDefs: document() })), '');
    const mapped = mapSchema(buildASTSchema(document()), { [MapperKind.OBJECT_FIELD]: (config) => ({ ...config }) });
    assert.equal(faultsOf(mapped), '');
  });

  it('nodes that a tool for code makes for some elements are not SDL', () => {
    const named = (value: string) => ({ kind: 'Name', value }) as const;
    const directives = [{ kind: 'Directive', name: named('auth') }] as const;
    const code = buildASTSchema(parse(sdl));
    for (const type of [code.getType('T'), code.getType('Query')] as GraphQLObjectType[]) {
      type.astNode = { kind: 'ObjectTypeDefinition', name: named(type.name), directives: [] } as never;
      for (const [name, field] of Object.entries(type.getFields())) {
        for (const argument of field.args) argument.astNode = undefined;
        field.astNode =
          name === 'y' ? undefined : ({ kind: 'FieldDefinition', name: named(name), directives } as never);
      }
    }
    assert.equal(faultsOf(code), '');
  });

  it('of a directive that the schema does not define: the node of the type still has the rule', () => {
    const written = buildASTSchema(parse('type Query { t: T } type T { x: Int @auth(scope: "x")  y: Int }'), {
      assumeValidSDL: true,
    });
    const { Query, T } = written.getTypeMap() as Record<string, GraphQLObjectType>;
    assert.ok(Query && T);
    Object.assign(Query.getFields()['t'] ?? {}, { extensions: { public: true } });
    const fields = T.getFields();
    Object.assign(fields, { z: { ...fields['x'], name: 'z', astNode: undefined } });
    delete fields['x'];
    assert.match(faultsOf(written), /^@auth: is used in the SDL and not defined in the schema/);
  });
});

function withEnum(): GraphQLSchema {
  return buildASTSchema(parse(`${authDirectives} type Query { e(e: E): Int @public } enum E { A @auth  B }`));
}

/** Gives a type of a schema a method of its own that does the same. */
function withMethod(schema: GraphQLSchema, type: string, method: string): GraphQLSchema {
  const found = schema.getType(type);
  assert.ok(found);
  const original: unknown = Reflect.get(found, method);
  assert.ok(typeof original === 'function');
  Object.assign(found, { [method]: original.bind(found) });
  return schema;
}

describe('a copy of a schema that was changed in place', () => {
  it('has no method of the original: a method that is not of the class is a start error', () => {
    const changes: readonly (readonly [string, (schema: GraphQLSchema) => GraphQLSchema])[] = [
      ['Query: has a method getFields of its own', (schema) => withMethod(schema, 'Query', 'getFields')],
      ['E: has a method parseValue of its own', (schema) => withMethod(schema, 'E', 'parseValue')],
      [
        'schema: has a method getType of its own',
        (schema) => Object.assign(schema, { getType: (name: string) => withEnum().getType(name) }),
      ],
      [
        'schema: has a method getTypeMap of its own',
        (schema) => {
          class Own extends GraphQLSchema {
            override getTypeMap() {
              return { ...super.getTypeMap() };
            }
          }
          return new Own(schema.toConfig());
        },
      ],
    ];
    for (const [fault, change] of changes) assert.equal(faultsOf(change(withEnum())).split(',')[0], fault);
    const textOnly = withEnum();
    Object.assign(textOnly.getType('E') ?? {}, { toString: () => 'E', toJSON: () => 'E' });
    assert.equal(faultsOf(textOnly), '');
  });

  it('finds a field by its key, and an argument by its name', () => {
    const schema = withExtensions({ auth: { scope: ['x'] } });
    const { Query, T } = schema.getTypeMap() as Record<string, GraphQLObjectType>;
    const [fields, t] = [T?.getFields(), Query?.getFields()['t']];
    assert.ok(fields && t);
    const { x, y } = fields;
    assert.ok(x && y);
    Object.assign(fields, { x: y, y: x });
    const argument = { type: GraphQLInt, description: null, defaultValue: undefined, deprecationReason: null };
    Object.assign(t, {
      args: [
        { ...argument, name: 'a', extensions: {} },
        { ...argument, name: 'a', extensions: {} },
        { ...argument, name: 'b', extensions: { auth: { scope: ['b'] } } },
      ],
    });
    assert.deepEqual(rulesOf(schema), ['T.y @auth(scope: ["x"])', 'Query.t(b:) @auth(scope: ["b"])'].toSorted());
  });
});
