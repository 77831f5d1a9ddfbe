import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../support/process.ts';
import { anchorsOf, linksOf, markdownFiles, proseOf } from './markdown.ts';
import { partsOf } from './render.ts';

const files = markdownFiles().filter((path) => path !== 'README.md');
const longest = 160;
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

    it(`${path}: names the actor`, () => {
      const lines = readFileSync(join(root, path), 'utf8').split('\n');
      assert.deepEqual(
        lines.filter((line) => vague.test(line)),
        [],
      );
    });
  }

  it('has at least the generated parts that the README had before it was divided', () => {
    const parts = files.map((path) => partsOf(readFileSync(join(root, path), 'utf8')));
    assert.ok(parts.reduce((sum, count) => sum + count, 0) >= 10, String(parts));
  });
});

/** Whether a link of a Markdown file leads somewhere in this repository. */
function exists(path: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const linked = file === '' ? path : normalize(join(dirname(path), file));
  if (!existsSync(join(root, linked))) return false;
  return anchor === undefined || (linked.endsWith('.md') && anchorsOf(linked).has(anchor));
}
