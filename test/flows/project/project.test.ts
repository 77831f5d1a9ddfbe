import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { query, signInFor } from '../../support/client.ts';
import { freePort, root, run, until } from '../../support/process.ts';
import { admin } from '../../support/server.ts';
import { install, openWorkshop, type Workshop } from './project.ts';

const repository = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('a project of claimgate init', () => {
  let workshop: Workshop;
  let project: string;
  before(async () => {
    workshop = await openWorkshop();
    project = join(workshop.path, 'orders');
    await mkdir(project);
  });
  after(() => workshop.remove());

  const newFolder = async (name: string, files: Record<string, string> = {}) => {
    const folder = join(workshop.path, name);
    await mkdir(folder);
    for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
    return folder;
  };
  const runScript = async (name: string, env: Record<string, string> = {}) => {
    const { scripts } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
    const path = `${join(project, 'node_modules/.bin')}:${process.env.PATH}`;
    const shell = run(['-c', scripts[name]], { program: '/bin/sh', cwd: project, env: { PATH: path, ...env } });
    return { code: await shell.ended, output: shell.output() };
  };

  it('I-1 a wrong flag, file or state is named in one line, with exit code 2, and nothing is written', async () => {
    const empty = await newFolder('empty');
    const broken = await newFolder('broken', { 'package.json': '{' });
    const blocked = await newFolder('blocked', { schema: 'a file' });
    const full = await newFolder('full', { 'tsconfig.json': '{"mine":1}', 'README.md': 'mine' });
    const refusals: [string, string[], RegExp][] = [
      [empty, ['--package-manager', 'npn'], /--package-manager npn: expected one of npm, pnpm; the nearest is npm/],
      [
        empty,
        ['--issuer', 'http://login.example.com'],
        /--issuer .*: expected the https URL of an OpenID Connect issuer/,
      ],
      [empty, ['--isuer', 'x'], /--isuer.*the nearest is --issuer/],
      [empty, ['--issuer', 'https://login.example.com/\nX=1'], /--issuer .*: expected the https URL/],
      [blocked, [], /^claimgate init: schema: expected a folder or nothing there; found a file\n$/],
      [broken, [], /package\.json: expected a JSON object/],
      [full, [], /^claimgate init: tsconfig\.json: expected a new file; it is replaced\. To allow it, add --yes\n$/],
    ];
    for (const [folder, args, message] of refusals) {
      const present = await readdir(folder);
      const { code, output } = await workshop.init(folder, args);
      assert.equal(code, 2, output);
      assert.match(output, message);
      assert.deepEqual(await readdir(folder), present);
    }
    const allowed = await workshop.init(full, [
      '--yes',
      '--package-manager',
      'pnpm',
      '--issuer',
      'https://login.example.com',
    ]);
    assert.equal(allowed.code, 0, allowed.output);
    assert.equal(await readFile(join(full, 'README.md'), 'utf8'), 'mine');
    assert.match(await readFile(join(full, '.env'), 'utf8'), /^CLAIMGATE_ISSUER=https:\/\/login\.example\.com$/m);
    assert.match(await readFile(join(full, 'Dockerfile'), 'utf8'), /COPY package\.json pnpm-lock\.yaml \.\//);
    const { pnpm } = JSON.parse(await readFile(join(full, 'package.json'), 'utf8'));
    assert.match(pnpm.overrides.claimgate, /^file:packages\/claimgate-\d/);
  });

  it('I-2 is made in an empty folder, and names our versions of its packages', async () => {
    const { code, output } = await workshop.init(project);
    assert.equal(code, 0, output);
    const manifest = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
    const ours = { ...repository.dependencies, ...repository.devDependencies };
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      if (name.startsWith('claimgate'))
        assert.ok(existsSync(join(project, String(version).slice('file:'.length))), name);
      else assert.equal(version, ours[name], name);
    }
    assert.equal((await stat(join(project, '.env'))).mode & 0o777, 0o600);
    assert.ok((await readFile(join(project, 'README.md'), 'utf8')).split('\n').length < 50);
    const again = await workshop.init(project);
    assert.equal(again.code, 2);
    await install(project);
  });

  it('I-3 passes its tests and checks, and fails its tests when a rule is removed', async () => {
    const tested = await runScript('test');
    assert.equal(tested.code, 0, tested.output);
    const checked = await runScript('check');
    assert.equal(checked.code, 0, checked.output);
    const schema = join(project, 'schema/orders.graphql');
    const text = await readFile(schema, 'utf8');
    for (const [rule, instead] of [
      ['@auth(scope: "customers:read")', ''],
      ['@auth(scope: "orders:read")', '@public'],
    ] as const) {
      await writeFile(schema, text.replace(rule, instead));
      const { code, output } = await runScript('test');
      assert.equal(code, 1, output);
    }
    await writeFile(schema, text.replace('@auth(scope: "orders:read")', ''));
    const unguarded = await runScript('check');
    assert.equal(unguarded.code, 1, unguarded.output);
    assert.match(unguarded.output, /Query\.orders/);
    await writeFile(schema, text);
  });

  it('I-4 answers a guarded query in development', async () => {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const { scripts } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8'));
    const [, , ...args] = scripts.dev.split(' '); // exec node …
    const server = run(args, {
      cwd: project,
      env: { PORT: String(port), CLAIMGATE_ADMIN_EMAIL: admin.email, CLAIMGATE_ADMIN_PASSWORD: admin.password },
    });
    try {
      await until(async () => (await fetch(`${url}/health/ready`).catch(() => null))?.status === 200);
      assert.equal((await query(url, '{ orders { item } }')).status, 401);
      const { accessToken } = await signInFor(url, { scope: 'openid orders:read' });
      const { body } = await query(url, '{ orders { item } }', { token: accessToken });
      assert.deepEqual(body.data, { orders: [{ item: 'Lamp' }, { item: 'Desk' }] });
    } finally {
      assert.equal(await server.stop(), 0, server.output());
    }
  });

  it('I-11 SIGTERM to npm stops the server, here and in the clone', async () => {
    for (const cwd of [project, root]) {
      const port = await freePort();
      const url = `http://localhost:${port}`;
      const npm = run(['-c', 'exec npm start'], {
        program: '/bin/sh',
        cwd,
        env: {
          PORT: String(port),
          DATABASE_URL: `file:${join(workshop.path, 'stopped', `${port}.db`)}`,
          CLAIMGATE_ADMIN_PASSWORD: admin.password,
        },
      });
      try {
        await until(async () => {
          if (npm.child.exitCode !== null) throw new Error(npm.output());
          return (await fetch(`${url}/health/ready`).catch(() => null))?.status === 200;
        }, 60_000);
        assert.equal(await npm.stop('SIGTERM'), 0, npm.output());
        await assert.rejects(fetch(`${url}/health/live`), cwd);
      } finally {
        await npm.stop('SIGKILL');
      }
    }
  });

  it('I-7 adds the kit to a server with Apollo Server, or shows the lines', async () => {
    const manifest = '{ "name": "shop", "type": "module", "dependencies": { "@apollo/server": "5.5.1" } }';
    const text = `import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

const typeDefs = \`#graphql
  type Query { hello: String! @public secret: String! @auth(scope: "secrets:read") }
\`;
const resolvers = { Query: { hello: () => 'hello', secret: () => 'secret' } };
const server = new ApolloServer({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, { listen: { port: Number(process.env.PORT ?? 4530) } });
console.log(url);
`;
    const folder = await newFolder('shop', { 'package.json': manifest, 'index.js': text });
    const issuer = ['--issuer', 'https://login.example.com'];
    const without = await workshop.init(folder);
    assert.deepEqual([without.code, /expected --issuer/.test(without.output)], [2, true], without.output);
    const asked = await workshop.init(folder, issuer);
    assert.equal(asked.code, 2, asked.output);
    assert.match(asked.output, /^\+ {3}url: 'http:\/\/localhost:4530\/graphql', /m);
    assert.match(asked.output, /^\+ {3}issuers: \[\{ issuer: 'https:\/\/login\.example\.com', algorithms: .*$/m);
    assert.match(asked.output, /index\.js and package\.json are changed\. To allow it, add --yes\n$/);
    assert.equal(await readFile(join(folder, 'index.js'), 'utf8'), text);
    const done = await workshop.init(folder, [...issuer, '--yes']);
    assert.equal(done.code, 0, done.output);
    await mkdir(join(folder, 'for-install'));
    const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    assert.match(dependencies.claimgate, /^file:packages\/claimgate-\d/);
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ type: 'module', dependencies: { ...dependencies, 'claimgate-server': dependencies.claimgate } }),
    );
    await install(folder);
    const port = await freePort();
    const server = run(['index.js'], { cwd: folder, env: { PORT: String(port), NODE_ENV: 'production' } });
    try {
      const url = `http://localhost:${port}`;
      const ask = async (document: string) => {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: document }),
        });
        return response.status;
      };
      await until(async () => {
        if (server.child.exitCode !== null) throw new Error(server.output());
        return (await ask('{ hello }').catch(() => 0)) === 200;
      });
      assert.equal(await ask('{ secret }'), 401);
    } finally {
      await server.stop();
    }
    const other = await newFolder('other', {
      'package.json': manifest,
      'index.js': text.replace('{ typeDefs, resolvers }', '{ schema }'),
    });
    const shown = await workshop.init(other, [...issuer, '--yes']);
    assert.equal(shown.code, 1);
    assert.match(shown.output, /index\.js makes its server in another way, so nothing was changed\. Add these lines:/);
    assert.deepEqual((await readdir(other)).toSorted(), ['index.js', 'package.json']);
  });
});
