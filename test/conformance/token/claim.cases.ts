import { sign } from '../../support/tokens.ts';
import { accepted, refused, type TokenCase } from './case.ts';
import { type Claims, claimsOf, keys, ofOther, textOf, withClaims, type World } from './world.ts';

const having = (claims: Claims) => (world: World) => withClaims(world, claims);
const from = (claims: (world: World) => Claims) => (world: World) => withClaims(world, claims(world));
/** Makes a token in which this JSON text is the value of a claim. */
const text = (claim: string, value: string) => (world: World) =>
  sign(keys.es256, { payload: textOf(world, claim, value) });

/** Values that are not strings, by their description. */
const noText: Readonly<Record<string, unknown>> = {
  'left out': undefined,
  null: null,
  empty: '',
  'a number': 7,
  true: true,
  'an object': {},
  'in an array': ['ada'],
  'an empty array': [],
  'empty, in an array': [''],
  'null in an array': [null],
};
/** JSON values that are not a NumericDate (RFC 7519 §2). */
const noTime: Readonly<Record<string, string>> = {
  'a string of digits': '"1800000600"',
  negative: '-1',
  'beyond every number (1e400)': '1e400',
  'below every number (-1e400)': '-1e400',
  null: 'null',
  true: 'true',
  'in an array': '[1800000600]',
  'a date': '"2030-01-01T00:00:00Z"',
  'an empty string': '""',
  'an object': '{}',
  'an empty array': '[]',
};

function each<T>(
  claims: readonly string[],
  values: Readonly<Record<string, T>>,
  make: (claim: string, value: T) => (world: World) => string,
): Record<string, (world: World) => string> {
  const rows = claims.flatMap((claim) =>
    Object.entries(values).map(([what, value]) => [`${claim} ${what}`, make(claim, value)] as const),
  );
  return Object.fromEntries(rows);
}

/** claims and times. */
export const claimCases: readonly TokenCase[] = [
  ...refused('A-7', /iss/, {
    'RFC 9068 §2.2': each(['iss'], noText, (claim, value) => having({ [claim]: value })),
    'RFC 7519 §4.1.1': {
      'iss with a slash behind': from(({ issuer }) => ({ iss: `${issuer}/` })),
      'iss without its last character': from(({ issuer }) => ({ iss: issuer.slice(0, -1) })),
      'iss with a domain behind': from(({ issuer }) => ({ iss: `${issuer}.evil.example` })),
      'iss with a user before': from(({ issuer }) => ({ iss: issuer.replace('://', '://a@') })),
      'iss in upper case': from(({ issuer }) => ({ iss: issuer.toUpperCase() })),
      'iss with its scheme in upper case': from(({ issuer }) => ({
        iss: issuer.replace(/^https?/, (scheme) => scheme.toUpperCase()),
      })),
      'iss with the default port': from(({ issuer }) => ({ iss: `${issuer}:443` })),
      'iss with a space in front': from(({ issuer }) => ({ iss: ` ${issuer}` })),
      'iss with a fragment': from(({ issuer }) => ({ iss: `${issuer}#` })),
      'iss with a null character': from(({ issuer }) => ({ iss: `${issuer}\u0000` })),
      'iss in an array of two': from(({ issuer, other }) => ({ iss: [issuer, other] })),
      'iss of an issuer that is not trusted': having({ iss: 'https://stranger.example' }),
      'iss __proto__': having({ iss: '__proto__' }),
      'iss constructor': having({ iss: 'constructor' }),
    },
  }),
  ...refused('A-7', /sub|jti|client_id/, {
    'RFC 9068 §2.2': each(['sub', 'jti', 'client_id'], noText, (claim, value) => having({ [claim]: value })),
  }),
  ...refused('A-7', /exp|iat|nbf|verified/, {
    'RFC 9068 §2.2': { 'exp left out': having({ exp: undefined }), 'iat left out': having({ iat: undefined }) },
    'RFC 7519 §2': each(['exp', 'iat', 'nbf'], noTime, text),
  }),
  ...refused('A-6', /payload is not/, {
    'RFC 8259 §6': {
      'exp NaN': text('exp', 'NaN'),
      'exp Infinity': text('exp', 'Infinity'),
      'exp undefined': text('exp', 'undefined'),
      'exp with a leading zero': text('exp', '01800000600'),
    },
  }),
  ...refused('A-7', /expired/, {
    'RFC 7519 §4.1.4': {
      'exp a minute ago': from(({ now }) => ({ exp: now - 60 })),
      'exp as long ago as the tolerance': from(({ now }) => ({ exp: now - 5 })),
      'exp 0': having({ exp: 0 }),
      'exp -0': text('exp', '-0'),
      'exp too small to tell from 0': text('exp', '1e-400'),
      'exp in milliseconds of 1970': having({ exp: 1_000 }),
    },
  }),
  ...refused('A-7', /nbf/, {
    'RFC 7519 §4.1.5': {
      'nbf in a minute': from(({ now }) => ({ nbf: now + 60 })),
      'nbf in milliseconds': from(({ now }) => ({ nbf: now * 1000 })),
    },
  }),
  ...refused('A-7', /iat|future/, {
    'RFC 7519 §4.1.6': {
      'iat in a minute': from(({ now }) => ({ iat: now + 60 })),
      'iat in milliseconds': from(({ now }) => ({ iat: now * 1000 })),
    },
  }),
  ...refused('A-7', /aud/, {
    'RFC 9068 §2.2': {
      'aud left out': having({ aud: undefined }),
      'aud null': having({ aud: null }),
      'aud empty': having({ aud: '' }),
      'aud a number': having({ aud: 7 }),
      'aud true': having({ aud: true }),
    },
    'RFC 9068 §4': {
      'aud another API': having({ aud: 'https://other.example' }),
      'aud other APIs': having({ aud: ['https://other.example', 'https://another.example'] }),
      'aud with a slash behind': from(({ audience }) => ({ aud: `${audience}/` })),
      'aud in upper case': from(({ audience }) => ({ aud: audience.toUpperCase() })),
      'aud a prefix': from(({ audience }) => ({ aud: audience.slice(0, -1) })),
      'aud of two names in one text': from(({ audience }) => ({ aud: `${audience} https://other.example` })),
      'aud the client': having({ aud: 'a-client' }),
    },
    'RFC 7519 §4.1.3': {
      'aud an empty array': having({ aud: [] }),
      'aud an array in an array': from(({ audience }) => ({ aud: [[audience]] })),
      'aud with an additional number': from(({ audience }) => ({ aud: [audience, 7] })),
      'aud with an additional empty string': from(({ audience }) => ({ aud: [audience, ''] })),
      'aud with an additional null': from(({ audience }) => ({ aud: [audience, null] })),
      'aud an object like an array': from(({ audience }) => ({ aud: { 0: audience, length: 1 } })),
    },
  }),
  ...refused('A-7', /scope/, {
    'RFC 9068 §2.2.3': {
      'scope null': having({ scope: null }),
      'scope a number': having({ scope: 7 }),
      'scope an object': having({ scope: { profile: true } }),
      'scope with a number in an array': having({ scope: ['profile', 7] }),
      'scope with null in an array': having({ scope: ['profile', null] }),
      'scope an array in an array': having({ scope: [['profile']] }),
    },
  }),
  ...accepted('A-7', {
    'RFC 9068 §2.2': { 'every claim in order': having({}) },
    'RFC 7519 §4.1.4': {
      'exp just past, within the tolerance': from(({ now }) => ({ exp: now - 2 })),
      'exp with a fraction': from(({ now }) => ({ exp: now + 60.5 })),
      'exp with an exponent': text('exp', '4e9'),
    },
    'RFC 7519 §4.1.5': { 'nbf as far ahead as the tolerance': from(({ now }) => ({ nbf: now + 5 })) },
    'RFC 7519 §4.1.6': {
      'iat as far ahead as the tolerance': from(({ now }) => ({ iat: now + 5 })),
      'iat 0': having({ iat: 0 }),
    },
    'RFC 7519 §4.1.3': {
      'aud in an array': from(({ audience }) => ({ aud: [audience] })),
      'aud among others': from(({ audience }) => ({ aud: ['https://other.example', audience] })),
      'aud twice': from(({ audience }) => ({ aud: [audience, audience] })),
    },
    'RFC 7519 §4': { 'claims that nobody knows': having({ x: { y: [1, null] }, 'https://example.com/z': true }) },
  }),
  ...accepted(
    'A-7',
    { 'RFC 9068 §2.2.3': { 'no scope': having({ scope: undefined }), 'scope empty': having({ scope: '' }) } },
    { scopes: [] },
  ),
  ...accepted('A-7', { 'RFC 6749 §3.3': { 'a scope twice': having({ scope: 'a b a' }) } }, { scopes: ['a', 'b'] }),
  ...accepted(
    'A-7',
    { 'RFC 9068 §2.2': { 'an application alone': having({ sub: 'a-client' }) } },
    { subject: 'a-client' },
  ),
  ...accepted(
    'A-7',
    { 'RFC 7519 §4.1.2': { 'sub __proto__': having({ sub: '__proto__' }) } },
    { subject: '__proto__' },
  ),

  ...refused('A-8', /typ|iss|jti|client_id|aud|nonce/, {
    'RFC 9068 §4': {
      'an ID token (OpenID Connect Core §2)': ({ issuer, now }) =>
        sign(keys.es256, {
          header: { typ: 'JWT' },
          payload: { iss: issuer, sub: 'ada', aud: 'a-client', exp: now + 600, iat: now, nonce: 'n', at_hash: 'h' },
        }),
      'an ID token without typ': ({ issuer, now }) =>
        sign(keys.es256, {
          header: { typ: undefined },
          payload: { iss: issuer, sub: 'ada', aud: 'a-client', exp: now + 600, iat: now, nonce: 'n' },
        }),
      'an ID token that calls itself an access token': ({ issuer, audience, now }) =>
        sign(keys.es256, { payload: { iss: issuer, sub: 'ada', aud: audience, exp: now + 600, iat: now, nonce: 'n' } }),
      'an ID token of the issuer that signs plain JWT': ({ other, now }) =>
        sign(keys.other, {
          header: { typ: 'JWT' },
          payload: { iss: other, sub: 'ada', aud: 'a-client', exp: now + 600, iat: now, nonce: 'n' },
        }),
      'an ID token of that issuer, made out to us': (world) => ofOther(world, { nonce: 'n', at_hash: 'h' }),
      'a logout token': ({ issuer, now }) =>
        sign(keys.es256, {
          header: { typ: 'logout+jwt' },
          payload: {
            iss: issuer,
            sub: 'ada',
            aud: 'a-client',
            exp: now + 120,
            iat: now,
            jti: 'l',
            events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
          },
        }),
    },
    'RFC 9449 §4.2': {
      'a DPoP proof': ({ audience, now }) =>
        sign(keys.es256, {
          header: { typ: 'dpop+jwt', jwk: keys.es256.publicJwk },
          payload: { jti: 'p', htm: 'POST', htu: audience, iat: now },
        }),
    },
  }),
  ...refused('A-8', /typ/, {
    'RFC 8725 §3.11': {
      'at+jwt of an issuer that is configured to sign plain JWT': (world) =>
        sign(keys.other, { payload: claimsOf(world, { iss: world.other }) }),
    },
  }),

  ...refused('A-9', /cnf|bound/, {
    'RFC 9449 §7.1': {
      'bound to a key (cnf.jkt), sent as Bearer': having({ cnf: { jkt: 'A'.repeat(43) } }),
      'bound to an empty thumbprint': having({ cnf: { jkt: '' } }),
      'bound to a key, of the other issuer': (world) => ofOther(world, { cnf: { jkt: 'A'.repeat(43) } }),
    },
    'RFC 8705 §3.1': { 'bound to a certificate': having({ cnf: { 'x5t#S256': 'A'.repeat(43) } }) },
    'RFC 7800 §3': {
      'bound to an embedded key': having({ cnf: { jwk: keys.es256.publicJwk } }),
      'bound to a key and a certificate': having({ cnf: { jkt: 'A'.repeat(43), 'x5t#S256': 'A'.repeat(43) } }),
      'bound to a key in an array': having({ cnf: { jkt: ['A'.repeat(43)] } }),
      'bound to a key whose thumbprint is too short': having({ cnf: { jkt: 'x' } }),
      'cnf empty': having({ cnf: {} }),
      'cnf an empty array': having({ cnf: [] }),
      'cnf null': having({ cnf: null }),
      'cnf of text': having({ cnf: 'A'.repeat(43) }),
    },
  }),
];
