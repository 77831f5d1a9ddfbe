import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maxLinkLength, readLink, writeLink } from '../../src/explorer/client/run/keep/link.ts';

const page = 'http://localhost:4000/explorer?code=abc#old';
const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl';
const operation = { document: 'query Über { a(b: "ä\n🙂") }', variables: '{ "x": 1 }', operationName: 'Über' };

describe('a link with an operation', () => {
  it('is read as it was written', () => {
    for (const each of [operation, { ...operation, variables: null, operationName: null }]) {
      assert.deepEqual(readLink(new URL(writeLink(page, each)).hash), each);
    }
  });

  it('has the operation in the fragment only, and nothing else of the page', () => {
    const url = new URL(writeLink(page, operation));
    assert.equal(url.search, '');
    assert.equal(url.pathname, '/explorer');
    assert.match(url.hash, /^#operation=[\w-]+$/);
  });

  it('is refused if it would contain a token', () => {
    const secrets = [jwt, 'Authorization: Bearer 0123456789abcdef'];
    for (const secret of secrets) {
      assert.throws(() => writeLink(page, { ...operation, document: `# ${secret}` }), /looks like a token/);
      assert.throws(
        () => writeLink(page, { ...operation, variables: JSON.stringify({ x: secret }) }),
        /looks like a token/,
      );
    }
    const content = btoa(JSON.stringify({ v: 1, d: `# ${jwt}` }));
    assert.throws(() => readLink(`#operation=${content}`), /looks like a token/);
  });

  it('is refused with its length if it is too long', () => {
    const document = `{ ${'field '.repeat(3_000)} }`;
    assert.throws(() => writeLink(page, { ...operation, document }), /At most 16,000 are possible/);
    assert.throws(() => readLink(`#operation=${'A'.repeat(maxLinkLength + 1)}`), /too long/);
  });

  it('says what is wrong if it is damaged', () => {
    assert.equal(readLink(''), null);
    assert.equal(readLink('#other=1'), null);
    const encode = (value: unknown) => `#operation=${btoa(JSON.stringify(value))}`;
    const damaged = ['#operation=%%%', '#operation=', '#operation=gICA', encode(3), encode([]), encode(null)];
    for (const fragment of damaged) assert.throws(() => readLink(fragment), /damaged/, fragment);
    assert.throws(() => readLink(encode({ v: 2, d: '{ a }' })), /another version/);
    for (const value of [{ v: 1 }, { v: 1, d: 3 }, { v: 1, d: '{a}', a: {} }, { v: 1, d: '{a}', n: 1 }]) {
      assert.throws(() => readLink(encode(value)), /has no operation/);
    }
  });
});
