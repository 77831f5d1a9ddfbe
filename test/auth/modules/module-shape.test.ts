import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, it } from 'node:test';
import { buildSchema, parse } from 'graphql';
import type { SchemaModule } from '../../../src/auth/modules/module.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { StartError } from '../../../src/errors.ts';
import { guard, holder, run } from '../../support/modules.ts';

const sdl = 'type Query { s: String @public }';

// The tests pass values of any shape, because teams without TypeScript can do that.
function faultsOf(modules: unknown): readonly string[] {
  try {
    createGuardedSchema({ modules: modules as readonly SchemaModule[] });
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    return error.faults;
  }
  return [];
}

async function answer(typeDefs: string, resolvers: unknown, source: string): Promise<unknown> {
  const guarded = guard(typeDefs, resolvers as NonNullable<SchemaModule['resolvers']>);
  const { data, errors } = await run(guarded, source, holder('a'));
  assert.equal(errors, undefined);
  return data;
}

/** Reported for graphql-tools#668, graphql-tools#318 and meteor-graphql#3. */
describe('modules of another shape stop the start, and the fault has advice', () => {
  const start = 'modules[0]: expected { name, typeDefs, resolvers }; found';
  const ofSdl = 'module "team": typeDefs: expected SDL, as a string or a document; found';
  const wrong: Readonly<Record<string, readonly [modules: unknown, fault: string]>> = {
    'one module': [
      { name: 'team', typeDefs: sdl },
      'modules: expected an array of modules, or a schema; found an object',
    ],
    'no modules': [undefined, 'modules: expected an array of modules, or a schema; found undefined'],
    'a promise of a module': [[Promise.resolve({})], `${start} a promise: await it`],
    'a function that makes a module': [[() => ({})], `${start} a function: call it`],
    'the exports of a file': [
      [{ default: { name: 'team', typeDefs: sdl } }],
      `${start} what a file exports: give its default`,
    ],
    'a schema': [[buildSchema('type Query { s: String }')], `${start} a GraphQLSchema: give it alone`],
    'null in the place of a module': [[null], `${start} null`],
    'typeDefs that are a function': [[{ name: 'team', typeDefs: () => sdl }], `${ofSdl} a function: call it`],
    'typeDefs with a function among them': [[{ name: 'team', typeDefs: [sdl, () => sdl] }], `${ofSdl} a function`],
    'typeDefs that are a promise': [[{ name: 'team', typeDefs: Promise.resolve(sdl) }], `${ofSdl} a promise: await it`],
    'typeDefs that are a schema': [
      [{ name: 'team', typeDefs: buildSchema('type Query { s: Int }') }],
      `${ofSdl} a GraphQLSchema`,
    ],
    'typeDefs that a file exports': [[{ name: 'team', typeDefs: { default: sdl } }], `${ofSdl} what a file exports`],
    'typeDefs that are null': [[{ name: 'team', typeDefs: null }], 'module "team": has no typeDefs; expected SDL'],
    'typeDefs that are empty': [
      [{ name: 'team', typeDefs: '\uFEFF\n # later\n' }],
      'module "team": its typeDefs are empty;',
    ],
    // Only a line feed and a carriage return end a comment (GraphQL §2.1.3).
    'typeDefs that are a comment with separators of Unicode': [
      [{ name: 'team', typeDefs: '# one\u2028type Query { s: String }' }],
      'module "team": its typeDefs are empty;',
    ],
  };
  for (const [what, [modules, fault]] of Object.entries(wrong)) {
    it(what, () => {
      const faults = faultsOf(modules);
      assert.equal(faults.length, 1, faults.join('\n'));
      assert.ok(faults[0]?.startsWith(fault), faults[0]);
    });
  }

  it('arrays of SDL may hold arrays and documents', () => {
    assert.deepEqual(faultsOf([{ name: 'team', typeDefs: [[sdl], [['# none', parse('type A { x: Int }')]]] }]), []);
  });

  it('SDL may begin with comments, byte order marks and any line ends', () => {
    for (const before of ['# one\n', '# one\r', '\uFEFF', ',\n\t# two # three\r\n', ' ']) {
      assert.deepEqual(faultsOf([{ name: 'team', typeDefs: before + sdl }]), [], JSON.stringify(before));
    }
  });
});

/** Reported for graphql-modules#1692. */
describe('an enum of TypeScript as the resolver of an enum', () => {
  // The compiled form of `enum Sex { Male, Female, Other = -1 }`.
  const Sex = { Male: 0, 0: 'Male', Female: 1, 1: 'Female', Other: -1, '-1': 'Other' };
  const typeDefs =
    'enum Sex { Male Female Other } type Query { sex(is: Sex = Female): Sex @public  raw(is: Sex!): Int @public }';

  it('gives each name its number, and its reverse mapping is ignored', async () => {
    const resolvers = {
      Sex,
      Query: { sex: (_: unknown, { is }: { is: number }) => is, raw: (_: unknown, { is }: { is: number }) => is },
    };
    const data = await answer(typeDefs, resolvers, '{ sex a: raw(is: Male) b: raw(is: Female) c: raw(is: Other) }');
    assert.deepEqual(data, { sex: 'Female', a: 0, b: 1, c: -1 });
  });

  it('a number that is not the name of a member is a fault', () => {
    const given = { Male: 0, Female: 1, Other: -1, 0: 'Female', 5: 'Male', 7: 7 };
    const faults = faultsOf([{ name: 'team', typeDefs, resolvers: { Sex: given } }]);
    assert.deepEqual(
      faults.map((fault) => fault.split(' ', 1)[0]),
      ['Sex.0', 'Sex.5', 'Sex.7'],
    );
  });
});

/** Reported for apollo-server#2656 and apollo-server#7140. */
describe('resolvers that a file exports', () => {
  const Query = { s: () => 'resolved' };

  it('members that compilers and Node.js add to an export are ignored', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'claimgate-exports-'));
    try {
      const files = {
        'plain.cjs': 'exports.Query = { s: () => "resolved" };',
        'compiled.cjs':
          'Object.defineProperty(exports, "__esModule", { value: true }); Object.defineProperty(exports, "Query", { enumerable: true, get: () => query }); const query = { s: () => "resolved" };',
        'named.mjs': 'export const Query = { s: () => "resolved" };',
      };
      for (const [name, content] of Object.entries(files)) {
        const path = join(folder, name);
        await writeFile(path, content);
        const exported: unknown = await import(pathToFileURL(path).href);
        assert.deepEqual(await answer(sdl, exported, '{ s }'), { s: 'resolved' }, name);
        assert.deepEqual(await answer(sdl, [exported], '{ s }'), { s: 'resolved' }, name);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
    for (const exported of [
      Object.defineProperty({ Query }, '__esModule', { value: true }),
      { __esModule: true, Query },
      { Query, default: { Query } },
      { __esModule: true, Query, default: { Query } },
    ]) {
      assert.deepEqual(await answer(sdl, exported, '{ s }'), { s: 'resolved' });
    }
  });

  it('a map within a map is named', () => {
    const inside =
      'has a resolver, and is not in the schema; it is of a type itself: take it out of the object that it is in';
    for (const [resolvers, coordinate] of [
      [{ default: { Query } }, 'default.Query'],
      [{ orders: { Query } }, 'orders.Query'],
      [{ Query: { Query } }, 'Query.Query'],
      [{ Query, default: { Query: { s: () => 'another' } } }, 'default.Query'],
    ] as const) {
      assert.deepEqual(faultsOf([{ name: 'team', typeDefs: sdl, resolvers }]), [
        `${coordinate} (module "team"): ${inside}`,
      ]);
    }
  });

  // federation#1656
  it('the fault of an unknown directive of a federation says to define it', () => {
    const hint = 'define it in a module: directive @key on …, also where it is of a federation or of a tool';
    const typeDefs = 'type Query { s: S @public } type S @key(fields: "x") { x: Int }';
    assert.deepEqual(faultsOf([{ name: 'team', typeDefs }]), [`S (module "team"): Unknown directive "@key"; ${hint}`]);
  });

  // nestjs/graphql#1188, graphql-shield#1387
  it('the fault of __resolveReference says where references are resolved', () => {
    const resolvers = { Query: { __resolveReference: () => ({}) } };
    assert.match(
      faultsOf([{ name: 'team', typeDefs: sdl, resolvers }]).join(),
      /^Query\.__resolveReference .*Query\._entities$/,
    );
  });
});

/** Reported for graphql-tools#654 and apollo-server#2564. */
describe('a directive of a module that nothing runs', () => {
  it('is reported as a warning if it is used, and stays in the schema', () => {
    const warnings: string[] = [];
    const typeDefs = `
      directive @hasRole(role: String) on FIELD_DEFINITION | OBJECT
      directive @unused on FIELD_DEFINITION
      type Query { s: String @public @hasRole(role: "admin") @deprecated } type Secret @hasRole(role: "admin") { x: Int }`;
    createGuardedSchema({ modules: [{ name: 'team', typeDefs }], onWarning: (warning) => void warnings.push(warning) });
    assert.deepEqual(warnings, [
      '@hasRole (module "team"): is not run by Claimgate: it changes no value and guards nothing, unless code of yours reads it from the schema',
    ]);
  });
});
