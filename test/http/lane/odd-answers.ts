import { GraphQLError } from 'graphql';
import { ClaimgateError } from '../../../src/errors.ts';

const circular: Record<string, unknown> = {};
circular['self'] = circular;

class TeamError extends Error {
  override readonly name = 'TeamError';
  readonly extensions: Record<string, unknown>;
  constructor(message: string, extensions: Record<string, unknown>) {
    super(message);
    this.extensions = extensions;
  }
}

const withHttp = (http: unknown, code = 'TEAPOT') => new GraphQLError('said', { extensions: { code, http } });
const withHeaders = (...headers: readonly (readonly [string, string])[]) => withHttp({ headers: new Map(headers) });

/** What a resolver throws, by what is special about it. */
export const faults: Readonly<Record<string, () => unknown>> = {
  ...Object.fromEntries(
    [0, 200, 204, 205, 299, 304, 401, 403, 418, 429, 500, 503, 599, 600, 999, 1000, -1, 1.5, NaN, '418', null].map(
      (status) => [`status ${String(status)}`, () => withHttp({ status })],
    ),
  ),
  'status and headers': () => withHttp({ status: 429, headers: new Map([['retry-after', '7']]) }),
  'headers as an object': () => withHttp({ headers: { 'x-a': 'b' } }),
  'http as a text': () => withHttp('x'),
  ...Object.fromEntries(
    [
      ['x-a', 'b'],
      ['X-Upper', 'b'],
      ['x-a', 'b\r\nx-injected: c'],
      ['x-a', '\u00e9'],
      ['x-a', '\u{1f600}'],
      ['x-a', ''],
      ['', 'b'],
      ['x a', 'b'],
      ['x-a:', 'b'],
      ['set-cookie', 'a=b'],
      ['vary', 'X-Team'],
      ['cache-control', 'max-age=60'],
      ['content-type', 'text/html'],
      ['content-type', ''],
      ['content-length', '3'],
      ['content-length', '9999'],
      ['connection', 'close'],
      ['content-security-policy', "default-src 'self'"],
      ['x-request-id', 'chosen'],
      ['x-frame-options', 'ALLOW'],
      ['x-content-type-options', 'sniff'],
      ['referrer-policy', 'unsafe-url'],
      ['access-control-allow-origin', '*'],
      ['date', 'never'],
      ['www-authenticate', 'Bearer'],
      ['retry-after', '7'],
      ['keep-alive', 'timeout=1'],
      ['trailer', 'x-t'],
      ['constructor', 'b'],
      ['__proto__', 'b'],
    ].map(([name = '', value = '']) => [
      `the header ${JSON.stringify(name)} with ${JSON.stringify(value)}`,
      () => withHeaders([name, value]),
    ]),
  ),
  'two headers of one name': () => withHeaders(['x-a', 'b'], ['X-A', 'c']),
  'a BigInt in an extension': () => new GraphQLError('said', { extensions: { code: 'X', big: 1n } }),
  'a circle in an extension': () => new GraphQLError('said', { extensions: { code: 'X', circular } }),
  'a toJSON that throws': () =>
    new GraphQLError('said', {
      extensions: {
        code: 'X',
        odd: {
          toJSON() {
            throw new Error('not written');
          },
        },
      },
    }),
  'odd values in extensions': () =>
    new GraphQLError('said', {
      extensions: { code: 'X', a: undefined, b: Symbol('x'), c: () => 1, d: Number.NaN, e: new Date(0) },
    }),
  ...Object.fromEntries(
    [
      'INTERNAL_SERVER_ERROR',
      'UNAUTHENTICATED',
      'FORBIDDEN',
      'BAD_USER_INPUT',
      'KEYS_UNAVAILABLE',
      'DATABASE_UNAVAILABLE',
      '',
      7,
      null,
      {},
    ].map((code) => [`the code ${JSON.stringify(code)}`, () => new GraphQLError('said', { extensions: { code } })]),
  ),
  'an error of this server': () => new ClaimgateError('FORBIDDEN', 'said'),
  'an error that says that the database is away': () => new ClaimgateError('DATABASE_UNAVAILABLE', 'said'),
  'an error with extensions of its own': () => new TeamError('said', { code: 'TEAM', http: { status: 418 } }),
  'a message about a variable': () => new Error('Variable "$t" got invalid value 1; it broke'),
  'an error with its own place': () => new GraphQLError('said', { path: ['elsewhere', 3] }),
  'an error without a message': () => new Error(),
  'a long message': () => new Error('x'.repeat(100_000)),
  'a message with odd letters': () => new GraphQLError('\ud800 \u2028 é 😀 </script>', { extensions: { code: 'X' } }),
  'an AggregateError': () => new AggregateError([new Error('a')], 'several'),
  'a DOMException': () => new DOMException('aborted', 'AbortError'),
  'a frozen error': () => Object.freeze(new Error('it froze')),
  'an error whose message throws': () =>
    Object.defineProperty(new Error('x'), 'message', {
      get() {
        throw new Error('no message');
      },
    }),
  'an error whose extensions throw': () =>
    Object.defineProperty(new Error('x'), 'extensions', {
      get() {
        throw new Error('no extensions');
      },
    }),
  'a revoked proxy': () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  'a text': () => 'text',
  undefined: () => undefined,
  null: () => null,
  'a symbol': () => Symbol('x'),
  'an object without a prototype': () => Object.create(null) as unknown,
};

/** Values of a scalar that is written as it is. */
export const values: Readonly<Record<string, () => unknown>> = {
  'a BigInt': () => 1n,
  'a circle': () => circular,
  'a toJSON that throws': () => ({
    toJSON() {
      throw new Error('not written');
    },
  }),
  'a toJSON that throws no error': () => ({
    toJSON() {
      // oxlint-disable-next-line only-throw-error -- a resolver may throw anything.
      throw 'text';
    },
  }),
  'a deep object': () => JSON.parse(`${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`) as unknown,
  'a getter that throws': () => ({
    get a() {
      throw new Error('not read');
    },
  }),
  'odd numbers': () => [Number.NaN, Infinity, -0, 1e21, 5e-324, 2 ** 53],
  'odd texts': () => ['\ud800', '\u2028', '"', '\\', '\u0000', '</script>'],
  'nothing to write': () => () => 1,
  'own __proto__': () => JSON.parse('{"__proto__":1,"constructor":2}') as unknown,
  'a large text': () => 'é'.repeat(300_000),
};
