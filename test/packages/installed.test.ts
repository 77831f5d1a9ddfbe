import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { writePackages } from '../../src/packages/write.ts';
import { root, temporaryFolder } from '../support/process.ts';
import type { Answer } from './callers.mts';
import { createProject, installedPackages, type Project } from './project.ts';
import { type Registry, startRegistry } from './registry.ts';

/** The most packages that an installation of the kit has, with graphql and itself. */
const mostPackages = 15;

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
  'common.cts': `import * as kit from 'claimgate';
import type { GuardedSchema } from 'claimgate';
export const { schema }: GuardedSchema = kit.createGuardedSchema({ modules: [] });
`,
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

describe('the kit, installed into an empty project', () => {
  const ends: (() => Promise<void>)[] = [];
  let registry: Registry;
  let project: Project;
  before(async () => {
    const folder = await temporaryFolder();
    ends.unshift(folder.remove);
    await writePackages(folder.path);
    registry = await startRegistry([join(folder.path, 'claimgate'), join(folder.path, 'claimgate-server')]);
    ends.unshift(() => registry.stop());
    project = await createProject(['claimgate', 'graphql@16', '@types/node'], { registry: registry.url, files });
    ends.unshift(() => project.remove());
  });
  after(async () => {
    for (const end of ends) await end();
  });

  it(`has at most ${mostPackages} packages, one graphql, and nothing of Apollo or of the server`, async () => {
    const names = await installedPackages(project.path);
    const ofKit = names.filter((name) => !/^(?:@types\/node|undici-types)$/.test(name));
    assert.ok(ofKit.length >= 10 && ofKit.length <= mostPackages, ofKit.join(' '));
    assert.equal(ofKit.filter((name) => name === 'graphql').length, 1);
    assert.deepEqual(
      ofKit.filter((name) => /^@apollo\/|fastify|kysely|oidc-provider|^pg$|pino|claimgate-server/.test(name)),
      [],
    );
  });

  for (const file of ['module.mts', 'common.cjs']) {
    it(`answers the three callers of the README from ${file}`, async () => {
      assertDocumented(await project.node([file]));
    });
  }

  for (const format of ['esm', 'cjs'] as const) {
    it(`answers the three callers of the README from a bundle (${format}) without its packages`, async (t) => {
      const folder = await temporaryFolder();
      t.after(folder.remove);
      const outfile = join(folder.path, `bundle.${format === 'esm' ? 'mjs' : 'cjs'}`);
      await build({
        entryPoints: [join(project.path, 'bundled.mts')],
        outfile,
        bundle: true,
        platform: 'node',
        format,
        logLevel: 'error',
        logOverride: { 'empty-import-meta': 'silent' },
      });
      assertDocumented(await project.node([outfile]));
    });
  }

  const compilers = {
    nodenext: ['--module', 'nodenext', 'module.mts', 'common.cts'],
    node16: ['--module', 'node16', 'module.mts'],
    bundler: ['--module', 'esnext', '--moduleResolution', 'bundler', 'module.mts'],
  };
  for (const [name, args] of Object.entries(compilers)) {
    it(`has types without a fault for ${name}, with the check of libraries`, async () => {
      const options = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        'false',
        '--exactOptionalPropertyTypes',
        '--types',
        'node',
      ];
      const target = ['--target', 'es2024', '--allowImportingTsExtensions'];
      assert.equal(
        await project.node([join(root, 'node_modules/typescript/bin/tsc'), ...options, ...target, ...args]),
        '',
      );
    });
  }
});
