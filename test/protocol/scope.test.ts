import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isScopeToken, parseScope, scopeTokens } from '../../src/protocol/scope.ts';

describe('scope syntax (RFC 6749 §3.3)', () => {
  it('allows visible ASCII in a token, except the quotation mark, the backslash and the space', () => {
    for (let code = 0; code < 256; code += 1) {
      const isAllowed = code >= 0x21 && code <= 0x7e && code !== 0x22 && code !== 0x5c;
      assert.equal(isScopeToken(String.fromCharCode(code)), isAllowed, `character ${code}`);
    }
    for (const text of ['', 'a b', 'a\n', 'é']) assert.ok(!isScopeToken(text), JSON.stringify(text));
  });

  it('is read strictly if a developer writes it', () => {
    assert.deepEqual(parseScope('a b a'), ['a', 'b']);
    for (const text of ['', ' ', 'a  b', ' a', 'a ', 'a\tb', 'a"']) {
      assert.equal(parseScope(text), null, JSON.stringify(text));
    }
  });

  it('is split at its spaces if another party writes it', () => {
    assert.deepEqual(scopeTokens(' a  b '), ['a', 'b']);
    assert.deepEqual(scopeTokens(''), []);
  });
});
