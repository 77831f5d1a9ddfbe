import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { limitKinds } from '../../src/api/limits/limits.ts';
import { readConfigFile } from '../../src/config/read-file.ts';
import { attemptLimitKinds } from '../../src/identity/attempts/limits.ts';
import { temporaryFolder } from '../support/process.ts';

/** Files that break the configuration. The first file is the configuration itself. */
const broken: Readonly<
  Record<string, readonly [files: Readonly<Record<string, string>>, place: string, says: RegExp]>
> = {
  'a syntax error in JavaScript': [{ 'a.mjs': 'export default {\n  x: [ }' }, 'a.mjs:2', /SyntaxError: Unexpected/],
  'a name declared twice': [{ 'a.mjs': 'const a = 1;\nconst a = 2;\nexport default {}' }, 'a.mjs:2', /already been/],
  'a syntax error in TypeScript': [{ 'a.ts': 'export default {\n  x: [ }' }, 'a.ts:2', /Expression expected/],
  'a syntax error in an imported file': [
    { 'a.ts': "import './b.mjs';\nexport default {}", 'b.mjs': '\n\nconst = 1' },
    'b.mjs:3',
    /SyntaxError/,
  ],
  'an enum': [{ 'a.ts': 'const a = 1;\nenum E { A }\nexport default {}' }, 'a.ts:2', /enum.*strips types.*as const/],
  'a parameter property in an imported file': [
    { 'a.ts': "import './b.ts';\nexport default {}", 'b.ts': '\nclass A { constructor(private a: number) {} }' },
    'b.ts:2',
    /parameter property.*strips types/,
  ],
  'a file that does not exist': [
    { 'a.ts': "\nimport './gone.ts';\nexport default {}" },
    'a.ts:2',
    /Cannot find module/,
  ],
  'a file without its ending': [
    { 'a.ts': "\nimport { b } from './b';\nexport default { b }", 'b.ts': 'export const b = 1;' },
    'a.ts:2',
    /did you mean b\.ts\?/,
  ],
  'a package that is not installed': [
    { 'a.ts': "import './b.ts';\nexport default {}", 'b.ts': "\n\nimport 'no-such-package-here';" },
    'b.ts:3',
    /Cannot find package.*install it/,
  ],
  'the name that the server’s exports had before': [
    { 'a.ts': "\n\nimport { defineConfig } from 'claimgate/server';\nexport default defineConfig({})" },
    'a.ts:3',
    /write `claimgate-server`$/,
  ],
  'a former export name of the server, in the kit': [
    {
      'a.ts': '\nimport { defineConfig } from "claimgate/server";\nexport default defineConfig({})',
      'node_modules/claimgate/package.json': '{"name":"claimgate","exports":{".":"./index.js"}}',
    },
    'a.ts:2',
    /Package subpath '\.\/server' .*write `claimgate-server`$/,
  ],
  'a name that is not exported': [
    { 'a.ts': "\nimport { T } from './b.ts';\nexport default {}", 'b.ts': 'export type T = 1;' },
    'a.ts:2',
    /export named 'T'; a type is imported by `import type`/,
  ],
  'JSON without its attribute': [
    { 'a.ts': "\nimport x from './x.json';\nexport default x", 'x.json': '{}' },
    'a.ts:2',
    /with \{ type: 'json' \}/,
  ],
  'an error at top level': [{ 'a.ts': "\n\nthrow new Error('boom');\nexport default {}" }, 'a.ts:3', /Error: boom$/],
  'an error of a library, called at top level': [
    { 'a.ts': "import fs from 'node:fs';\n\nfs.readFileSync('/nothing/here');\nexport default {}" },
    'a.ts:3',
    /ENOENT/,
  ],
  'an error in an imported file': [
    { 'a.ts': "import './b.ts';\nexport default {}", 'b.ts': 'function f(x: any) { return x.y; }\nf(null);' },
    'b.ts:1',
    /TypeError: Cannot read/,
  ],
  'a thrown value that is not an error': [{ 'a.ts': "throw 'text';\nexport default {}" }, 'a.ts', /threw text/],
  'no default export': [{ 'a.ts': 'export const modules = [];' }, 'a.ts', /as default export.*exports only modules/],
  'no export at all': [{ 'a.ts': 'const modules = [];' }, 'a.ts', /as default export.*exports nothing/],
  'a function as default export': [{ 'a.ts': '\nexport default () => ({});' }, 'a.ts:2', /it is of type function/],
  'an array as default export': [{ 'a.ts': '\nexport default [];' }, 'a.ts:2', /it is an array/],
  'null as default export': [{ 'a.ts': '\nexport default null;' }, 'a.ts:2', /it is null/],
  'a promise as default export': [{ 'a.ts': '\nexport default Promise.resolve({});' }, 'a.ts:2', /await it/],
};

describe('G-10 a configuration file that cannot be loaded', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
    await writeFile(join(folder.path, 'package.json'), '{"type":"module"}');
  });
  after(() => folder.remove());

  for (const [index, [name, [files, place, says]]] of Object.entries(broken).entries()) {
    it(`G-10 is named with its line: ${name}`, async () => {
      const directory = join(folder.path, `case ${index}`);
      await mkdir(directory);
      for (const [file, text] of Object.entries(files)) {
        await mkdir(dirname(join(directory, file)), { recursive: true });
        await writeFile(join(directory, file), text);
      }
      const { file, faults } = await readConfigFile(Object.keys(files)[0], directory, {
        limits: limitKinds,
        attempts: attemptLimitKinds,
      });
      assert.deepEqual(file, {});
      assert.equal(faults.length, 1);
      const [fault = ''] = faults;
      assert.ok(fault.startsWith(`${join(directory, place)}: `), fault);
      assert.match(fault, says);
      assert.doesNotMatch(fault, /\n|src\/config|node:internal/);
    });
  }
});
