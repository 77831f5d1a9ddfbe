import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../support/process.ts';

const document = readFileSync(join(root, '.github/SECURITY.md'), 'utf8');

/** Each link to a test, with the IDs in its text, for example `[E-1, E-10](../test/…)`. */
const links = [...document.matchAll(/\[([A-G]-[^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g)].flatMap(([, ids = '', path = '']) =>
  ids.split(', ').map((id) => ({ id, path })),
);

describe('.github/SECURITY.md links each promise to the test that shows it', () => {
  for (const { id, path } of links) {
    it(`${id} is shown by ${path}`, () => {
      // The test file must contain the ID in a title or in a table of cases. A longer ID with the same start does not
      // count.
      assert.match(readFileSync(join(root, path), 'utf8'), new RegExp(`['"\`](?:[A-G]-\\d+[a-z]? )*${id}(?![0-9])`));
    });
  }

  it('every attacked behaviour has a promise', () => {
    const promised = new Set(links.map(({ id }) => id));
    const attacked = [...ids('E', 14), ...ids('F', 12)];
    assert.deepEqual(
      attacked.filter((id) => !promised.has(id)),
      [],
    );
  });
});

function ids(section: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${section}-${index + 1}`);
}
