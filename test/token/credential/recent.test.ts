import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCredential } from '../../../src/token/credential/credential.ts';
import { rememberRecent } from '../../../src/token/credential/recent.ts';
import { createTokenCache } from '../../../src/token/cache/cache.ts';

/** Makes a text with its own memory, as from the network. */
const fresh = (text: string) => Buffer.from(text).toString();

describe('the memory of recent headers', () => {
  it('returns the result of the same text only, although other texts share its slot', () => {
    let made = 0;
    const remembered = rememberRecent((text) => {
      made += 1;
      return { text };
    });
    // Their last four characters are the same, so they share one slot. The last eight of each two are the same.
    const texts = Array.from({ length: 50 }, (_, index) => `${index}`.padStart(4, '0')).flatMap((number) =>
      ['x', 'y'].map((start) => `${start.repeat(16)}${number}tail`),
    );
    for (let turn = 0; turn < 3; turn += 1) {
      for (const text of texts) {
        for (let time = 0; time < 4; time += 1) assert.equal(remembered(fresh(text)).text, text);
      }
    }
    assert.equal(made, 450);
  });

  it('remembers no short text, no text of more than 2,048 characters, and no fault', () => {
    let made = 0;
    const remembered = rememberRecent((text) => {
      made += 1;
      if (text.includes('fault')) throw new Error('no');
      return text;
    });
    for (const text of ['', 'abc', 'x'.repeat(15), 'x'.repeat(2_049)]) {
      assert.equal(remembered(text), text);
      assert.equal(remembered(text), text);
    }
    assert.equal(made, 8);
    assert.throws(() => remembered('a long text with a fault'));
    assert.throws(() => remembered('a long text with a fault'));
    assert.equal(made, 10);
    for (let time = 0; time < 4; time += 1) assert.equal(remembered('x'.repeat(2_048)).length, 2_048);
    assert.equal(made, 12);
  });

  it('keeps a text although others come once to its slot', () => {
    let made = 0;
    const remembered = rememberRecent((text) => {
      made += 1;
      return { text };
    });
    const texts = ['a long text', 'another text'].map((start) => `${start} ${'x'.repeat(16)}`);
    const [kept, other] = texts.map((text, index) => `${text}000${index}tail`);
    assert.ok(kept && other);
    for (const text of [kept, kept]) remembered(fresh(text));
    const first = remembered(fresh(kept));
    for (let time = 0; time < 10; time += 1) {
      remembered(fresh(other));
      remembered(fresh(kept));
      assert.equal(remembered(fresh(kept)), first);
    }
  });

  it('does not make a refused header valid, or a valid header another', () => {
    const header = `Bearer ${'abcdefghijklmnop'.repeat(4)}`;
    for (let turn = 0; turn < 3; turn += 1) {
      assert.deepEqual(readCredential(['Authorization', fresh(header)]), { scheme: 'Bearer', token: header.slice(7) });
      assert.throws(
        () => readCredential(['Authorization', fresh(header), 'authorization', fresh(header)]),
        /More than one/,
      );
      assert.throws(() => readCredential(['authorization', fresh(`${header}, ${header}`)]));
      assert.throws(() => readCredential(['Authorization', fresh(header), 'DPoP', 'a.b.c']), /Bearer/);
      assert.throws(() => readCredential(['Authorization', fresh(header.replace('Bearer', 'DPoP'))]), /DPoP header/);
      assert.deepEqual(readCredential(['AUTHORIZATION', fresh(header.replace('Bearer', 'dPoP')), 'dpop', 'a.b.c']), {
        scheme: 'DPoP',
        token: header.slice(7),
        proof: 'a.b.c',
      });
    }
    // A caller that changes its credential changes only its own.
    const first = readCredential(['Authorization', fresh(header)]);
    assert.ok(first);
    Object.assign(first, { token: 'another' });
    assert.equal(readCredential(['Authorization', fresh(header)])?.token, header.slice(7));
  });

  it('reports the fault of the Authorization header first, in any order of the headers', () => {
    const twice = ['Authorization', 'Bearer a', 'authorization', 'Bearer a'];
    const proofs = ['DPoP', 'a.b.c', 'dpop', 'a.b.c'];
    assert.throws(() => readCredential([...twice, ...proofs]), /More than one Authorization/);
    assert.throws(() => readCredential([...proofs, ...twice]), /More than one Authorization/);
    assert.throws(() => readCredential(['authorization', '', ...proofs]), /More than one DPoP/);
    assert.throws(() => readCredential(['authorization', '', 'Authorization', '']), /More than one Authorization/);
  });

  it('gives equal keys to equal tokens only', () => {
    const cache = createTokenCache();
    const other = createTokenCache();
    const keys = new Map<string, string>();
    for (let index = 0; index < 2_000; index += 1) {
      const token = `${'e'.repeat(100 + (index % 7))}.${index % 500}.${'s'.repeat(20)}`;
      const key = cache.keyOf(fresh(token));
      assert.equal(key, other.keyOf(fresh(token)));
      assert.equal(key, keys.get(token) ?? key);
      keys.set(token, key);
    }
    assert.equal(new Set(keys.values()).size, keys.size);
  });
});
