import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ClaimgateError } from '../../../src/errors.ts';
import { type Credential, readCredential } from '../../../src/token/credential/credential.ts';

const bearer = (token: string): Credential => ({ scheme: 'Bearer', token });
const dpop = (token: string, proof: string): Credential => ({ scheme: 'DPoP', token, proof });

const accepted: readonly (readonly [what: string, rawHeaders: readonly string[], credential: Credential | null])[] = [
  ['no header at all', [], null],
  ['other headers', ['Host', 'localhost', 'Cookie', 'Authorization=Bearer a'], null],
  ['a value that only looks like a header name', ['X-Note', 'Authorization', 'X-Other', 'Bearer a'], null],
  // G-2: some clients send an empty header for a caller who has not signed in.
  ['an empty header', ['Authorization', ''], null],
  ['a header of spaces', ['Authorization', ' \t'], null],
  ['a bearer token', ['Host', 'localhost', 'Authorization', 'Bearer aA0-._~+/=='], bearer('aA0-._~+/==')],
  ['the header name in any case', ['aUTHORIZATION', 'Bearer a.b.c'], bearer('a.b.c')],
  ['the scheme in any case', ['Authorization', 'bEARER a.b.c'], bearer('a.b.c')],
  ['several spaces, which RFC 9110 §11.4 allows', ['Authorization', 'Bearer   a.b.c'], bearer('a.b.c')],
  ['a bound token and its proof', ['Authorization', 'DPoP a.b.c', 'DPoP', 'd.e.f'], dpop('a.b.c', 'd.e.f')],
  ['the proof before the token', ['DPoP', 'd.e.f', 'Authorization', 'DPoP a.b.c'], dpop('a.b.c', 'd.e.f')],
  ['both DPoPs in any case', ['AUTHORIZATION', 'dpop a.b.c', 'dPoP', 'd-_.e.f'], dpop('a.b.c', 'd-_.e.f')],
];
for (const [what, rawHeaders, credential] of accepted) {
  it(`A-3 ${what}`, () => assert.deepEqual(readCredential(rawHeaders), credential));
}

const refused: readonly (readonly [what: string, rawHeaders: readonly string[]])[] = [
  ['two Authorization headers', ['Authorization', 'Bearer a', 'Authorization', 'Bearer b']],
  ['two Authorization headers that agree', ['Authorization', 'Bearer a', 'authorization', 'Bearer a']],
  ['two Authorization headers, the second one empty', ['Authorization', 'Bearer a', 'authorization', '']],
  ['two credentials in one header', ['Authorization', 'Bearer a, Bearer b']],
  ['Basic', ['Authorization', 'Basic YTpi']],
  ['the DPoP scheme without a proof', ['Authorization', 'DPoP a.b.c']],
  ['the DPoP scheme with an empty proof', ['Authorization', 'DPoP a.b.c', 'DPoP', '']],
  ['the DPoP scheme without a token', ['Authorization', 'DPoP', 'DPoP', 'd.e.f']],
  ['two proofs', ['Authorization', 'DPoP a.b.c', 'DPoP', 'd.e.f', 'DPoP', 'g.h.i']],
  ['two proofs that agree', ['Authorization', 'DPoP a.b.c', 'DPoP', 'd.e.f', 'dpop', 'd.e.f']],
  ['two proofs in one header, as a proxy folds them', ['Authorization', 'DPoP a.b.c', 'DPoP', 'd.e.f, g.h.i']],
  ['two proofs without Authorization', ['DPoP', 'd.e.f', 'DPoP', 'g.h.i']],
  ['a proof with space around it', ['Authorization', 'DPoP a.b.c', 'DPoP', ' d.e.f']],
  ['a proof with padding', ['Authorization', 'DPoP a.b.c', 'DPoP', 'd.e.f=']],
  ['a bearer token and a bound one', ['Authorization', 'Bearer a.b.c', 'Authorization', 'DPoP a.b.c', 'DPoP', 'd.e.f']],
  ['a DPoP proof with a bearer token', ['Authorization', 'Bearer a.b.c', 'dpop', 'a.b.c']],
  ['a DPoP proof alone', ['DPoP', 'a.b.c']],
  ['a DPoP proof with an empty header', ['Authorization', '', 'DPoP', 'a.b.c']],
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
  it(`A-3 ${what}: INVALID_REQUEST`, () => {
    assert.throws(
      () => readCredential(rawHeaders),
      (error) => error instanceof ClaimgateError && error.code === 'INVALID_REQUEST',
    );
  });
}

// Mistakes of clients in public bug reports: apollo-client#957, vue-cli-plugin-apollo#23, graphql-flutter#48,
// crystal#445.
const token = 'eyJzM2NyZXQ.eyJzM2NyZXQ.czNjcmV0';
const slips: readonly (readonly [value: string, fault: RegExp])[] = [
  [token, /: the scheme is missing\.$/],
  ['null', /: it holds the text of a missing value, leave it out where there is no token\.$/],
  ['undefined', /: it holds the text of a missing value/],
  ['Bearer [object Object]', /: it holds the text of a missing value/],
  ['[object Promise]', /: it holds the text of a missing value/],
  ['Bearer', /: the token is missing\.$/],
  ['Bearer ', /: the token is missing\.$/],
  [`Bearer: ${token}`, /: a colon stands behind the scheme\.$/],
  [`Bearer Bearer ${token}`, /: the scheme stands twice\.$/],
  [`Bearer DPoP ${token}`, /: the scheme stands twice\.$/],
  [`"${token}"`, /: it holds quotation marks\.$/],
  [`Bearer "${token}"`, /: it holds quotation marks\.$/],
  [`'Bearer ${token}'`, /: it holds quotation marks\.$/],
  ['Bearer {{s3cret}}', /: it holds a placeholder that was not filled in\.$/],
  ['Bearer ${s3cret}', /: it holds a placeholder/], // oxlint-disable-line no-template-curly-in-string
  ['Bearer <s3cret>', /: it holds a placeholder/],
  ['Bearer %s3cret%', /: it holds a placeholder/],
  [`Bearer ${token}, Bearer ${token}`, /: it holds more than one credential\.$/],
  [`Bearer ${token} ${token}`, /: white space stands within the token\.$/],
  [`Bearer\t${token}`, /: one space must stand behind the scheme\.$/],
  ['Basic czNjcmV0', /: the scheme Basic is not accepted here\.$/],
  [`JWT ${token}`, /: the scheme is another\.$/],
  [`Token ${token}`, /: the scheme is another\.$/],
  [`Bearer ${token};`, /<token>`\.$/],
];
for (const [value, fault] of slips) {
  it(`a wrong Authorization header gets an error that explains the mistake: ${value.replaceAll(token, '…')}`, () => {
    assert.throws(
      () => readCredential(['Authorization', value]),
      (error) => {
        assert.ok(error instanceof ClaimgateError && error.code === 'INVALID_REQUEST');
        assert.match(error.message, /^The Authorization header must be of the form `Bearer <token>` or `DPoP <token>`/);
        assert.match(error.message, fault);
        assert.doesNotMatch(error.message, /s3cret|eyJ|czN/);
        return true;
      },
    );
  });
}
