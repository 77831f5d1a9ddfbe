import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { createSealer, isSealed } from '../../../src/store/connections/sealing.ts';

const [old, current] = [randomBytes(32), randomBytes(32)];

describe('a sealed text', () => {
  const sealer = createSealer([current]);

  it('opens for its purpose, with any content', () => {
    for (const text of ['', 'secret', 'ünïcode 🔑', 'x'.repeat(10_000)]) {
      assert.equal(sealer.open(sealer.seal(text, 'a'), 'a'), text);
    }
  });

  it('does not contain the text, and differs each time', () => {
    const [one, two] = [sealer.seal('secret', 'a'), sealer.seal('secret', 'a')];
    assert.notEqual(one, two);
    assert.ok(isSealed(one) && !one.includes('secret') && !isSealed('{"kty":"EC"}'));
    assert.ok(!Buffer.from(one.split(':')[2] ?? '', 'base64url').includes('secret'));
  });

  it('does not open for another purpose', () => {
    assert.throws(() => sealer.open(sealer.seal('secret', 'a'), 'b'), /does not open/);
  });

  it('does not open if a bit has changed', () => {
    const [word = '', name = '', body = ''] = sealer.seal('secret', 'a').split(':');
    const bytes = Buffer.from(body, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      assert.throws(() => sealer.open(`${word}:${name}:${changed.toString('base64url')}`, 'a'), /does not open/);
    }
    for (const cut of ['', 'A', body.slice(0, 10), body.slice(0, -4)]) {
      assert.throws(() => sealer.open(`${word}:${name}:${cut}`, 'a'), /does not open|not here/);
    }
  });

  it('opens with the former key in the list, and without it the error names the purpose', () => {
    const sealed = createSealer([old]).seal('secret', 'a');
    assert.equal(createSealer([current, old]).open(sealed, 'a'), 'secret');
    assert.throws(() => sealer.open(sealed, 'a'), /a key that is not here/);
    assert.throws(() => sealer.open('in clear', 'a'), /a key that is not here/);
  });
});
