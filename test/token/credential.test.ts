import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClaimgateError } from '../../src/errors.ts';
import { readCredential } from '../../src/token/credential.ts';

const accepted: readonly (readonly [what: string, rawHeaders: readonly string[], token: string | null])[] = [
  ['no header at all', [], null],
  ['other headers', ['Host', 'localhost', 'Cookie', 'Authorization=Bearer a'], null],
  ['a value that only looks like a header name', ['X-Note', 'Authorization', 'X-Other', 'Bearer a'], null],
  ['a bearer token', ['Host', 'localhost', 'Authorization', 'Bearer aA0-._~+/=='], 'aA0-._~+/=='],
  ['the header name in any case', ['aUTHORIZATION', 'Bearer a.b.c'], 'a.b.c'],
  ['the scheme in any case', ['Authorization', 'bEARER a.b.c'], 'a.b.c'],
  ['several spaces, which RFC 9110 §11.4 allows', ['Authorization', 'Bearer   a.b.c'], 'a.b.c'],
];
for (const [what, rawHeaders, token] of accepted) {
  test(`A-3 ${what}`, () => assert.equal(readCredential(rawHeaders), token));
}

const refused: readonly (readonly [what: string, rawHeaders: readonly string[]])[] = [
  ['two Authorization headers', ['Authorization', 'Bearer a', 'Authorization', 'Bearer b']],
  ['two Authorization headers that agree', ['Authorization', 'Bearer a', 'authorization', 'Bearer a']],
  ['two Authorization headers, the second one empty', ['Authorization', 'Bearer a', 'authorization', '']],
  ['two credentials in one header', ['Authorization', 'Bearer a, Bearer b']],
  ['Basic', ['Authorization', 'Basic YTpi']],
  ['the DPoP scheme', ['Authorization', 'DPoP a.b.c', 'DPoP', 'a.b.c']],
  ['a DPoP proof beside a bearer token', ['Authorization', 'Bearer a.b.c', 'dpop', 'a.b.c']],
  ['a DPoP proof alone', ['DPoP', 'a.b.c']],
  ['an empty header', ['Authorization', '']],
  ['a scheme alone', ['Authorization', 'Bearer']],
  ['an empty token', ['Authorization', 'Bearer ']],
  ['a token alone', ['Authorization', 'a.b.c']],
  ['a tab for the space', ['Authorization', 'Bearer\ta.b.c']],
  ['no space', ['Authorization', 'Bearera.b.c']],
  ['space within the token', ['Authorization', 'Bearer a.b.c d']],
  ['space after the token', ['Authorization', 'Bearer a.b.c ']],
  ['a quoted token', ['Authorization', 'Bearer "a.b.c"']],
  ['padding in the middle', ['Authorization', 'Bearer a=b']],
  ['a character off the grammar', ['Authorization', 'Bearer a.b.c;']],
  ['a letter beyond ASCII', ['Authorization', 'Bearer ä']],
  ['a line break', ['Authorization', 'Bearer a\n']],
];
for (const [what, rawHeaders] of refused) {
  test(`A-3 ${what}: INVALID_REQUEST`, () => {
    assert.throws(
      () => readCredential(rawHeaders),
      (error) => error instanceof ClaimgateError && error.code === 'INVALID_REQUEST',
    );
  });
}
