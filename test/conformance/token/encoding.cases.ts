import { encode, sign } from '../../support/tokens.ts';
import { accepted, malformed, refused, type TokenCase, unsendable } from './case.ts';
import { type Claims, claimsOf, keys, withClaims, type World } from './world.ts';

const { es256 } = keys;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

type Spell = (header: string, payload: string, signature: string) => string;

/** Spells a valid token in another way. */
function spelled(spell: Spell, claims: (world: World) => Claims = () => ({})): (world: World) => string {
  return (world) => {
    const [header = '', payload = '', signature = ''] = withClaims(world, claims(world)).split('.');
    return spell(header, payload, signature);
  };
}

/** Claims that give the payload a length with unused bits in its last base64url character. */
function uneven(world: World): Claims {
  const length = JSON.stringify(claimsOf(world, { x: '' })).length;
  return { x: 'x'.repeat(length % 3 === 0 ? 1 : 0) };
}

/** Sets an unused bit in the last character. The decoded bytes stay the same. */
function loose(segment: string): string {
  return segment.slice(0, -1) + alphabet[alphabet.indexOf(segment.at(-1) ?? '') + 1];
}

/** Claims whose base64url contains `-` and `_`, which the standard alphabet writes differently. */
const telling = () => ({ x: '?>~???>>>~~~' });
const standard = (segment: string) => segment.replaceAll('-', '+').replaceAll('_', '/');

/** Signs a payload with this text. */
const payload = (text: (claims: string) => string) => (world: World) =>
  sign(es256, { payload: text(JSON.stringify(claimsOf(world))) });
/** Signs a payload with these bytes. */
const bytes = (text: (claims: string) => string, encoding: BufferEncoding) => (world: World) =>
  sign(es256, { payload: Buffer.from(text(JSON.stringify(claimsOf(world))), encoding) });
/** Signs a payload with another member before the claims. */
const member = (text: string) => payload((claims) => claims.replace('{', `{${text},`));
/** Signs a token whose header is this text. */
const header = (text: string) => (world: World) => sign(es256, { header: text, payload: claimsOf(world) });

const three = /three base64url segments/;

/** segments, base64url, JSON, and other formats that are called tokens. */
export const encodingCases: readonly TokenCase[] = [
  ...refused('A-6', three, {
    'RFC 7515 §3.1': {
      'two segments': spelled((header, payload) => `${header}.${payload}`),
      'four segments': spelled((...segments) => `${segments.join('.')}.AAAA`),
      'a dot behind': spelled((...segments) => `${segments.join('.')}.`),
      'a dot in front': spelled((...segments) => `.${segments.join('.')}`),
      'no header': spelled((_, payload, signature) => `.${payload}.${signature}`),
      'no payload': spelled((header, _, signature) => `${header}..${signature}`),
      'dots alone': () => '..',
      'one word': () => 'token',
      'ten thousand dots': () => '.'.repeat(10_000),
    },
    'RFC 7516 §3.1': {
      'a JWE': () => `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM', typ: 'at+jwt' })}.AAAA.AAAA.AAAA.AAAA`,
      'a JWE with a nested token (cty JWT)': () =>
        `${encode({ alg: 'dir', enc: 'A256GCM', typ: 'at+jwt', cty: 'JWT' })}..AAAA.AAAA.AAAA`,
    },
    'RFC 7515 §2': {
      'padding behind': spelled((...segments) => `${segments.join('.')}==`),
      'a signature of one character, which is not base64url': spelled((header, payload) => `${header}.${payload}.A`),
      'a signature in the standard alphabet': spelled(
        (header, payload) => `${header}.${payload}.${Buffer.alloc(64, 0xff).toString('base64').replaceAll('=', '')}`,
      ),
      'a payload in the standard alphabet': spelled(
        (header, payload, signature) => `${header}.${standard(payload)}.${signature}`,
        telling,
      ),
      'a tilde in the signature': spelled((header, payload, signature) => `${header}.${payload}.${signature}~`),
    },
    'RFC 4648 §3.5': {
      'unused bits set in the signature': spelled((header, payload, signature) =>
        [header, payload, loose(signature)].join('.'),
      ),
      'unused bits set in the payload': spelled(
        (header, payload, signature) => [header, loose(payload), signature].join('.'),
        uneven,
      ),
    },
  }),
  ...malformed('A-6', three, {
    'RFC 7515 §2': {
      'padding within': spelled((header, payload, signature) => `${header}=.${payload}.${signature}`),
      'a space within': spelled((header, payload, signature) => `${header}. ${payload}.${signature}`),
      'a tab within': spelled((header, payload, signature) => `${header}.\t${payload}.${signature}`),
      'an escaped dot': spelled((header, payload, signature) => `${header}%2E${payload}.${signature}`),
      'quotes around': spelled((...segments) => `"${segments.join('.')}"`),
      'a comma and another token behind': spelled((...segments) => `${segments.join('.')},${segments.join('.')}`),
      'a semicolon behind': spelled((...segments) => `${segments.join('.')};`),
      'characters of Latin-1': spelled((header, payload) => `${header}.${payload}.\u00e4\u00f6`),
    },
    'RFC 7515 §7.2': {
      'the flattened JSON serialization': spelled((header, payload, signature) =>
        JSON.stringify({ protected: header, payload, signature }),
      ),
      'the general JSON serialization': spelled((header, payload, signature) =>
        JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
      ),
    },
    'RFC 6750 §2.1': { nothing: () => '' },
  }),
  ...unsendable('A-6', three, {
    'RFC 7515 §2': {
      'a line break within': spelled((header, payload, signature) => `${header}.\n${payload}.${signature}`),
      'a line break behind': spelled((...segments) => `${segments.join('.')}\r\n`),
      'a null character behind': spelled((...segments) => `${segments.join('.')}\u0000`),
      'characters beyond Latin-1': spelled((header, payload) => `${header}.${payload}.\u{1F511}`),
      'half a surrogate pair': spelled((header, payload) => `${header}.${payload}.\uD83D`),
    },
  }),
  ...refused('A-6', /payload is not/, {
    'RFC 7515 §4, RFC 7519 §4': {
      'a claim twice': member('"sub":"eve"'),
      'a claim twice, the same': member('"sub":"ada"'),
      'a claim twice, once in escapes': member(String.raw`"\u0073ub":"eve"`),
      'a claim twice, a space before its colon': member('"sub" : "eve"'),
      'a member twice, deep inside': member('"x":[{"y":{"a":1,"a":1}}]'),
      '__proto__ twice': member('"__proto__":1,"__proto__":2'),
    },
    'RFC 7519 §7.2': {
      'a nested JWT': (world) => sign(es256, { payload: withClaims(world, {}) }),
      'a nested JWT as JSON': (world) => sign(es256, { payload: JSON.stringify(withClaims(world, {})) }),
      'an array': payload((claims) => `[${claims}]`),
      'a payload null': payload(() => 'null'),
      'a payload of text': payload(() => '"text"'),
      'a payload of a number': payload(() => '7'),
      'a payload of a space': payload(() => ' '),
      'claims as a form': payload(() => 'iss=a&sub=ada'),
    },
    'RFC 8259 §2': {
      'a comment': payload((claims) => claims.replace('{', '{/**/')),
      'a comma behind the last claim': payload((claims) => claims.replace(/}$/, ',}')),
      'something behind the object': payload((claims) => `${claims}{}`),
      'single quotes': payload((claims) => claims.replaceAll('"', "'")),
      'half an object': payload((claims) => claims.slice(0, -1)),
      'a bare line break in a string': member('"x":"\n"'),
      'an unknown escape': member(String.raw`"x":"\x41"`),
      'a number with a plus': member('"x":+1'),
      'a number in hexadecimals': member('"x":0x1'),
    },
    'RFC 8259 §8.1': {
      'a byte order mark': payload((claims) => `\uFEFF${claims}`),
      'UTF-16': bytes((claims) => claims, 'utf16le'),
      'Latin-1': bytes((claims) => claims.replace('ada', 'ad\u00e4'), 'latin1'),
    },
    'RFC 3629 §3': {
      'an overlong quote': bytes((claims) => claims.replace('ada', 'a\u00c0\u00a2'), 'latin1'),
      'a surrogate in UTF-8': bytes((claims) => claims.replace('ada', '\u00ed\u00a0\u0080'), 'latin1'),
    },
  }),
  ...refused('A-6', /header is not/, {
    'RFC 7515 §4': {
      'alg twice': header('{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"es256"}'),
      'alg twice, once in escapes': header(String.raw`{"alg":"ES256","\u0061lg":"none","typ":"at+jwt","kid":"es256"}`),
      'kid twice': header('{"alg":"ES256","typ":"at+jwt","kid":"stranger","kid":"es256"}'),
      'a header that is an array': header('["ES256"]'),
      'a header null': header('null'),
      'a header of text': header('"ES256"'),
      'a header that is not JSON': header('alg: ES256'),
      'a header with a byte order mark': header('\uFEFF{"alg":"ES256","typ":"at+jwt","kid":"es256"}'),
    },
  }),
  ...refused('A-6', /algorithm/, {
    'RFC 7515 §4': {
      'an empty header': header('{}'),
      'alg in __proto__ alone': header('{"__proto__":{"alg":"ES256"},"typ":"at+jwt","kid":"es256"}'),
    },
  }),
  ...accepted('A-6', {
    'RFC 8259 §2': {
      'white space between the claims': (world) => sign(es256, { payload: JSON.stringify(claimsOf(world), null, 2) }),
      'white space around the header': header(' {"alg":"ES256","typ":"at+jwt","kid":"es256"}\n'),
    },
    'RFC 8259 §7': {
      'brackets and quotes in a string': member(String.raw`"x":"{\"sub\":[{\\","y":"}]"`),
      'names in escapes': payload((claims) => claims.replace('"jti"', String.raw`"\u006ati"`)),
    },
    'RFC 8259 §4': {
      'one name in two objects': member('"x":{"a":1},"y":[{"a":1},{"a":1}],"a":1'),
      'a value that equals a name': member('"x":"sub","y":["sub","sub"]'),
    },
  }),
];
