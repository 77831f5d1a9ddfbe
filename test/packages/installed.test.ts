import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { copyBuiltPackages } from '../support/built-packages.ts';
import { dose } from '../support/dose.ts';
import { freePort, root, run, temporaryFolder, until } from '../support/process.ts';
import type { Answer } from './callers.mts';
import { createProject, installedPackages, type Manager, npm, type Project } from './project.ts';
import { startRegistry } from './registry.ts';

/** The most packages that an installation of the kit has, with graphql and itself. */
const mostPackages = 15;

/** Installed from the public registry, apart from the project, in the full dose only. */
const tools = {
  // The oldest version of the range.
  graphql: '16.11.0',
  pnpm: '10.20.0',
  publint: '0.3.25',
  '@arethetypeswrong/cli': '0.18.5',
  [`node-${process.platform}-${process.arch}`]: '22.18.0',
};
const isFull = dose('packages/installed.test.ts') > 1;

/** The rows of the README: the status and the body of each caller. */
const documented = [
  ...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^\| .* \| `(\d{3})` `(\{.*\})` \|$/gm),
].map(([, status, body = '']) => ({ status: Number(status), body: JSON.parse(body) as unknown }));

const files = {
  'callers.mts': new URL('callers.mts', import.meta.url),
  'module.mts': `import * as kit from 'claimgate';
import * as graphql from 'graphql';
import { answers } from './callers.mts';
console.log(JSON.stringify(await answers(kit, graphql)));
`,
  // A bundle of CommonJS has no await at its top.
  'bundled.mts': `import * as kit from 'claimgate';
import * as graphql from 'graphql';
import { answers } from './callers.mts';
answers(kit, graphql).then((found) => console.log(JSON.stringify(found)));
`,
  'common.cjs': `const { answers } = require('./callers.mts');
answers(require('claimgate'), require('graphql')).then((found) => console.log(JSON.stringify(found)));
`,
  'testing.mts': `import { createGuardedSchema } from 'claimgate';
import { as, ask, denied, decisionAt, testIssuer } from 'claimgate/testing';
const typeDefs = 'type Query { one: Int @auth(scope: "one") }';
const guarded = createGuardedSchema({ modules: [{ name: 'one', typeDefs, resolvers: { Query: { one: () => 1 } } }] });
const allowed = await ask(guarded, '{ one }', {}, testIssuer().as({ scopes: 'one' }));
const [refused] = denied(await ask(guarded, '{ one }', {}, as()));
console.log(allowed.data.one, refused?.why, decisionAt(guarded, 'Query.one', as(null)));
`,
  // These are only for the compiler.
  'server.mts': `import { planPlugin } from 'claimgate/apollo';
import { defineConfig, defineModule, startServer } from 'claimgate-server';
import { startTestServer, type TestCaller } from 'claimgate-server/testing';
export default defineConfig({ modules: [defineModule({ name: 'one', typeDefs: '', resolvers: {} })] });
export const caller: TestCaller = { account: 'grace@example.com' };
export const idOf = async () => (await startTestServer({ accounts: { 'a@example.com': {} } })).accounts['a@example.com'].id;
export { planPlugin, startServer };
`,
  'common.cts': `import * as kit from 'claimgate';
import type { GuardedSchema } from 'claimgate';
export const { schema }: GuardedSchema = kit.createGuardedSchema({ modules: [] });
`,
};

const compilers = {
  nodenext: ['--module', 'nodenext', 'module.mts', 'testing.mts', 'common.cts'],
  node16: ['--module', 'node16', 'module.mts'],
  bundler: ['--module', 'esnext', '--moduleResolution', 'bundler', 'module.mts', 'testing.mts'],
};

function assertDocumented(output: string): void {
  const found = JSON.parse(output) as readonly Answer[];
  assert.equal(documented.length, 3);
  assert.deepEqual(
    found.map(({ status, body }) => ({ status, body })),
    documented,
  );
  const [anonymous, refused, allowed] = found.map(({ challenge }) => challenge);
  assert.match(anonymous ?? '', /^Bearer realm="[^"]+", resource_metadata="[^"]+"$/);
  assert.match(refused ?? '', /^Bearer .*error="insufficient_scope", .*scope="orders:read"$/);
  assert.equal(allowed, undefined);
}

describe('the packages, installed into empty projects', () => {
  const ends: (() => Promise<void>)[] = [];
  let built: string;
  let registry: string;
  let byNpm: Project;
  before(async () => {
    const folder = await temporaryFolder();
    ends.unshift(folder.remove);
    built = folder.path;
    await copyBuiltPackages(built);
    const here = await startRegistry([join(built, 'claimgate'), join(built, 'claimgate-server')]);
    ends.unshift(() => here.stop());
    registry = here.url;
  });
  after(async () => {
    for (const end of ends) await end();
  });

  async function projectWith(
    packages: readonly string[],
    options: { manager?: Manager; registry?: string } = {},
  ): Promise<Project> {
    const project = await createProject(packages, { registry, files, ...options });
    ends.unshift(() => project.remove());
    return project;
  }

  /** What an installation of the kit shows, whichever manager made it. */
  function kitIn(name: string, projectOf: () => Project, programs: () => readonly (string | undefined)[]): void {
    it(`${name}: at most ${mostPackages} packages, one graphql, nothing of Apollo or of the server`, async () => {
      const names = await installedPackages(projectOf().path);
      const ofKit = names.filter((one) => !/^(?:@types\/node|undici-types)$/.test(one));
      assert.ok(ofKit.length >= 10 && ofKit.length <= mostPackages, ofKit.join(' '));
      assert.equal(ofKit.filter((one) => one === 'graphql').length, 1);
      assert.deepEqual(
        ofKit.filter((one) => /^@apollo\/|fastify|kysely|oidc-provider|^pg$|pino|claimgate-server/.test(one)),
        [],
      );
    });

    for (const file of ['module.mts', 'common.cjs']) {
      it(`${name}: ${file} answers the three callers of the README`, async () => {
        for (const program of programs()) {
          assertDocumented(await projectOf().node(['--disable-warning=ExperimentalWarning', file], program));
        }
      });
    }

    it(`${name}: claimgate/testing makes callers that the kit accepts`, async () => {
      for (const program of programs()) {
        const output = await projectOf().node(['--disable-warning=ExperimentalWarning', 'testing.mts'], program);
        assert.equal(output, '1 scope deny\n');
      }
    });

    for (const format of ['esm', 'cjs'] as const) {
      it(`${name}: a bundle (${format}), far from its packages, answers them too`, async (t) => {
        const folder = await temporaryFolder();
        t.after(folder.remove);
        const outfile = join(folder.path, `bundle.${format === 'esm' ? 'mjs' : 'cjs'}`);
        await build({
          entryPoints: [join(projectOf().path, 'bundled.mts')],
          outfile,
          bundle: true,
          platform: 'node',
          format,
          logLevel: 'error',
          logOverride: { 'empty-import-meta': 'silent' },
        });
        for (const program of programs()) assertDocumented(await projectOf().node([outfile], program));
      });
    }

    // How the compiler resolves an import does not depend on the manager that installed the package.
    for (const [kind, args] of Object.entries(compilers).slice(0, isFull && name === 'npm' ? undefined : 1)) {
      it(`${name}: types without a fault for ${kind}, with the check of libraries`, async () => {
        const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--types', 'node', '--target', 'es2024'];
        const compiler = [join(root, 'node_modules/typescript/bin/tsc'), '--allowImportingTsExtensions'];
        assert.equal(await projectOf().node([...compiler, ...options, ...args]), '');
      });
    }
  }

  describe('the kit by npm', () => {
    before(async () => {
      byNpm = await projectWith(['claimgate', 'graphql@16', '@types/node']);
    });
    kitIn(
      'npm',
      () => byNpm,
      () => [undefined],
    );
  });

  describe('in the full dose', { skip: !isFull && 'TEST_DOSE=full installs more packages and tools' }, () => {
    let project: Project;
    let bin: (name: string) => string;
    let pnpm: Manager;
    before(async () => {
      const names = Object.entries(tools).map(([name, version]) => `${name}@${version}`);
      const { path } = await projectWith(names, { registry: 'https://registry.npmjs.org/' });
      bin = (name) => join(path, 'node_modules', name);
      pnpm = {
        name: 'pnpm',
        command: [process.execPath, bin('pnpm/bin/pnpm.cjs'), 'add', '--config.store-dir=.cache/store'],
      };
      project = await projectWith(['claimgate', 'graphql@16', '@types/node'], { manager: pnpm });
    });
    const old = () => bin(`node-${process.platform}-${process.arch}/bin/node`);
    kitIn(
      'pnpm',
      () => project,
      () => [undefined, old()],
    );

    for (const file of ['module.mts', 'common.cjs']) {
      it(`npm: ${file} answers the three callers of the README on Node.js 22.18`, async () => {
        assertDocumented(await byNpm.node(['--disable-warning=ExperimentalWarning', file], old()));
      });
    }

    it('the kit’s own tests pass on Node.js 22.18', async () => {
      // The packages have what the compiler makes of these sources. It removes types, and changes nothing else.
      const folders = [
        'request/*',
        'exchange/own/**/*',
        'auth/guard/**/*',
        'token/verify',
        'token/dpop/{nonce,proof,target}',
        'testing/{ask,issuer,rules}',
        'testing/guide/{rules,tokens,started-issuer}',
      ];
      const tests = folders.map((pattern) => `test/${pattern}.test.ts`);
      // One process for all of them loads the sources once.
      const options = ['--disable-warning=ExperimentalWarning', '--test', '--experimental-test-isolation=none'];
      const tested = run([...options, ...tests], { program: old() });
      assert.equal(await tested.ended, 0, tested.output());
      const [, passed = 0] = /^# pass (\d+)$/m.exec(tested.output()) ?? [];
      assert.ok(Number(passed) > 200, `${passed} passed`);
    });

    it('npm: the oldest graphql of the range answers the three callers of the README', async () => {
      const older = await startRegistry([join(built, 'claimgate'), bin('graphql')]);
      ends.unshift(() => older.stop());
      const project = await projectWith(['claimgate', `graphql@${tools.graphql}`], { registry: older.url });
      for (const file of ['module.mts', 'common.cjs']) assertDocumented(await project.node([file]));
      assert.match(await project.node(['--print', 'require("graphql").version']), /^16\.11\.0\n$/);
    });

    for (const name of ['claimgate', 'claimgate-server']) {
      it(`publint and attw find no fault of ${name}`, async () => {
        const folder = join(built, name);
        const publint = run([bin('publint/src/cli.js'), 'run', '--strict', folder]);
        assert.equal(await publint.ended, 0, publint.output());
        const attw = run([bin('@arethetypeswrong/cli/dist/index.js'), '--profile', 'esm-only', '--pack', folder]);
        assert.equal(await attw.ended, 0, attw.output());
      });
    }

    for (const name of ['npm', 'pnpm']) {
      it(`${name}: the server has one kit and one graphql, also beside the kit, has types without a fault, and starts`, async () => {
        const manager = name === 'npm' ? npm : pnpm;
        const served = await projectWith(['claimgate-server', 'claimgate', 'graphql@16', '@types/node'], { manager });
        const names = await installedPackages(served.path);
        for (const one of ['claimgate', 'claimgate-server', 'graphql']) {
          assert.equal(names.filter((other) => other === one).length, 1, one);
        }
        const compiler = [join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--types', 'node'];
        const options = ['--skipLibCheck', 'false', '--target', 'es2024', '--module', 'nodenext'];
        assert.equal(await served.node([...compiler, ...options, 'server.mts']), '');
        const port = await freePort();
        const command = join(served.path, 'node_modules/claimgate-server/lib/main.js');
        const server = run([command, 'start'], { cwd: served.path, env: { PORT: String(port) } });
        const ask = () =>
          fetch(`http://localhost:${port}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{"query":"{ viewer { subject } }"}',
          }).catch(() => null);
        await until(async () => (await ask()) !== null);
        assert.equal((await ask())?.status, 401);
        assert.equal(await server.stop(), 0, server.output());
      });
    }
  });
});
