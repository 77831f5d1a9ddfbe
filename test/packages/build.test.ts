import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import type { Entry } from '../../src/explorer/assets/built-assets.ts';
import { packaged } from '../../src/packages/emitted.ts';
import { importedNames, packageNameOf } from '../../src/packages/imports.ts';
import { kit, packageOf, packages, server } from '../../src/packages/packages.ts';
import { copyBuiltPackages } from '../support/built-packages.ts';
import { freePort, root, run, temporaryFolder, until } from '../support/process.ts';

/** The packages that bundle the explorer or are in the bundle, and that the server does not need. */
const inBundle = /^(?:esbuild|react|react-dom|graphiql|monaco-editor|monaco-graphql|uplot)(?:\/|$)|^@graphiql(?:\/|$)/;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, unknown>>;
  readonly engines: { readonly node: string };
  readonly bin?: Readonly<Record<string, string>>;
}

const repository = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

describe('the packages that the build writes', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let out: string;
  before(async () => {
    folder = await temporaryFolder();
    out = join(folder.path, 'dist');
    await copyBuiltPackages(out);
    // As in the clone, where the folder is beside the dependencies, but without the packages that bundle the explorer or
    // are in the bundle.
    const packages = join(folder.path, 'node_modules');
    await mkdir(packages);
    for (const name of readdirSync(join(root, 'node_modules'))) {
      if (!inBundle.test(name)) await symlink(join(root, 'node_modules', name), join(packages, name));
    }
  });
  after(() => folder.remove());

  const manifest = (name: string) => JSON.parse(readFileSync(join(out, name, 'package.json'), 'utf8')) as Manifest;
  const code = (name: string) => join(out, name, 'lib');
  const files = (name: string, ending: string) =>
    globSync(`**/*${ending}`, { cwd: code(name) }).filter((file) => !file.startsWith('explorer/built/'));
  const importsOf = (name: string, file: string) =>
    importedNames(file, readFileSync(join(code(name), file), 'utf8')).map((one) => one.name);

  /** The packages that a file imports, and every file of its own package that it reaches. */
  function reached(name: string, entry: string): ReadonlySet<string> {
    const ending = entry.endsWith('.d.ts') ? '.d.ts' : '.js';
    const found = new Set<string>();
    const queue = new Set([entry]);
    for (const file of queue) {
      for (const imported of importsOf(name, file)) {
        if (imported.startsWith('node:')) continue;
        if (imported.startsWith('.')) queue.add(join(file, '..', imported).replace(/\.js$/, ending));
        else found.add(packageNameOf(imported));
      }
    }
    assert.ok(queue.size > 20, `${entry} reaches ${queue.size} files`);
    return found;
  }

  for (const entry of ['index.js', 'index.d.ts']) {
    it(`the main entry of the kit mentions no package of Apollo in any file that ${entry} reaches`, () => {
      const found = [...reached('claimgate', entry)];
      assert.ok(found.includes('graphql'), found.join(' '));
      assert.deepEqual(
        found.filter((name) => name.startsWith('@apollo/')),
        [],
      );
    });
  }

  it('claimgate/apollo mentions Apollo Server in its types, and loads no code of it', () => {
    const typesOf = importsOf('claimgate', 'apollo/plan.d.ts');
    assert.ok(typesOf.includes('@apollo/server'), typesOf.join(' '));
    assert.ok(files('claimgate', '.js').every((file) => !importsOf('claimgate', file).includes('@apollo/server')));
  });

  it('the kit imports graphql by its main module only', () => {
    for (const ending of ['.js', '.d.ts']) {
      for (const file of files('claimgate', ending)) {
        assert.deepEqual(
          importsOf('claimgate', file).filter((name) => name.startsWith('graphql/')),
          [],
          file,
        );
      }
    }
  });

  it('the kit has its guides, and each link in its Markdown leads to a file of the package', () => {
    const folder = join(out, 'claimgate');
    const texts = globSync('**/*.md', { cwd: folder }).toSorted();
    assert.deepEqual(texts, ['README.md', ...kit.guides.map((path) => `guides/${path}`)].toSorted());
    let links = 0;
    for (const path of texts) {
      const text = readFileSync(join(folder, path), 'utf8').replaceAll(/^```[^]*?^```$/gm, '');
      assert.doesNotMatch(text, /^<!--/m, path);
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^()\s]+)\)/g)) {
        links += 1;
        const [file = ''] = target.split('#', 1);
        assert.ok(existsSync(join(folder, path, '..', file)), `${path}: ${target}`);
      }
    }
    assert.ok(links > 20, String(links));
  });

  it('the kit has no file of the server, and imports none of its dependencies', () => {
    assert.deepEqual(Object.keys(manifest('claimgate').dependencies), [
      '@graphql-tools/schema',
      '@graphql-tools/utils',
      'dataloader',
      'jose',
      'openid-client',
    ]);
    assert.deepEqual(
      files('claimgate', '.js').filter((file) => packageOf(file) !== kit),
      [],
    );
  });

  it('the types of a package name only packages that are installed with it', () => {
    for (const { name, entries } of packages) {
      const { dependencies, peerDependencies } = manifest(name);
      const installed = new Set([name, ...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
      for (const entry of Object.values(entries)) {
        assert.deepEqual(
          [...reached(name, `${entry}.d.ts`)].filter((one) => !installed.has(one)),
          [],
        );
      }
    }
  });

  it('the server has no file of the kit, and depends on exactly its version', () => {
    const { dependencies, version } = manifest('claimgate-server');
    assert.equal(dependencies['claimgate'], version);
    assert.deepEqual(
      files('claimgate-server', '.js').filter((file) => packageOf(file) !== server),
      [],
    );
  });

  it('imports by a relative path name a file of the same package, and of the kit by its internal subpath', () => {
    for (const { name } of packages) {
      for (const ending of ['.js', '.d.ts']) {
        for (const file of files(name, ending)) {
          for (const imported of importsOf(name, file)) {
            const internal = imported.startsWith('claimgate/internal/');
            if (!imported.startsWith('.') && !internal) continue;
            const path = internal
              ? join(code('claimgate'), imported.slice('claimgate/internal/'.length))
              : join(code(name), file, '..', imported);
            assert.ok(path.endsWith('.js') && existsSync(path.replace(/\.js$/, ending)), `${file}: ${imported}`);
          }
        }
      }
    }
  });

  it('a manifest has exact dependencies of the repository, ranges of peers, and no condition of the sources', () => {
    for (const { name, node, peers } of packages) {
      const { dependencies, engines, exports, peerDependencies } = manifest(name);
      assert.deepEqual(engines, { node });
      assert.doesNotMatch(JSON.stringify(exports), /claimgate-source|\.ts"(?!,"default")|src\//);
      for (const [one, version] of Object.entries(dependencies)) {
        assert.equal(version, one === 'claimgate' ? repository.version : repository.dependencies[one]);
        assert.match(version, /^\d+\.\d+\.\d+$/);
      }
      assert.deepEqual(Object.keys(peerDependencies).toSorted(), Object.keys(peers).toSorted());
      for (const range of Object.values(peerDependencies)) assert.match(range, /^\^/);
    }
    assert.deepEqual(manifest('claimgate').peerDependenciesMeta, { '@apollo/server': { optional: true } });
  });

  const browserFiles = () => join(code('claimgate-server'), 'explorer/built');
  const read = (name: string) => readFileSync(join(browserFiles(), name));
  const list = () => JSON.parse(String(read('assets.json'))) as { entries: Record<string, Entry>; files: string[] };

  /** The bytes of everything that the browser loads for these entries, compressed. The font of icons is loaded too. */
  function load(names: readonly string[]): number {
    const { entries, files } = list();
    const found = names.flatMap((name) => entries[name] ?? []);
    const loaded = new Set(
      found.flatMap(({ script, style, imports }) => [script, ...imports, ...(style ? [style] : [])]),
    );
    if (names.includes('app')) for (const name of files) if (name.endsWith('.ttf')) loaded.add(name);
    return [...loaded].reduce((sum, name) => sum + read(`${name}.br`).length, 0);
  }

  it('the first load of the explorer, with the workers of its editor, is less than 1.2 MB', (t) => {
    const { entries } = list();
    const names = ['app', ...Object.keys(entries).filter((name) => name.endsWith('.worker'))];
    assert.equal(names.length, 4);
    const bytes = load(names);
    t.diagnostic(`first load of the explorer: ${Math.round(bytes / 1000)} kB (Brotli)`);
    assert.ok(bytes > 100_000 && bytes < 1_200_000, String(bytes));
  });

  for (const [name, most] of [
    ['activity', 150_000],
    ['callback', 5_000],
  ] as const) {
    it(`the first load of the page ${name} is at most ${most / 1000} kB`, (t) => {
      const bytes = load([name]);
      t.diagnostic(`first load of ${name}: ${Math.round(bytes / 100) / 10} kB (Brotli)`);
      assert.ok(bytes <= most, String(bytes));
    });
  }

  it('the list names each file for the browser, and each is there compressed too', () => {
    const { files } = list();
    const expected = ['assets.json', ...files, ...files.map((name) => `${name}.br`)].toSorted();
    assert.deepEqual(readdirSync(browserFiles()).toSorted(), expected);
    for (const name of files) {
      assert.match(name, /^[\w.-]+-[A-Z0-9]{8}\.(?:js|css|ttf)$/);
      assert.ok(brotliDecompressSync(read(`${name}.br`)).equals(read(name)), name);
      assert.doesNotMatch(String(read(name)), /sourceMappingURL=/, name);
    }
  });

  it('the server has the licences of what it bundles, and neither the bundler nor a package of the bundle', () => {
    const text = readFileSync(join(out, 'claimgate-server/THIRD-PARTY-LICENSES.txt'), 'utf8');
    for (const name of ['react', 'react-dom', 'graphiql', '@graphiql/react', 'monaco-editor', 'graphql']) {
      const [, version] = new RegExp(`^${name} (\\S+) \\(MIT\\)\n\n?.*(?:MIT|License)`, 'm').exec(text) ?? [];
      const manifest = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as Manifest;
      assert.equal(version, manifest.version, name);
    }
    assert.equal(existsSync(join(code('claimgate-server'), 'explorer/bundle')), false);
    const imported = files('claimgate-server', '.js').flatMap((file) => importsOf('claimgate-server', file));
    assert.deepEqual(
      imported.map(packageNameOf).filter((name) => inBundle.test(name)),
      [],
    );
  });

  it('the built server has the explorer, without the packages of the bundle', async () => {
    const port = await freePort();
    const server = run([join(code('claimgate-server'), 'main.js'), 'start'], {
      cwd: folder.path,
      env: { PORT: String(port), DATABASE_URL: `file:${join(folder.path, 'explorer.db')}` },
    });
    try {
      const url = `http://localhost:${port}`;
      await until(() =>
        fetch(`${url}/health/live`).then(
          ({ ok }) => ok,
          () => false,
        ),
      );
      const began = performance.now();
      const page = await fetch(`${url}/explorer`);
      const [, script = ''] = /src="([^"]+\.js)"/.exec(await page.text()) ?? [];
      assert.equal(page.status, 200);
      const answer = await fetch(url + script, { headers: { 'accept-encoding': 'br' } });
      assert.deepEqual([answer.status, answer.headers.get('content-encoding')], [200, 'br']);
      assert.equal(answer.headers.get('content-length'), String(read(`${basename(script)}.br`).length));
      assert.ok(Buffer.from(await answer.arrayBuffer()).equals(read(basename(script))));
      assert.ok(performance.now() - began < 5_000);
    } finally {
      await server.stop();
    }
  });

  it('the built server runs from its folder', async () => {
    const command = run([join(code('claimgate-server'), 'main.js'), 'help']);
    assert.equal(await command.ended, 0, command.output());
    assert.match(command.output(), /claimgate sign-in/);
  });
});

describe('the sources of the kit', () => {
  it('use no JavaScript that Node.js 22.18 lacks', async () => {
    // What V8 12.4 has: ES2024, and of ES2025 the methods of sets and of iterators.
    const language = ['--target', 'es2024', '--lib', 'es2024,es2025.collection,es2025.iterator,esnext.disposable'];
    const modules = ['--module', 'nodenext', '--types', 'node', '--allowImportingTsExtensions', '--skipLibCheck'];
    const entries = Object.values(kit.entries).map((entry) => `src/${entry}.ts`);
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const compiled = run([compiler, '--ignoreConfig', '--noEmit', '--strict', ...language, ...modules, ...entries]);
    assert.equal(await compiled.ended, 0, compiled.output());
  });
});

describe('an emitted file', () => {
  const kitFile = 'auth/one.js';

  it('keeps everything but the names of its imports', () => {
    const text =
      "import { a } from '../protocol/a.js'; // 'x'\nexport * from \"../errors.js\";\nconst b = await import('./b.js');\n";
    assert.equal(packaged(kitFile, text, kit).text, text);
    assert.equal(
      packaged('api/one.js', text, server).text,
      "import { a } from 'claimgate/internal/protocol/a.js'; // 'x'\nexport * from \"claimgate/internal/errors.js\";\nconst b = await import('./b.js');\n",
    );
  });

  it('of declarations names the files that exist', () => {
    const text = "export type A = import('./a.ts').A;\nimport type { B } from '../errors.ts';\n";
    assert.equal(packaged('auth/one.d.ts', text, kit).text, text.replaceAll('.ts', '.js'));
  });

  it('of the kit imports no file of the server', () => {
    assert.throws(
      () => packaged(kitFile, "import '../store/database.js';", kit),
      /src\/auth\/one\.js: imports src\/store\/database\.js, which is of claimgate-server; claimgate may not\. Move store in/,
    );
    assert.throws(() => packaged('api/one.js', "import '../packages/packages.js';", server), /which is of no package/);
  });
});
