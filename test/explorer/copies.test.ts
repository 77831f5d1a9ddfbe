import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { colourDeclarations } from '../../src/provider/pages/palette.ts';
import { root } from '../support/process.ts';

// The code for the browser imports nothing from other rooms. Therefore it has copies of a few facts.
const textOf = (path: string): string => readFileSync(join(root, 'src', path), 'utf8');

/** Returns the strings in the first list after a name. */
function listAfter(path: string, name: string): readonly string[] {
  const text = textOf(path);
  const from = text.indexOf('[', text.indexOf(name));
  return [...text.slice(from, text.indexOf(']', from)).matchAll(/'([^']+)'/g)].map(([, item]) => `${item}`);
}

describe('a copy in the code for the browser', () => {
  it('of the colours is equal to the colours of the sign-in pages', () => {
    const copied = textOf('explorer/client/palette.css').match(/ {2}--[a-z-]+: light-dark\([^)]*\);\n/g);
    assert.equal(copied?.join(''), colourDeclarations({}));
  });

  it('of the headers that pages may send is equal to the list of the server, with Accept', () => {
    const own = listAfter('explorer/client/sandbox/frame/safe-headers.ts', 'const passedOn');
    const server = listAfter('http/headers/cross-origin.ts', 'const defaultHeaders');
    assert.ok(server.length > 5);
    assert.deepEqual(own, ['accept', ...server]);
  });
});
