import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { claimgate } from '../../support/cli.ts';
import { program } from '../../support/program.ts';
import { startTestServer } from '../../support/server.ts';
import { noTerminal, runOnTerminal } from '../../support/terminal.ts';
import { openWorkshop, type Workshop } from './project.ts';

describe('on a terminal', { skip: noTerminal }, () => {
  let workshop: Workshop;
  before(async () => {
    workshop = await openWorkshop();
  });
  after(() => workshop.remove());

  async function newFolder(name: string, files: Record<string, string> = {}): Promise<string> {
    const folder = join(workshop.path, name);
    await mkdir(folder);
    for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
    return folder;
  }
  const init = (cwd: string, ...args: string[]) => runOnTerminal([workshop.program, 'init', ...args], { cwd });

  it('I-10 init asks for what no option says, again after a wrong answer, and names the defaults', async () => {
    const folder = await newFolder('Orders 2');
    const asked = init(folder);
    await asked.answer('Name of the project (orders-2): ', 'graphql');
    await asked.answer('Name of the project (orders-2): ', 'shop');
    await asked.answer('npm or pnpm (npm): ', 'pnmp');
    await asked.answer('npm or pnpm (npm): ', 'pnpm');
    await asked.answer('(embedded): ', 'http://login.example.com');
    await asked.answer('(embedded): ', 'https://login.example.com');
    assert.equal(await asked.ended, 0, asked.output());
    for (const fault of [
      /^ {2}graphql: expected another name, because the project depends on the package graphql\r$/m,
      /^ {2}pnmp: expected one of npm, pnpm; the nearest is pnpm\r$/m,
      /^ {2}http:\/\/login\.example\.com: expected the https URL/m,
    ])
      assert.match(asked.output(), fault);
    const { name, pnpm } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    assert.deepEqual([name, pnpm.onlyBuiltDependencies], ['shop', ['node']]);
    assert.match(await readFile(join(folder, '.env'), 'utf8'), /^CLAIMGATE_ISSUER=https:\/\/login\.example\.com$/m);
  });

  it('I-10 init takes the defaults with Enter, and asks nothing with --yes or with all options', async () => {
    const folder = await newFolder('defaults');
    const asked = init(folder, '--package-manager', 'npm');
    await asked.answer('Name of the project (defaults): ', '');
    await asked.answer('(embedded): ', '');
    assert.equal(await asked.ended, 0, asked.output());
    assert.equal(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')).name, 'defaults');
    const quiet = init(await newFolder('quiet'), '--yes');
    assert.equal(await quiet.ended, 0, quiet.output());
    assert.doesNotMatch(quiet.output(), /Name of the project/);
  });

  it('I-10 init replaces a file only after a typed yes', async () => {
    const folder = await newFolder('full', { 'tsconfig.json': '{"mine":1}' });
    const all = ['--name', 'full', '--package-manager', 'npm', '--issuer', 'https://login.example.com'];
    const question = 'tsconfig.json: expected a new file; it is replaced. Type yes to go on: ';
    for (const no of ['y', '\u0004']) {
      const refused = init(folder, ...all);
      await refused.answer(question, no);
      assert.equal(await refused.ended, 2, refused.output());
      assert.match(refused.output(), /nothing was changed/);
      assert.deepEqual(await readdir(folder), ['tsconfig.json']);
    }
    const allowed = init(folder, ...all);
    await allowed.answer(question, 'yes');
    assert.equal(await allowed.ended, 0, allowed.output());
    assert.notEqual(await readFile(join(folder, 'tsconfig.json'), 'utf8'), '{"mine":1}');
  });

  it('I-10 init asks for the issuer of a server with Apollo Server, and changes it after a typed yes', async () => {
    const text = `import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
const server = new ApolloServer({ typeDefs, resolvers });
await startStandaloneServer(server);
`;
    const folder = await newFolder('apollo', {
      'package.json': '{ "name": "apollo", "dependencies": { "@apollo/server": "5.5.1" } }',
      'index.js': text,
    });
    const asked = init(folder, '--package-manager', 'npm');
    await asked.answer('URL of the issuer whose tokens the server accepts: ', '');
    await asked.answer('URL of the issuer whose tokens the server accepts: ', 'https://login.example.com');
    await asked.answer('index.js and package.json are changed. Type yes to go on: ', 'yes');
    assert.equal(await asked.ended, 0, asked.output());
    assert.match(asked.output(), /^ {2}expected the https URL of an OpenID Connect issuer/m);
    assert.match(await readFile(join(folder, 'index.js'), 'utf8'), /createGuardedApi/);
  });

  it('I-10 restore replaces the database only after a typed yes', async () => {
    const server = await startTestServer();
    const env = { DATABASE_URL: server.databaseUrl };
    const backup = join(server.folder, 'backup.db');
    try {
      assert.equal((await claimgate(['backup', backup], { env })).code, 0);
      await server.stop();
      const path = server.databaseUrl.slice('file:'.length);
      const before = await readFile(path);
      const question = `The database ${path} is replaced with the backup, and its content is lost. Type yes to go on: `;
      for (const [answer, code] of [
        ['no', 2],
        ['yes', 0],
      ] as const) {
        const restored = runOnTerminal([...program, 'restore', backup], { cwd: server.folder, env });
        await restored.answer(question, answer);
        assert.equal(await restored.ended, code, restored.output());
        assert.equal((await readFile(path)).equals(before), answer === 'no');
      }
      assert.ok(existsSync(backup));
    } finally {
      await server.dispose();
    }
  });
});
