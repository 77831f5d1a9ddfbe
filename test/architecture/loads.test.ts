import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root, run } from '../support/process.ts';
import { isOfPackage } from './checks.ts';
import { type PackageGroup, packages, rooms } from './rooms.ts';

/** Returns a script that imports these files, and prints for each import the importing and the imported module. */
const listing = (files: readonly string[]) => `
import { registerHooks } from 'node:module';
const edges = new Set();
registerHooks({ resolve(specifier, context, next) {
  const found = next(specifier, context);
  edges.add(context.parentURL + ' ' + found.url);
  return found;
} });
for (const file of ${JSON.stringify(files)}) await import(file);
console.log([...edges].join('\\n'));`;

/** Returns the path of a file of this project, or the package of any other file. */
function nodeOf(url: string): string {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  return name ?? url.replace(pathToFileURL(root).href, '');
}

describe('what Node loads', () => {
  const graph = new Map<string, Set<string>>();

  before(async () => {
    // The import of these files runs them: a command, and the build.
    const programs = new Set(['src/main.ts', 'src/packages/build.ts']);
    const files = globSync('src/**/*.ts', { cwd: root }).filter(
      (file) => !programs.has(file) && !file.startsWith('src/explorer/client/'),
    );
    const urls = files.map((file) => pathToFileURL(root + file).href);
    const listed = run(['--input-type=module', '--eval', listing(urls)]);
    assert.equal(await listed.ended, 0, listed.output());
    for (const line of listed.output().trim().split('\n')) {
      const [from = '', to = ''] = line.split(' ').map(nodeOf);
      graph.set(from, (graph.get(from) ?? new Set()).add(to));
    }
  });

  function loadedBy(files: readonly string[]): string[] {
    const loaded = new Set(files); // The loop also visits files that it adds.
    for (const node of loaded) for (const next of graph.get(node) ?? []) loaded.add(next);
    return [...loaded];
  }

  /** Returns the files of a room, without the rooms inside it, which have rows of their own. */
  function filesOf(room: string): string[] {
    const inside = Object.keys(rooms).filter((name) => name.startsWith(`${room}/`));
    return [`src/${room}.ts`, ...globSync(`src/${room}/**/*.ts`, { cwd: root })].filter(
      (file) =>
        existsSync(root + file) && !inside.some((name) => file === `src/${name}.ts` || file.startsWith(`src/${name}/`)),
    );
  }

  function ofGroups(loaded: readonly string[], groups: readonly PackageGroup[]): string[] {
    const names: readonly string[] = groups.flatMap((group) => packages[group]);
    return loaded.filter((one) => names.some((name) => isOfPackage(one, name)));
  }

  for (const [room, { neverLoads = [] }] of Object.entries(rooms)) {
    if (neverLoads.length === 0 || filesOf(room).length === 0) continue;
    it(`${room} loads neither ${neverLoads.join(' nor ')}`, () => {
      assert.deepEqual(ofGroups(loadedBy(filesOf(room)), neverLoads), []);
    });
  }

  it('the kit loads jose: the listing sees packages', () => {
    assert.ok(loadedBy(['src/index.ts']).includes('jose'));
  });

  for (const group of Object.keys(packages) as PackageGroup[]) {
    it(`the server or the bundler loads ${group}: the listing sees it`, () => {
      assert.notDeepEqual(ofGroups(loadedBy(['src/server.ts', 'src/explorer/bundle/bundle.ts']), [group]), []);
    });
  }
});
