import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../support/process.ts';
import { anchorsOf, linksOf, markdownFiles, mentionsOf, proseOf } from './markdown.ts';
import { partsOf } from './render.ts';
import { tables } from './tables.ts';

const files = markdownFiles();
const longest = 160;
const mostWords = 1_200;

/** The headings that README.md had before it was divided: people may have kept addresses that end with these anchors. */
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

const vague = /\b(whoever|whatever|whichever|somebody|nobody|anybody|whomever)\b/i;

describe('the documentation', () => {
  for (const path of files) {
    it(`${path}: lines of prose have at most ${longest} characters`, () => {
      const long = proseOf(path).filter(({ text }) => text.length > longest);
      assert.deepEqual(
        long.map(({ number }) => `${path}:${number}`),
        [],
      );
    });

    it(`${path}: each link leads to a file or heading that exists`, () => {
      const broken = linksOf(path).filter(({ target }) => !exists(path, target));
      assert.deepEqual(
        broken.map(({ number, target }) => `${path}:${number} ${target}`),
        [],
      );
    });

    it(`${path}: each path that it mentions exists`, () => {
      const broken = mentionsOf(path).filter(({ target }) => !isPath(target));
      assert.deepEqual(
        broken.map(({ number, target }) => `${path}:${number} ${target}`),
        [],
      );
    });

    it(`${path}: names the actor`, () => {
      const lines = readFileSync(join(root, path), 'utf8').split('\n');
      assert.deepEqual(
        lines.filter((line) => vague.test(line)),
        [],
      );
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

  it('shows every generated table and every program that is written for it', () => {
    const all = files.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
    const programs = ['orders.config.ts', 'kit.ts', 'kit-brief.ts', 'clients/apollo-client.ts'];
    const markers = [
      ...Object.keys(tables).map((name) => `<!-- table: ${name} -->`),
      ...programs.map((name) => `<!-- file: test/flows/${name} -->`),
    ];
    assert.deepEqual(
      markers.filter((marker) => !all.includes(marker)),
      [],
    );
  });
});

/** Whether a path exists, from the root or, as in comments of the source, from `src/` or `test/`. */
function isPath(target: string): boolean {
  return ['', 'src/', 'test/'].some((folder) => existsSync(join(root, folder, target)));
}

/** Whether a link of a Markdown file leads somewhere in this repository. */
function exists(path: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const linked = file === '' ? path : normalize(join(dirname(path), file));
  if (!existsSync(join(root, linked))) return false;
  return anchor === undefined || (linked.endsWith('.md') && anchorsOf(linked).has(anchor));
}
