import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { root, run, temporaryFolder } from '../support/process.ts';
import { checks, type House } from './checks.ts';
import { findCircles } from './circles.ts';
import { mostFiles, mostLines, rooms } from './rooms.ts';
import { readSource } from './source.ts';

type Files = Readonly<Record<string, string>>;

/** Returns the text of a file with this number of lines. */
const long = (lines: number) => 'export {};\n'.repeat(lines);

/** Each case is a complete source, which is checked against the table of this project. */
const cases: readonly { name: string; files: Files; house?: Partial<House>; faults: readonly RegExp[] }[] = [
  {
    name: 'an import that the table does not allow',
    files: {
      'src/auth/one.ts': "\nimport { openDatabase } from '../store/database.ts';\n",
      'src/store/database.ts': "import { Kysely } from 'kysely';\n",
    },
    faults: [
      /^src\/auth\/one\.ts:2: imports src\/store\/database\.ts\. auth may import packages, errors, .* The table is/,
      /^src\/auth\/one\.ts:2: loads src\/store\/database\.ts → kysely\. auth never loads Kysely/,
      /^src\/auth\/one\.ts:2: imports src\/store\/database\.ts, which is in the package claimgate-server; claimgate may not/,
    ],
  },
  {
    name: 'an import of the build',
    files: {
      'src/cli/one.ts': "import { packages } from '../packages/packages.ts';\n",
      'src/packages/packages.ts': 'export const packages = [];\n',
    },
    faults: [
      /^src\/cli\/one\.ts:1: imports src\/packages\/packages\.ts\. cli may import packages, /,
      /^src\/cli\/one\.ts:1: imports src\/packages\/packages\.ts, which is in no package; claimgate-server may not/,
    ],
  },
  {
    name: 'a type import that the table does not allow',
    files: { 'src/protocol/one.ts': "export type { Plan } from '../auth/plan.ts';\n" },
    faults: [/^src\/protocol\/one\.ts:1: imports src\/auth\/plan\.ts\./],
  },
  {
    name: 'a type of `import()` that the table does not allow',
    files: { 'src/protocol/one.ts': "export type Plan = import('../auth/plan.ts').Plan;\n" },
    faults: [/^src\/protocol\/one\.ts:1: imports src\/auth\/plan\.ts\./],
  },
  {
    name: 'a value where the table allows types',
    files: { 'src/config/one.ts': "import { type Policy } from '../auth/policy.ts';\n" },
    faults: [/^src\/config\/one\.ts:1: loads src\/auth\/policy\.ts, of which config may import types only/],
  },
  {
    name: 'a type import where the table allows types',
    files: { 'src/config/one.ts': "import type { Policy } from '../auth/policy.ts';\n" },
    faults: [],
  },
  {
    name: 'files of a folder that has a row of its own',
    files: {
      'src/testing/server/one.ts': "import '../../server.ts';\n",
      'src/testing/one.ts': "import '../server/start.ts';\n",
    },
    faults: [
      /^src\/testing\/one\.ts:1: imports src\/server\/start\.ts\. testing may import/,
      /^src\/testing\/one\.ts:1: imports src\/server\/start\.ts, which is in the package claimgate-server/,
    ],
  },
  {
    name: 'a package that the room never imports, even for its types',
    files: { 'src/token/one.ts': "import type { FastifyRequest } from 'fastify';\n" },
    faults: [/^src\/token\/one\.ts:1: imports fastify\. token never imports Fastify, types included/],
  },
  {
    name: 'a package that only what the room imports may load',
    files: {
      'src/api/one.ts': "import { sql } from 'kysely';\n",
      'src/api/two.ts': "import '../identity/one.ts';\n",
      'src/identity/one.ts': "import { sql } from 'kysely';\n",
    },
    faults: [/^src\/api\/one\.ts:1: imports kysely\. api never imports Kysely/],
  },
  {
    name: 'a package that is loaded by way of another room',
    files: {
      'src/observe/one.ts': "export { sql } from 'kysely/helpers/postgres';\n",
      'src/http/one.ts': "import '../observe/one.ts';\n",
    },
    faults: [
      /^src\/observe\/one\.ts:1: imports kysely\/helpers\/postgres\. observe never imports Kysely/,
      /^src\/http\/one\.ts:1: loads src\/observe\/one\.ts → kysely\/helpers\/postgres\. http never loads Kysely/,
    ],
  },
  {
    name: 'a circle between files, of types',
    files: {
      'src/protocol/one.ts': "import type { Two } from './two.ts';\n",
      'src/protocol/two.ts': "export type Two = import('./one.ts').One;\n",
    },
    faults: [/^src\/protocol\/one\.ts:1: a circle of imports, src\/protocol\/one\.ts → src\/protocol\/two\.ts → /],
  },
  {
    name: 'a circle between files of tests',
    files: { 'test/one.ts': "import './two.ts';\n", 'test/two.ts': "import type {} from './one.ts';\n" },
    faults: [/^test\/one\.ts:1: a circle of imports, test\/one\.ts → test\/two\.ts → test\/one\.ts\./],
  },
  {
    name: 'a circle between rooms that a careless table allows',
    files: {
      'src/protocol/one.ts': "import '../token/one.ts';\n",
      'src/token/two.ts': "import '../protocol/two.ts';\n",
    },
    house: { rooms: { ...rooms, protocol: { imports: ['errors', 'token'] } } },
    faults: [/rooms protocol → token → protocol import each other/],
  },
  {
    name: 'a file that is in no room',
    files: { 'src/elsewhere/one.ts': '' },
    faults: [/^src\/elsewhere\/one\.ts:1: this file is in no room/],
  },
  {
    name: 'a folder with too many files',
    files: Object.fromEntries(Array.from({ length: mostFiles + 1 }, (_, i) => [`src/protocol/facts/${i}.ts`, ''])),
    faults: [/^src\/protocol\/facts:1: 15 files in this folder; at most 14 are allowed/],
  },
  {
    name: 'a file with too many lines',
    files: { 'src/protocol/one.ts': long(mostLines + 1), 'src/protocol/two.ts': long(mostLines) },
    faults: [/^src\/protocol\/one\.ts:1: 221 lines in this file; at most 220 are allowed/],
  },
];

describe('the check of the architecture', () => {
  const ends: (() => Promise<void>)[] = [];
  after(async () => {
    for (const end of ends) await end();
  });

  async function plant(files: Files): Promise<string> {
    const { path, remove } = await temporaryFolder();
    ends.push(remove);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(path, dirname(name)), { recursive: true });
      writeFileSync(join(path, name), text);
    }
    return path;
  }

  for (const { name, files, house, faults } of cases) {
    it(`${faults.length > 0 ? 'finds' : 'allows'} ${name}`, async () => {
      const source = readSource(await plant(files), ['src', 'test']);
      assert.equal(source.size, Object.keys(files).length);
      const found = checks.flatMap(({ check }) => check({ files: source, rooms, ...house }));
      assert.equal(found.length, faults.length, found.join('\n'));
      for (const fault of faults) {
        assert.ok(
          found.some((one) => fault.test(one)),
          `${fault}\n${found.join('\n')}`,
        );
      }
    });
  }

  it('fails as a program, with a line for each fault', async () => {
    const copy = await plant({});
    cpSync(`${root}src`, `${copy}/src`, { recursive: true });
    writeFileSync(`${copy}/src/protocol/planted.ts`, "import '../server.ts';\n");
    const checked = run([`${root}test/architecture/check.ts`, copy]);
    assert.equal(await checked.ended, 1);
    assert.match(checked.output(), /^src\/protocol\/planted\.ts:1: imports src\/server\.ts\./m);
  });

  it('finds a circle in whatever part of the graph it is', () => {
    const graph = (edges: Record<string, string>) =>
      new Map(Object.entries(edges).map(([node, next]) => [node, new Set(next)]));
    assert.deepEqual(findCircles(graph({ a: 'bc', b: 'd', c: 'd', d: '' })), []);
    assert.deepEqual(findCircles(graph({ a: 'b', b: 'c', c: 'd', d: 'b' })), [['b', 'c', 'd']]);
    assert.deepEqual(findCircles(graph({ a: 'a' })), [['a']]);
    assert.deepEqual(findCircles(graph({ a: 'b', b: 'a', c: 'd', d: 'c' })), [
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });
});
