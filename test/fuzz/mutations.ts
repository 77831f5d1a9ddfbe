import { encode, payloadOf, sign, type TestKey } from '../support/tokens.ts';
import type { Random } from './random.ts';

/** A valid token, and the key that signed it. */
export interface Seed {
  readonly token: string;
  readonly key: TestKey;
}

/** The values that a mutation can use. */
export interface Material {
  readonly seeds: readonly Seed[];
  /** Keys that no issuer trusts, one for each algorithm. */
  readonly strangers: readonly TestKey[];
  readonly random: Random;
}

/** Makes a token that must be refused, unless the result equals the original token. */
export type Mutation = (seed: Seed, material: Material) => string;

const textOf = (segment: string) => Buffer.from(segment, 'base64url').toString();
const splice = (text: string, at: number, removed: number, put = '') =>
  text.slice(0, at) + put + text.slice(at + removed);

/** Values that replace the value of a member. */
const values = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  2 ** 53,
  0.5,
  '',
  ' ',
  'a',
  'none',
  'ES256',
  '__proto__',
  '\u0000',
  '\uD800',
  [],
  {},
  [null],
  [[]],
  { a: { b: {} } },
  'x'.repeat(5000),
  Array.from({ length: 500 }, () => 0),
]; // prettier-ignore

const members = [
  'alg',
  'typ',
  'kid',
  'crit',
  'b64',
  'jwk',
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'nbf',
  'jti',
  'cnf',
  'x',
];

/** Damages the JSON of a token: sets, removes or repeats one member, or damages the text. */
function damaged(text: string, random: Random): string {
  const name = random.pick([...members, ...Object.keys(JSON.parse(text)), '__proto__', 'constructor']);
  const value = JSON.stringify(random.pick(values));
  switch (random.below(6)) {
    case 0:
      return text.replace('{', `{${JSON.stringify(name)}:${value},`);
    case 1:
      return text.replace(new RegExp(`"${name}":("[^"]*"|[^,}]*)`), `"${name}":${value}`);
    case 2:
      return text.replace(new RegExp(`"${name}":("[^"]*"|[^,}]*),?`), '');
    case 3:
      return splice(
        text,
        random.below(text.length),
        random.below(3),
        random.pick(['{', '}', '[', ']', '"', ',', ':', '\\', '\u0000', '1e999', '\uFEFF']),
      );
    case 4:
      return `${'['.repeat(random.below(3000))}${text}`;
    default:
      return text.slice(0, random.below(text.length));
  }
}

/** Changes to claims and header that make a token invalid, even with a valid signature. */
const fatal: readonly ((random: Random) => { header?: Record<string, unknown>; payload?: Record<string, unknown> })[] =
  [
    (random) => ({
      payload: {
        [random.pick(['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id'])]: random.pick([
          undefined,
          null,
          true,
          '',
          {},
          [],
          [7],
          -1,
        ]),
      },
    }),
    (random) => ({ payload: { exp: random.below(1_700_000_000) } }),
    (random) => ({ payload: { [random.pick(['iat', 'nbf'])]: 1_900_000_000 + random.below(1e9) } }),
    (random) => ({ payload: { cnf: random.pick(values) } }),
    (random) => ({ payload: { aud: random.bytes(8).toString('hex') } }),
    (random) => ({ payload: { scope: random.pick([null, 7, {}, true, [7]]) } }),
    (random) => ({
      header: {
        typ: random.pick([undefined, null, 'JWT', 'dpop+jwt', '', 7, ['at+jwt'], random.bytes(4).toString('hex')]),
      },
    }),
    (random) => ({ header: { crit: random.pick(values) } }),
    (random) => ({ header: { b64: random.pick(values) } }),
    (random) => ({
      header: { alg: random.pick(['none', 'HS256', 'ES256K', '', null, ['ES256'], random.bytes(3).toString('hex')]) },
    }),
    (random) => ({ header: { kid: random.pick([null, 7, {}, '__proto__', random.bytes(5).toString('latin1')]) } }),
  ]; // prettier-ignore

/** The mutations by name. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'a bit of the text': ({ token }, { random }) => {
    const at = random.below(token.length);
    return splice(token, at, 1, String.fromCharCode(token.charCodeAt(at) ^ (1 << random.below(8))));
  },
  'a character of the text': ({ token }, { random }) =>
    splice(
      token,
      random.below(token.length),
      random.below(2),
      String.fromCharCode(random.below(random.pick([128, 256, 65_536]))),
    ),
  'a stretch of the text left out': ({ token }, { random }) => {
    const at = random.below(token.length);
    return splice(token, at, 1 + random.below(token.length - at));
  },
  'a stretch of the text again': ({ token }, { random }) => {
    const at = random.below(token.length);
    return splice(token, random.below(token.length), 0, token.slice(at, at + 1 + random.below(100)));
  },
  'two tokens joined': ({ token }, { seeds, random }) =>
    token.slice(0, random.below(token.length)) + random.pick(seeds).token.slice(random.below(token.length)),
  'segments of two tokens': ({ token }, { seeds, random }) => {
    const own = token.split('.');
    const others = random.pick(seeds).token.split('.');
    return own.map((segment, index) => (random.below(2) ? segment : others[index])).join('.');
  },
  'segments in disorder': ({ token }, { random }) =>
    Array.from({ length: 2 + random.below(4) }, () => random.pick(token.split('.'))).join('.'),
  'a bit of the bytes': ({ token }, { random }) => {
    const segments = token.split('.');
    const part = random.below(3);
    const bytes = Buffer.from(segments[part] ?? '', 'base64url');
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    return segments.with(part, encode(bytes)).join('.');
  },
  'a signature of other bytes': ({ token }, { random }) =>
    splice(
      token,
      token.lastIndexOf('.') + 1,
      token.length,
      encode(random.bytes(random.pick([0, 1, 32, 63, 64, 65, 96, 256, 512]))),
    ),
  'a segment of other bytes': ({ token }, { random }) =>
    token
      .split('.')
      .with(random.below(3), encode(random.bytes(random.below(300))))
      .join('.'),
  'a damaged header': ({ token }, { random }) => {
    const segments = token.split('.');
    return segments.with(0, encode(damaged(textOf(segments[0] ?? ''), random))).join('.');
  },
  'a damaged payload': ({ token }, { random }) => {
    const segments = token.split('.');
    return segments.with(1, encode(damaged(textOf(segments[1] ?? ''), random))).join('.');
  },
  'signed by a stranger': ({ token }, { strangers, random }) => {
    const [header = '', payload = ''] = token.split('.').map(textOf);
    const stranger = random.pick(strangers);
    return sign(stranger, { header: random.below(2) ? header : { kid: JSON.parse(header).kid }, payload });
  },
  'well signed, with a damaged payload': ({ token, key }, { random }) => {
    const [, payload = ''] = token.split('.');
    // The damaged payload may still be valid, but a payload with a repeated member never is.
    const text = damaged(textOf(payload), random);
    return sign(key, { payload: text.replace('{', '{"jti":"again","jti":"again",') });
  },
  'well signed, and never in order': ({ key }, { random }) => {
    const { header = {}, payload = {} } = random.pick(fatal)(random);
    return sign(key, { header, payload: payloadOf(payload) });
  },
};
