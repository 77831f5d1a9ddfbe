import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { limitKinds } from '../../src/api/limits/limits.ts';
import { fileSettings } from '../../src/config/file-settings.ts';
import { attemptLimitKinds } from '../../src/identity/attempts/limits.ts';
import { examples } from '../servers/examples.ts';
import { root } from '../support/process.ts';
import { faultsOf } from './faults.ts';
import { anchorsOf, markdownFiles } from './markdown.ts';
import { partsOf } from './render.ts';
import { tables } from './tables.ts';

const files = markdownFiles();
const mostWords = 1_200;

/** The anchors that README.md had before it was divided. Addresses with these anchors may still be in use. */
const movedAnchors = [
  'the-path-step-by-step',
  'annotating-a-schema',
  'subscriptions',
  'your-own-part-of-the-api',
  'a-schema-that-has-these-names-already',
  'configuration',
  'connections',
  'errors',
  'the-kit',
  'what-verification-costs',
  'postgresql-and-many-replicas',
  'what-is-kept-and-how',
  'signing-in-again-consent-signing-out',
  'signing-keys',
  'guessing',
  'operations',
  'administration',
  'the-audit-trail',
  'working-on-it',
];

describe('the documentation', () => {
  for (const path of files) {
    it(`${path}: its lines are short, its links and paths exist, and it names the actor`, () => {
      assert.deepEqual(faultsOf(path), []);
    });
  }

  it(`README.md has at most ${mostWords} words`, () => {
    const words = readFileSync(join(root, 'README.md'), 'utf8').split(/\s+/).filter(Boolean);
    assert.ok(words.length <= mostWords, `${words.length} words`);
  });

  it('README.md keeps the anchors of headings that moved into guides', () => {
    assert.deepEqual(
      movedAnchors.filter((anchor) => !anchorsOf('README.md').has(anchor)),
      [],
    );
  });

  it('has a README with a list of files in each room', () => {
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of folders) {
      const text = readFileSync(join(root, `src/${name}/README.md`), 'utf8');
      assert.equal(partsOf(text), 2, `src/${name}/README.md needs what the room may import, and its list of files`);
    }
  });

  it('describes each key of the configuration file', () => {
    const text = readFileSync(join(root, 'src/config/configuration.md'), 'utf8');
    const keys = Object.keys(fileSettings({ limits: limitKinds, attempts: attemptLimitKinds }));
    assert.deepEqual(
      keys.filter((key) => !text.includes(`\`${key}\``)),
      [],
    );
  });

  it('names at most 9 files on the path of a query from socket to row', () => {
    const way =
      /## A query with a cached token[^]*?\n## /.exec(readFileSync(join(root, 'src/README.md'), 'utf8'))?.[0] ?? '';
    const numbers = [...way.matchAll(/ (\d+)\. `[\w/-]+\.ts`/g)].map(([, number]) => Number(number));
    assert.deepEqual(
      numbers,
      numbers.map((_number, index) => index + 1),
    );
    assert.ok(numbers.length > 0 && numbers.length <= 9, String(numbers.length));
  });

  it('contains every generated table and every example program', () => {
    const all = files.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
    const programs = ['orders.config.ts', 'kit.ts', 'kit-brief.ts', 'kit-local-keys.ts', 'clients/apollo-client.ts'];
    const markers = [
      ...Object.keys(tables).map((name) => `<!-- table: ${name} -->`),
      ...programs.map((name) => `<!-- file: test/flows/${name} -->`),
      ...Object.values(examples).map(({ project, file }) => `<!-- file: test/servers/${project}/${file}.ts -->`),
    ];
    assert.deepEqual(
      markers.filter((marker) => !all.includes(marker)),
      [],
    );
  });
});
