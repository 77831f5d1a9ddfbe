import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeExecutableSchema, mergeSchemas } from '@graphql-tools/schema';
import { filterSchema, MapperKind, mapSchema, pruneSchema } from '@graphql-tools/utils';
import { extendSchema, GraphQLSchema, lexicographicSortSchema, parse } from 'graphql';
import { authDirectives } from '../../../src/auth/directive.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { executable, type GivenWay } from '../../support/given.ts';

const modules = [
  {
    name: 'one',
    typeDefs: `
      type Query { t(i: In @auth(scope: "argument"), e: E): T @public  n: [N] @auth(scope: "field")  u: U @public }
      interface N @auth(scope: "interface") { id: ID }
      type T implements N @auth(scope: "type") { id: ID  x: S @auth(scope: "x")  y: Int }
      union U @auth(scope: "union") = T
      enum E { A B @auth(scope: "value") }
      input In { secret: Int @auth(scope: "input")  open: Int }
      scalar S @auth(scope: "scalar")`,
  },
  { name: 'two', typeDefs: 'extend type T @auth(scope: "extension") { z: Int @auth(scope: "z") }' },
];

const rules = [
  'E.B value',
  'In.secret input',
  'N interface',
  'Query.n field',
  'Query.t(i:) argument',
  'S scalar',
  'T extension',
  'T type',
  'T.x x',
  'T.z z',
  'U union',
];

const other = makeExecutableSchema({ typeDefs: [authDirectives, 'type Query { other: Int @auth(scope: "other") }'] });

/** What teams do to a schema before they give it, and the rules that it then has. */
const transforms: Readonly<Record<string, readonly [(schema: GraphQLSchema) => GraphQLSchema, readonly string[]]>> = {
  'a copy by toConfig': [(schema) => new GraphQLSchema(schema.toConfig()), rules],
  'mapSchema without mappers': [(schema) => mapSchema(schema, {}), rules],
  'mapSchema with a mapper that copies the configuration': [
    (schema) => mapSchema(schema, { [MapperKind.OBJECT_FIELD]: (config) => ({ ...config, resolve: () => null }) }),
    rules,
  ],
  'mapSchema that renames a field': [
    (schema) =>
      mapSchema(schema, { [MapperKind.OBJECT_FIELD]: (config, name) => (name === 'x' ? ['renamed', config] : config) }),
    rules.map((rule) => rule.replace('T.x', 'T.renamed')),
  ],
  'filterSchema, which removes a field': [
    (schema) => filterSchema({ schema, objectFieldFilter: (_type, field) => field !== 'x' }),
    rules.filter((rule) => rule !== 'T.x x'),
  ],
  pruneSchema: [(schema) => pruneSchema(schema), rules],
  mergeSchemas: [(schema) => mergeSchemas({ schemas: [schema, other] }), [...rules, 'Query.other other'].toSorted()],
  lexicographicSortSchema: [(schema) => lexicographicSortSchema(schema), rules],
  extendSchema: [(schema) => extendSchema(schema, parse('extend type T { more: Int }')), rules],
};

for (const way of ['SDL', 'extensions'] as const satisfies readonly GivenWay[]) {
  describe(`a transform of a schema with rules in ${way} keeps them`, () => {
    for (const [name, [transform, expected]] of Object.entries(transforms)) {
      it(name, () => {
        const guarded = createGuardedSchema({ schema: transform(executable(modules, way)) });
        const found = guarded.rules.map(({ coordinate, requirement }) => `${coordinate} ${requirement.scope.join()}`);
        assert.deepEqual(found.toSorted(), expected);
      });
    }
  });
}

describe('a merge of two rules on one type', () => {
  const typeDefs = [
    'type Query { t: T @public } type T @auth(scope: "a") { x: Int }',
    'type T @auth(scope: "b") { y: Int }',
  ];

  it('keeps both if the directive is repeatable', () => {
    const { rules: kept } = createGuardedSchema({
      schema: makeExecutableSchema({ typeDefs: [...typeDefs, authDirectives] }),
    });
    assert.deepEqual(
      kept.map(({ source }) => source),
      ['@auth(scope: "a")', '@auth(scope: "b")'],
    );
  });

  it('is a start error if the directive is not repeatable, because one of them is lost', () => {
    const directives = authDirectives.replace('repeatable on', 'on');
    const schema = makeExecutableSchema({ typeDefs: [directives, ...typeDefs] });
    assert.equal(schema.getType('T')?.astNode?.directives?.length, 1);
    assert.throws(() => createGuardedSchema({ schema }), /^StartError: @auth: is not repeatable in this schema/);
  });
});
