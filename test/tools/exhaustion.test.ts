import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { createGuardedSchema } from '../../src/index.ts';
import { readAllowed } from '../../src/tools/diff/allow.ts';
import { diffOf } from '../../src/tools/diff/diff.ts';
import { operationChanges } from '../../src/tools/diff/operation-changes.ts';
import { createFindNeeds } from '../../src/tools/explain/needs.ts';
import { operationsOf, readOperations } from '../../src/tools/operations/read.ts';
import { openSource } from '../../src/tools/source/open.ts';
import { sourceOfSdl } from '../../src/tools/source/sdl.ts';
import { claimgate } from '../support/cli.ts';

const lists = (depth: number, inner = 'Int'): string => `${'['.repeat(depth)}${inner}${']'.repeat(depth)}`;
const objects = (depth: number): string => `${'{a:'.repeat(depth)}1${'}'.repeat(depth)}`;
const chain = (kind: string, depth: number, of = '', end = 'Int'): string =>
  Array.from({ length: depth }, (_, at) => `${kind} T${at} { a: ${at + 1 < depth ? `T${at + 1}${of}` : end} }`).join(
    ' ',
  );

/** Schemas that exhaust the stack of a program that calls itself for each level. */
const deepSchemas: Readonly<Record<string, (depth: number) => string>> = {
  'a list type': (depth) => `type Query {\n a: ${lists(depth)} @auth }`,
  'a non-null list type': (depth) => `type Query {\n a(x: ${'['.repeat(depth)}Int${']!'.repeat(depth)}): Int @auth }`,
  'a list of defaults': (depth) => `scalar J type Query {\n a(x: J = ${lists(depth, '1')}): Int @auth }`,
  'an object of defaults': (depth) => `scalar J type Query {\n a(x: J = ${objects(depth)}): Int @auth }`,
  'a value of a directive': (depth) =>
    `scalar J directive @t(x: J) on FIELD_DEFINITION type Query {\n a: Int @auth @t(x: ${lists(depth, '1')}) }`,
  'a rule': (depth) => `type Query {\n a: Int @auth(anyOf: ${lists(depth, '{ scope: "a" }')}) }`,
  "a rule of Apollo's": (depth) => `type Query {\n a: Int @requiresScopes(scopes: ${lists(depth, '"a"')}) }`,
  'an import of Apollo Federation': (depth) =>
    `extend schema\n @link(import: ${lists(depth, '"a"')}) type Query { a: Int @auth }`,
};

/** Depths around the bound of the tools, and around the depths at which parts of graphql-js and of ours give up. */
const depths = [600, 2_000, 2_700, 3_300, 4_000, 5_000, 6_000, 20_000];

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'claimgate-deep-'));
});
after(() => rm(directory, { recursive: true, force: true }));

const refused = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'ToolFault', String(error instanceof Error && error.stack));
    assert.doesNotMatch(error.message, /\n|Maximum call stack/);
    return error.message;
  }
  return assert.fail('it was read');
};
const sdl = (text: string) => sourceOfSdl('s.graphql', [{ name: 's.graphql', text }]);

describe('what exhausts a command', () => {
  it('17.4-1 is refused in one line at every depth: brackets of a schema, with the file, the line and what was expected', async () => {
    for (const [name, make] of Object.entries(deepSchemas)) {
      for (const depth of depths) {
        const message = await refused(() => sdl(make(depth)));
        const expected =
          /^s\.graphql(?::2)?: is nested too deep to be read; expected at most 500 brackets in one another$/;
        assert.match(message, expected, `${name}, ${depth}`);
      }
      assert.match(await refused(() => sdl(make(600))), /^s\.graphql:2: /);
    }
    assert.equal(
      sdl(`type Query { a: ${lists(400)} @auth """${'{ ['.repeat(9_000)}""" b: Int @auth }`).rules.length,
      2,
    );
  });

  it('17.4-1 is refused: thousands of required types in one another, and defaults that contain themselves', async () => {
    const required = `type Query { a(x: T0!): Int @auth } ${chain('input', 6_000, '!')}`;
    assert.match(await refused(() => sdl(required)), /^s\.graphql: .*too deep.*; expected a smaller schema/);
    const circle = 'type Query { a(x: A): Int @auth } input A { b: B = {} } input B { a: A = {} }';
    assert.match(await refused(() => sdl(circle)), /^s\.graphql: .*a default value contains itself/);
    // No operation can have these arguments, because a server refuses inputs that are nested so deep.
    const call = `type Query { a(x: T0!): Int @auth } ${chain('input', 300, '!', 'Int @auth')}`;
    assert.match(await refused(() => diffOf(sdl(call), sdl(call))), /^s\.graphql: Query\.a: .*"inputDepth"/);
  });

  it('17.4-1 is read: thousands of optional input types in one another, which no program must call itself for', () => {
    const inputs = sdl(`type Query { a(x: T0): Int @auth } ${chain('input', 6_000, '', 'Int @auth')}`);
    const [operation] = operationsOf([{ name: 'a.graphql', text: 'query ($x: T0) { a(x: $x) }' }], 'a');
    assert.ok(operation);
    assert.deepEqual(
      createFindNeeds(inputs)(operation).elements.map(({ coordinate }) => coordinate),
      ['Query.a'],
    );
    const open = sdl(`type Query { a(x: T0): Int @auth } ${chain('input', 6_000)}`);
    assert.deepEqual(
      diffOf(inputs, open).changes.map(({ coordinate }) => coordinate),
      ['T5999.a'],
    );
  });

  it('17.4-1 is refused from every source: a file, a folder, a revision of git and a running server', async () => {
    const deep = `type Query { a: ${lists(6_000)} @auth }`;
    await mkdir(join(directory, 'deep'));
    await writeFile(join(directory, 'deep/a.graphql'), deep);
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: directory });
    git('init', '-q');
    git('add', 'deep');
    git('commit', '-q', '-m', 'one');
    for (const name of ['deep/a.graphql', 'deep', 'deep/*.graphql', 'git:HEAD:deep']) {
      const message = await refused(() => openSource(name, { directory }));
      assert.match(message, /^(?:git:HEAD:)?deep\/a\.graphql(?::1)?: is nested too deep to be read/);
    }
    const introspection = introspectionFromSchema(
      buildSchema('type Query { schemaRules(after: String): Page } type Page { nodes: [Int] a(x: Int): Int }'),
    );
    const type = `${'{"kind":"LIST","name":null,"ofType":'.repeat(60_000)}{"kind":"SCALAR","name":"Int"}${'}'.repeat(60_000)}`;
    const answer = JSON.stringify({ data: introspection }).replace(
      '{"kind":"LIST","name":null,"ofType":{"name":"Int","kind":"SCALAR","ofType":null}}',
      type,
    );
    const send = () => Promise.resolve(new Response(answer));
    const url = 'http://127.0.0.1/graphql';
    const message = await refused(() => openSource(url, { directory, server: { fetch: send } }));
    assert.match(message, /^http:\/\/127\.0\.0\.1\/graphql: expected a valid schema .*it is nested too deep$/);
  });

  it('17.4-1 is refused in operations: documents, templates, manifests and chains of fragments', async () => {
    const document = (depth: number) => `{ a(x: ${lists(depth, '1')}) }`;
    const found = (name: string, text: string) => refused(() => operationsOf([{ name, text }], name));
    for (const depth of depths) {
      assert.match(await found('a.graphql', document(depth)), /^a\.graphql:1: is nested too deep to be read; expected/);
      const selections = `{ ${'a { '.repeat(depth)}b${' }'.repeat(depth)} }`;
      assert.match(await found('a.graphql', selections), /^a\.graphql:1: is nested too deep to be read; expected/);
      assert.match(await found('a.ts', `\ngql\`${document(depth)}\``), /^a\.ts:2: is nested too deep to be read/);
      const manifest = JSON.stringify({ one: '{ a }', two: document(depth) }, null, 2);
      assert.match(await found('m.json', manifest), /^m\.json:3: is nested too deep to be read/);
      assert.match(await found('m.json', lists(depth, '1')), /^m\.json: expected a manifest of persisted operations/);
      assert.match(await found('m.json', `{"a":${lists(depth, '1')}}`), /^m\.json: expected/);
    }
    const holes = `gql\`${'${`'.repeat(9_000)}`;
    assert.match(await found('a.ts', holes), /^a\.ts(?::\d+)?: /);
    const count = 9_000;
    const fragments = Array.from(
      { length: count },
      (_, at) => `fragment F${at} on Query { a ...F${(at + 1) % count} }`,
    );
    const text = `query Long { ...F0 }\n${fragments.join('\n').replace(` ...F0 }`, ' }')}`;
    const [long] = operationsOf([{ name: 'f.graphql', text }], 'f.graphql');
    assert.ok(long);
    const source = sdl('type Query { a: Int @auth }');
    assert.match(
      await refused(() => createFindNeeds(source)(long)),
      /^f\.graphql:1: the operation cannot be judged: it is nested too deep/,
    );
    assert.match(await refused(() => operationChanges(source, source, [long])), /^f\.graphql:1: .*nested too deep/);
  });

  it('17.4-1 is refused: files that are huge, binary, unreadable, links in a circle, folders, pipes and devices', async () => {
    const at = (name: string) => join(directory, 'odd', name);
    await mkdir(at('kept'), { recursive: true });
    await writeFile(at('huge.graphql'), '');
    await truncate(at('huge.graphql'), 5 * 1024 ** 3);
    await writeFile(at('binary.graphql'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 0xff]));
    await writeFile(at('utf16.graphql'), Buffer.from('\uFEFFtype Query { a: Int }', 'utf16le'));
    await writeFile(at('latin.graphql'), Buffer.from('type Query { a: Int @auth(scope: "é") }', 'latin1'));
    await symlink('circle.graphql', at('circle.graphql'));
    execFileSync('sh', ['-c', 'mkfifo "$0"', at('pipe.graphql')]);
    const expected: Readonly<Record<string, RegExp>> = {
      'huge.graphql': /has more than 67108864 bytes; expected a smaller file$/,
      'binary.graphql': /expected text in UTF-8; found other bytes$/,
      'utf16.graphql': /expected text in UTF-8; found other bytes$/,
      'latin.graphql': /expected text in UTF-8; found other bytes$/,
      'circle.graphql': /expected .*; there is no such file or folder$/,
      'pipe.graphql': /expected .*; found a pipe or a device, which may have no end; save its content as a file$/,
    };
    const options = { directory: join(directory, 'odd') };
    for (const [name, message] of Object.entries(expected)) {
      assert.match(await refused(() => openSource(name, options)), message);
      assert.match(await refused(() => readOperations([name], options.directory)), message);
    }
    assert.match(await refused(() => openSource('/dev/zero', options)), /^\/dev\/zero: .*found a pipe or a device/);
    for (const name of ['huge.graphql', 'binary.graphql', 'pipe.graphql', '/dev/zero', 'kept', 'gone.json']) {
      assert.match(
        await refused(() => readAllowed(name, options.directory)),
        new RegExp(`^${name}: (?:expected|has|there is no such file)`),
      );
    }
    // A link to a file or a folder is followed, and a circle of folders is searched one time.
    await writeFile(at('kept/a.graphql'), 'type Query { a: Int @auth(scope: "a") }');
    await mkdir(at('linked'));
    await symlink('../kept', at('linked/one'));
    await symlink('../../odd/linked', at('linked/two'));
    const { rules } = await openSource('linked', options);
    assert.deepEqual(
      rules.map(({ coordinate }) => coordinate),
      ['Query.a'],
    );
    await symlink('nowhere', at('linked/gone.graphql'));
    assert.match(await refused(() => openSource('linked', options)), /^linked\/gone\.graphql: there is no such file$/);
  });

  it('17.4-1 stops a start with a fault in one line, and not with an error of the program', () => {
    const sources = [
      ...Object.values(deepSchemas).flatMap((make) => depths.map(make)),
      `type Query { a(x: T0!): Int @auth } ${chain('input', 6_000, '!', 'Int @auth')}`,
    ];
    for (const typeDefs of sources) {
      try {
        createGuardedSchema({ modules: [{ name: 'deep', typeDefs }] });
      } catch (error) {
        assert.ok(error instanceof Error && error.name === 'StartError', String(error));
        assert.doesNotMatch(error.message, /Maximum call stack/, typeDefs.slice(0, 60));
      }
    }
  });

  it('17.4-1 ends each command with 2, one line, and no output', async () => {
    await writeFile(join(directory, 'deep.graphql'), `type Query {\n a: ${lists(6_000)} @auth }`);
    await writeFile(join(directory, 'fine.graphql'), 'type Query { a: Int @auth }');
    await writeFile(join(directory, 'query.graphql'), '{ a }');
    const commands = [
      ['explain', 'query.graphql', '--schema', 'deep.graphql'],
      ['coverage', '--schema', 'deep.graphql'],
      ['diff', 'fine.graphql', 'deep.graphql'],
      ['attack', '--schema', 'deep.graphql'],
    ];
    for (const args of commands) {
      const { code, out, err } = await claimgate(args, { cwd: directory });
      assert.deepEqual([code, out], [2, ''], err);
      assert.equal(
        err,
        `claimgate ${args[0]}: deep.graphql:2: is nested too deep to be read; expected at most 500 brackets in one another\n`,
      );
    }
    await writeFile(
      join(directory, 'claimgate.config.ts'),
      `export default { modules: [{ name: 'deep', typeDefs: 'type Query { a: ' + '['.repeat(30000) + 'Int' + ']'.repeat(30000) + ' @auth }' }] };`,
    );
    const check = await claimgate(['check'], { cwd: directory });
    assert.deepEqual([check.code, check.out], [1, '']);
    assert.match(
      check.err,
      /^Claimgate cannot start:\n {2}- (?:module "deep"|schema): is nested too deep to be read[^\n]*\n$/,
    );
    const project = await claimgate(['coverage'], { cwd: directory });
    assert.deepEqual([project.code, project.out], [2, '']);
    assert.match(
      project.err,
      /^claimgate coverage: the project: (?:module "deep"|schema): is nested too deep[^\n]*\n$/,
    );
  });
});
