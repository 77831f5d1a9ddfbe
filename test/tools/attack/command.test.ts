import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildSchema, graphql } from 'graphql';
import { sourceFiles } from '../../../src/cli/init/files/sources.ts';
import { testIssuer } from '../../../src/testing/issuer.ts';
import { claimgate } from '../../support/cli.ts';
import { program } from '../../support/program.ts';
import { projectFolder, root } from '../../support/process.ts';

/** Replaces the import of the package, which may not be built. */
function withoutPackage(source: string): string {
  const helpers = 'const defineConfig = (given) => given;\nconst defineModule = defineConfig;';
  return source.replace(/^import \{.*\} from 'claimgate-server';$/m, helpers);
}

describe('claimgate attack', () => {
  let folder: Awaited<ReturnType<typeof projectFolder>>;
  before(async () => {
    folder = await projectFolder();
  });
  after(() => folder.remove());
  const attack = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    claimgate(['attack', ...args], { cwd: folder.path, env: environment });

  it("finds nothing in this repository's own schema and its example module, with their resolvers", async () => {
    const example = await readFile(join(root, 'test/flows/orders.config.ts'), 'utf8');
    await writeFile(join(folder.path, 'claimgate.config.ts'), withoutPackage(example));
    const { code, out, err } = await attack(['--json']);
    assert.equal(code, 0, `${err}${out}`);
    const { counts, notTried, waysIn } = JSON.parse(out);
    assert.deepEqual(waysIn, []);
    assert.deepEqual(notTried, []);
    assert.ok(counts.tried > 20, JSON.stringify(counts));
  });

  it('finds nothing in the project that `claimgate init` writes, with its resolvers', async () => {
    const project = join(folder.path, 'shop');
    for (const [path, text] of sourceFiles({ name: 'shop', manager: 'npm', issuer: null, packages: {} })) {
      await mkdir(dirname(join(project, path)), { recursive: true });
      await writeFile(join(project, path), withoutPackage(text));
    }
    const only = ['Query.orders', 'Order.customer'];
    const { code, out, err } = await claimgate(['attack', '--json', ...only.flatMap((one) => ['--only', one])], {
      cwd: project,
    });
    assert.equal(code, 0, `${err}${out}`);
    const { tried, transports } = JSON.parse(out);
    assert.deepEqual(new Set(tried), new Set(only));
    for (const { name, reached } of transports) assert.ok(reached > 0, name);
    const unknown = await claimgate(['attack', '--only', 'Query.order'], { cwd: project });
    assert.deepEqual([unknown.code, unknown.out], [2, '']);
    assert.match(
      unknown.err,
      /^claimgate attack: --only: expected the coordinate of an element with a rule; found Query\.order; the nearest is Query\.orders\n$/,
    );
  });

  it('runs as the step of the guide, which writes SARIF if there is a verdict, and no file otherwise', async () => {
    const action = await readFile(join(import.meta.dirname, 'action.yml'), 'utf8');
    const [, script = ''] = /^ {6}run: \|\n((?: {8}.*\n)+)/m.exec(action) ?? [];
    assert.notEqual(script, '');
    const [, file = ''] = /sarif_file: (.+)$/m.exec(action) ?? [];
    await writeFile(join(folder.path, 'shop.graphql'), 'type Query { orders: Int @auth(scope: "orders:read") }');
    /** Runs the step as GitHub runs it. The package manager is a function. */
    const step = async (npx: string, options: string) => {
      const { status, stderr } = spawnSync(
        'bash',
        ['--noprofile', '--norc', '-eo', 'pipefail', '-c', `npx() { ${npx}; }\n${script.replaceAll(/^ {8}/gm, '')}`],
        { cwd: folder.path, encoding: 'utf8', env: { PATH: process.env['PATH'], ARGUMENTS: options } },
      );
      const written = await readFile(join(folder.path, file), 'utf8').catch(() => null);
      const left = (await readdir(folder.path)).filter((name) => name.startsWith('claimgate-attack'));
      assert.deepEqual(left, written === null ? [] : [file]);
      return { status, stderr, written };
    };
    const command = `shift 2; ${[process.execPath, ...program].map((word) => `'${word}'`).join(' ')} "$@"`;
    const none = await step(command, '--schema shop.graphql');
    assert.equal(none.status, 0, none.stderr);
    const log = JSON.parse(none.written ?? '');
    assert.deepEqual([log.version, log.runs[0].results], ['2.1.0', []]);
    // The report of an earlier run does not stay.
    const wrong = await step(command, '--schema shop.graphql --wrong');
    assert.deepEqual([wrong.status, wrong.written], [2, null]);
    assert.match(wrong.stderr, /--wrong/);
    const found = await step('echo {}; return 1', '');
    assert.deepEqual([found.status, found.written], [1, '{}\n']);
    // A package manager without the command ends with 1, and a killed command may have written a part.
    const absent = await step('return 1', '');
    assert.deepEqual([absent.status, absent.written], [1, null]);
    const killed = await step('echo {; return 137', '');
    assert.deepEqual([killed.status, killed.written], [137, null]);
  });

  it('ends with 2 and one line for a wrong option or file', async () => {
    await writeFile(join(folder.path, 'bad.graphql'), 'type Query { a: Int @auth(scope: 5) }');
    const [both, schema, examples] = await Promise.all([
      attack(['--sarif', '--junit']),
      attack(['--schema', 'bad.graphql']),
      attack(['--examples', 'gone.json']),
    ]);
    assert.deepEqual([both.code, schema.code, examples.code], [2, 2, 2]);
    assert.match(both.err, /^claimgate attack: --json, --sarif, --junit: expected one of them\n$/);
    assert.match(schema.err, /^claimgate attack: bad\.graphql:1: [^\n]+\n$/);
    assert.match(examples.err, /^claimgate attack: --examples gone\.json: there is no such file\n$/);
  });

  it('attacks a running server with tokens, and sends no mutation', async () => {
    const sdl = `
      directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION
      type Query { open: Int  secret: Int @requiresScopes(scopes: [["secrets:read"]])  other: Int @requiresScopes(scopes: [["others:read"]]) }
      type Mutation { wipe: Int @requiresScopes(scopes: [["wipe"]]) }
    `;
    await writeFile(join(folder.path, 'apollo.graphql'), sdl);
    const schema = buildSchema(sdl);
    const asked: string[] = [];
    const answered = async (request: IncomingMessage): Promise<string> => {
      const { query, operationName, variables } = JSON.parse((await request.toArray()).join(''));
      if (typeof query !== 'string') throw new TypeError('a batch');
      asked.push(query);
      const payload = request.headers.authorization?.split('.')[1] ?? '';
      const scope = payload === '' ? '' : JSON.parse(Buffer.from(payload, 'base64url').toString()).scope;
      const guard = (needed: string) => () => (String(scope).includes(needed) ? 1 : null);
      // `other` is compared by its beginning only.
      const rootValue = { open: 1, secret: guard('secrets:read'), other: guard('others'), wipe: 1 };
      const answer = await graphql({ schema, source: query, operationName, variableValues: variables, rootValue });
      return JSON.stringify(answer);
    };
    const server = createServer((request, response) => {
      void answered(request).then(
        (text) => response.setHeader('content-type', 'application/json').end(text),
        // It takes no GET and no batch.
        () => response.writeHead(400).end(),
      );
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as { readonly port: number };
      const issuer = testIssuer();
      const tokens = {
        ALL: issuer.token({ scopes: 'secrets:read others:read' }),
        NEAR: issuer.token({ scopes: 'others:write' }),
      };
      const args = ['--url', `http://127.0.0.1:${port}/graphql`, '--schema', 'apollo.graphql'];
      const { code, out, err } = await attack(
        [...args, '--token', 'all=ALL', '--token', 'near=NEAR', '--json'],
        tokens,
      );
      assert.equal(code, 1, err);
      const { waysIn, notTried, tried } = JSON.parse(out);
      assert.deepEqual(
        [...new Set(waysIn.map(({ coordinate }: { coordinate: string }) => coordinate))],
        ['Query.other'],
      );
      assert.ok(waysIn.every(({ persona }: { persona: string }) => persona === 'with the token near'));
      assert.deepEqual(tried, ['Query.secret', 'Query.other']);
      assert.match(notTried[0].reason, /only mutations reach it/);
      assert.ok(asked.length > 20 && !asked.some((text) => text.startsWith('mutation')));
      const missing = await attack([...args, '--token', 'all=NONE']);
      assert.deepEqual([missing.code, missing.out], [2, '']);
      assert.match(
        missing.err,
        /^claimgate attack: --token all: expected an access token in NONE; the variable is not set\n$/,
      );
    } finally {
      server.close();
    }
  });
});
