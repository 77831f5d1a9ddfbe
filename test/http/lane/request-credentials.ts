import { tokenFor } from '../../support/lane/tokens.ts';

const token = tokenFor({ scopes: ['orders'] });
const expired = tokenFor({}, { exp: 1_000 });

/** Credentials of a request, by what is special about each. */
export function credentials(): readonly (readonly [string, readonly string[]])[] {
  return [
    ['none', []],
    ['a token', [`authorization: Bearer ${token}`]],
    ['a token in lower case', [`authorization: bearer ${token}`]],
    ['a token of another scope', [`authorization: Bearer ${tokenFor({ scopes: ['other'] })}`]],
    ['a token two times', [`authorization: Bearer ${token}`, `authorization: Bearer ${token}`]],
    ['a token, and an empty one', [`authorization: Bearer ${token}`, 'authorization:']],
    ['two tokens in one line', [`authorization: Bearer ${token}, Bearer ${token}`]],
    ['an expired token', [`authorization: Bearer ${expired}`]],
    ['a changed token', [`authorization: Bearer ${token}x`]],
    ['a token with two spaces', [`authorization: Bearer  ${token}`]],
    ['a token with a tab', [`authorization: Bearer\t${token}`]],
    ['a bare scheme', ['authorization: Bearer']],
    ['an empty value', ['authorization:']],
    ['Basic', ['authorization: Basic eDp5']],
    ['the scheme DPoP without a proof', [`authorization: DPoP ${token}`]],
    ['a proof without a token', ['dpop: a.b.c']],
    ['a proof beside a bearer token', [`authorization: Bearer ${token}`, 'dpop: a.b.c']],
    [
      'a bound token as bearer',
      [`authorization: Bearer ${tokenFor({ scopes: ['orders'] }, { cnf: { jkt: 'x'.repeat(43) } })}`],
    ],
    [
      'a bound token with a bad proof',
      [`authorization: DPoP ${tokenFor({ scopes: ['orders'] }, { cnf: { jkt: 'x'.repeat(43) } })}`, 'dpop: a.b.c'],
    ],
    ['a cookie', [`cookie: access_token=${token}`]],
    ['another header', [`x-authorization: Bearer ${token}`, `proxy-authorization: Bearer ${token}`]],
    ['a name in upper case', [`AUTHORIZATION: Bearer ${token}`]],
  ];
}
