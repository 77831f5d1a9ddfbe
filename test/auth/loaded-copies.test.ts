import assert from 'node:assert/strict';
import { cp, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type * as Graphql from 'graphql';
import { GraphQLObjectType, GraphQLScalarType, version } from 'graphql';
import type { StartError } from '../../src/errors.ts';
import { graphqlVersionFault } from '../../src/auth/loaded-copies.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { kit } from '../../src/packages/packages.ts';
import { root, run, temporaryFolder } from '../support/process.ts';

const graphql = join(root, 'node_modules/graphql');
/** The package's ES modules count as another copy. */
const otherGraphql: typeof Graphql = await import(pathToFileURL(join(graphql, 'index.mjs')).href);

/** A program that runs some code, loads the kit, and prints the warnings of two starts. */
const program = (before: string) => `
const warnings = [];
process.on('warning', ({ code, message }) => warnings.push({ code, message }));
${before}
const { createGuardedSchema } = await import(${JSON.stringify(pathToFileURL(join(root, 'src/index.ts')).href)});
for (const name of ['one', 'two']) {
  createGuardedSchema({ modules: [{ name, typeDefs: 'type Query { x: Int @public }', resolvers: {} }] });
}
setImmediate(() => console.log(JSON.stringify(warnings)));
`;

describe('a second copy in the process', () => {
  async function warningsOf(before: (folder: string) => Promise<string>): Promise<{ code: string; message: string }[]> {
    const { path, remove } = await temporaryFolder();
    try {
      await writeFile(join(path, 'program.mjs'), program(await before(path)));
      const started = run(['--no-warnings', join(path, 'program.mjs')]);
      assert.equal(await started.ended, 0, started.output());
      return JSON.parse(started.output()) as { code: string; message: string }[];
    } finally {
      await remove();
    }
  }

  it('of graphql is named at the start with both paths, once', async () => {
    let copy = '';
    const [warning, ...others] = await warningsOf(async (folder) => {
      copy = join(folder, 'node_modules/graphql');
      await cp(graphql, copy, { recursive: true });
      return `await import('graphql');`;
    });
    assert.equal(warning?.code, 'CLAIMGATE_SECOND_GRAPHQL');
    for (const path of [copy, graphql]) assert.ok(warning?.message.includes(join(path, 'type/schema.js')), path);
    assert.match(warning?.message ?? '', /2 copies of graphql.*npm ls graphql/);
    assert.deepEqual(others, []);
  });

  it('of claimgate is named at the start with both paths, once', async () => {
    let copy = '';
    const [warning, ...others] = await warningsOf(async (folder) => {
      copy = pathToFileURL(join(folder, 'principal.ts')).href;
      await copyFile(join(root, 'src/principal.ts'), join(folder, 'principal.ts'));
      return `await import(${JSON.stringify(copy)});`;
    });
    assert.equal(warning?.code, 'CLAIMGATE_SECOND_COPY');
    for (const url of [copy, pathToFileURL(join(root, 'src/principal.ts')).href]) {
      assert.ok(warning?.message.includes(url), warning?.message);
    }
    assert.deepEqual(others, []);
  });

  it('is not reported if there is none', async () => {
    assert.deepEqual(await warningsOf(async () => ''), []);
  });

  for (const [what, other] of Object.entries({
    scalar: new otherGraphql.GraphQLScalarType({ name: 'D' }),
    type: new otherGraphql.GraphQLObjectType({ name: 'D', fields: {} }),
  })) {
    it(`whose ${what} is given as a resolver is a start error that names both paths`, () => {
      const typeDefs = 'scalar D type Query { x: D @public }';
      const start = () =>
        createGuardedSchema({ modules: [{ name: 'one', typeDefs, resolvers: { D: other as never } }] });
      assert.throws(start, ({ faults: [fault = '', ...others] }: StartError) => {
        assert.match(
          fault,
          /^D \(module "one"\): its resolver was made by another copy of graphql \(\S+definition\.mjs\)/,
        );
        assert.ok(fault.includes(join(graphql, 'type/schema.js')), fault);
        assert.deepEqual(others, []);
        return true;
      });
    });
  }
});

describe('the version of graphql', () => {
  it('is the range of the package', () => {
    const [, least = ''] = /^\^(\d+\.\d+)\.0$/.exec(kit.peers['graphql']?.range ?? '') ?? [];
    assert.deepEqual(graphqlVersionFault(`${least}.0`), []);
    assert.deepEqual(graphqlVersionFault(version), []);
    assert.deepEqual(graphqlVersionFault('16.99.1'), []);
  });

  for (const other of ['15.10.1', '16.10.0', '17.0.0', '17.1.0', '17.0.0-alpha.9']) {
    it(`${other} is a start error with its path`, () => {
      const [fault = ''] = graphqlVersionFault(other);
      assert.ok(
        fault.startsWith(`graphql: is ${other} (${join(graphql, 'type/schema.js')}); expected 16.11 or a newer`),
        fault,
      );
      assert.match(fault, /npm install graphql@16/);
    });
  }

  it('of this repository makes schemas and scalars that are recognised', () => {
    const D = new GraphQLScalarType({ name: 'D' });
    assert.ok(new GraphQLObjectType({ name: 'T', fields: {} }));
    const typeDefs = 'scalar D type Query { x: D @public }';
    createGuardedSchema({ modules: [{ name: 'one', typeDefs, resolvers: { D } }] });
  });
});
