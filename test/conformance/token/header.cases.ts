import { accepted, oversized, refused, type TokenCase } from './case.ts';
import { keys, ofOther, withHeader, type World } from './world.ts';

const { stranger } = keys;
const url = 'http://127.0.0.1:9/keys';
const { kid: _, ...jwk } = stranger.publicJwk;
const chain = [stranger.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')];

/** Makes a token of an attacker whose header contains the key or its address. */
const brought = (header: object) => (world: World) => withHeader(world, { kid: 'brought', ...header }, stranger);
const having = (header: object) => (world: World) => withHeader(world, { ...header });

/** header parameters. */
export const headerCases: readonly TokenCase[] = [
  ...refused('A-5', /no key|signature/, {
    'RFC 8725 §3.10': {
      'its own jwk': brought({ jwk }),
      'its own jwk, with our kid in it': brought({ jwk: { ...jwk, kid: keys.es256.kid } }),
      'its own jwk, and our kid': brought({ jwk, kid: keys.es256.kid }),
      'its own jwk, and no kid': brought({ jwk, kid: undefined }),
      'a jku': brought({ jku: url }),
      'a jku, and our kid': brought({ jku: url, kid: keys.es256.kid }),
      'a jku that is a file': brought({ jku: 'file:///etc/passwd' }),
      'an x5u': brought({ x5u: url }),
      'an x5c': brought({ x5c: chain }),
      'an x5c, and no kid': brought({ x5c: chain, kid: undefined }),
      'an x5t': brought({ x5t: 'AAAAAAAAAAAAAAAAAAAAAAAAAAA' }),
      'jwk, jku, x5u and x5c together': brought({ jwk, jku: url, x5u: url, x5c: chain }),
    },
    'RFC 7515 §4.1.4': {
      'a kid that is a path': having({ kid: '../../../../etc/passwd' }),
      'a kid that is SQL': having({ kid: "' OR 1=1 --" }),
      'a kid that is __proto__': having({ kid: '__proto__' }),
      'a kid that is constructor': having({ kid: 'constructor' }),
      'a kid that is toString': having({ kid: 'toString' }),
      'a kid that is a URL': having({ kid: url }),
      'a kid that is a null character': having({ kid: '\u0000' }),
      'a kid that is empty': having({ kid: '' }),
      'a kid in another case': having({ kid: keys.es256.kid.toUpperCase() }),
      'a kid with a space behind': having({ kid: `${keys.es256.kid} ` }),
      'a kid that is a pattern': having({ kid: '.*' }),
      'a kid of 8 kB': having({ kid: 'k'.repeat(8000) }),
      'a kid that breaks the line': having({ kid: 'es256\r\nSet-Cookie: a=b' }),
    },
  }),
  ...oversized('A-5', { 'RFC 7515 §4.1.4': { 'a kid of 100 kB': having({ kid: 'k'.repeat(100_000) }) } }),
  ...refused('A-5', /kid/, {
    'RFC 7515 §4.1.4': {
      'a kid that is a number': having({ kid: 7 }),
      'a kid that is null': having({ kid: null }),
      'a kid in an array': having({ kid: [keys.es256.kid] }),
      'a kid that is an object': having({ kid: { toString: keys.es256.kid } }),
    },
  }),
  ...refused('A-5', /crit/, {
    'RFC 7515 §4.1.11': {
      'crit with an unknown name': having({ crit: ['x'], x: 1 }),
      'crit with a name that is not there': having({ crit: ['x'] }),
      'crit with exp, which it must not hold': having({ crit: ['exp'], exp: 1 }),
      'crit empty': having({ crit: [] }),
      'crit null': having({ crit: null }),
      'crit a string': having({ crit: 'exp' }),
      'crit an object': having({ crit: {} }),
    },
    'RFC 7797 §6': {
      'crit with b64 true': having({ crit: ['b64'], b64: true }),
      'crit with b64 false': having({ crit: ['b64'], b64: false }),
    },
  }),
  ...refused('A-5', /b64/, {
    'RFC 7797 §7': {
      'b64 false': having({ b64: false }),
      'b64 true': having({ b64: true }),
      'b64 null': having({ b64: null }),
    },
  }),
  ...accepted('A-5', {
    'RFC 8725 §3.10': {
      'jwk, jku, x5u and x5c of a stranger, signed by our key': having({ jwk, jku: url, x5u: url, x5c: chain }),
    },
    'RFC 7515 §4': {
      'an unknown header parameter': having({ x: { y: [1] } }),
      'cty JWT': having({ cty: 'JWT' }),
      'zip, which does not exist in a JWS': having({ zip: 'DEF' }),
    },
  }),

  ...accepted('A-8', {
    'RFC 9068 §2.1': {
      'typ at+jwt': having({ typ: 'at+jwt' }),
      'typ application/at+jwt': having({ typ: 'application/at+jwt' }),
    },
    'RFC 7515 §4.1.9': {
      'typ AT+JWT': having({ typ: 'AT+JWT' }),
      'typ Application/At+Jwt': having({ typ: 'Application/At+Jwt' }),
    },
    'RFC 8725 §3.11': { 'typ JWT of an issuer that is configured to sign so': ofOther },
  }),
  ...refused('A-8', /typ/, {
    'RFC 9068 §4': {
      'no typ': having({ typ: undefined }),
      'typ JWT': having({ typ: 'JWT' }),
      'typ application/jwt': having({ typ: 'application/jwt' }),
      'typ null': having({ typ: null }),
      'typ a number': having({ typ: 7 }),
      'typ in an array': having({ typ: ['at+jwt'] }),
      'typ empty': having({ typ: '' }),
      'typ with a space behind': having({ typ: 'at+jwt ' }),
      'typ with a parameter': having({ typ: 'at+jwt;v=1' }),
      'typ of another tree': having({ typ: 'text/at+jwt' }),
      'typ with application/ twice': having({ typ: 'application/application/at+jwt' }),
      'typ with a letter that lower case makes an a of': having({ typ: '\uFF21t+jwt' }),
      'typ with a Kelvin sign in its place': having({ typ: 'at+\u212Awt' }),
    },
    'RFC 8725 §3.11': {
      'typ of a DPoP proof': having({ typ: 'dpop+jwt' }),
      'typ of a logout token': having({ typ: 'logout+jwt' }),
      'typ of a security event': having({ typ: 'secevent+jwt' }),
      'typ of an authorization request': having({ typ: 'oauth-authz-req+jwt' }),
      'typ of an introspection response': having({ typ: 'token-introspection+jwt' }),
      'typ of a client assertion': having({ typ: 'client-authentication+jwt' }),
    },
  }),
];
