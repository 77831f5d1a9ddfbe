import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { walkPath } from './path.ts';

it('walks the whole path, and the README shows the three answers as they are', async () => {
  const details: string[] = [];
  await walkPath((_heading, detail = '') => details.push(detail));
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  for (const answer of details.slice(-3)) {
    const body = answer.split('\n').at(-1) ?? '';
    assert.ok(readme.includes(body), `the README does not show ${body}`);
  }
});
