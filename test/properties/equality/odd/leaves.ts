import { GraphQLError } from 'graphql';
import { createContext, runInContext } from 'node:vm';

/** Another realm, whose objects and errors are instances of other classes. */
const realm = createContext();

const texts = [
  '',
  'a',
  'quo"te',
  'back\\slash',
  '\u0000\u001f\u007f',
  '\ud800',
  'é\u2028😀',
  '__proto__',
  'x'.repeat(60),
];

/** Returns a function that throws. */
const broken = (what: string) => () => {
  throw new Error(`${what} broke`);
};

/** An object whose members throw when they are read. */
const throwing = (...names: readonly string[]): object =>
  Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, { get: broken(name), enumerable: true }])));

class Thing {
  own = 1;
  get inherited(): string {
    return 'inherited';
  }
  toString(): string {
    return 'a thing';
  }
}

const revoked = (target: object): object => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};

const cyclic = (): object => {
  const made: Record<string, unknown> = { a: 1 };
  made['self'] = made;
  return made;
};

/** Values that `JSON.stringify` refuses, so that the whole answer fails. They are rare. */
const unwritable: readonly (() => unknown)[] = [
  () => 10n,
  () => Object(10n) as unknown,
  cyclic,
  () => throwing('a'),
  () => throwing('toJSON'),
  () => ({ toJSON: broken('toJSON') }),
  () => revoked({}),
  () => revoked([]),
  () => ({ inside: [cyclic()] }),
];

const leaves: readonly (() => unknown)[] = [
  ...texts.map((text) => () => text),
  () => 0,
  () => -0,
  () => 7,
  () => 2 ** 31,
  () => 2 ** 53,
  () => 1e21,
  () => 1.5,
  () => Number.NaN,
  () => -Infinity,
  () => true,
  () => false,
  () => 'RED',
  () => new Date(0),
  () => new Date(Number.NaN),
  () => ({ toJSON: (key: string) => `key ${key}` }),
  () => ({ toJSON: () => undefined }),
  () => ({ toJSON: 'not a function' }),
  () => ({ valueOf: () => 'of' }),
  () => ({ valueOf: broken('valueOf') }),
  () => ({ toString: () => 'string' }),
  () => ({ valueOf: () => ({}), toString: broken('toString') }),
  () => ({ a: [undefined, () => 1, Symbol('s')], b: undefined, c: { d: -0 } }),
  () => [1, [2]],
  // oxlint-disable-next-line no-sparse-arrays -- a resolver may return one.
  () => [1, , 3],
  () => Symbol('odd'),
  () => () => 'called',
  () => function named() {},
  () => new Map([[1, 2]]),
  () => Object.create(null) as unknown,
  () => Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }) as unknown,
  () => new Thing(),
  () => new String('boxed'),
  () => new Number(-0),
  () => new Boolean(false),
  () => Object(Symbol('boxed')) as unknown,
  () => /odd/g,
  () => new Uint8Array([1, 2]),
  () =>
    new Proxy(
      { a: 1 },
      {
        ownKeys: () => ['a', 'b'],
        getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true, writable: true }),
      },
    ),
  () => new Proxy([1, 2], {}),
  () => Object.freeze({ frozen: true }),
  () => runInContext('({ of: ["another", "realm"] })', realm) as unknown,
  () => new WeakMap(),
  () => globalThis.process.hrtime,
];

/** Returns a value of a scalar or an enum. Most of them are wrong for most types. */
export function leafOf(random: number): unknown {
  if (random % 97 === 0) return unwritable[(random >>> 7) % unwritable.length]?.();
  return leaves[random % leaves.length]?.();
}

const shared = new Error('one error for many fields');

class OwnError extends Error {
  override readonly name = 'OwnError';
  readonly extensions = { code: 'OWN', at: new Date(0) };
}

const withMembers = (members: object): Error => Object.assign(new Error('has members'), members);

const reasons: readonly (() => unknown)[] = [
  () => new Error('broke'),
  () => 'text',
  () => undefined,
  () => null,
  () => new GraphQLError('said', { extensions: { code: 'X' } }),
  () => 7,
  () => 10n,
  () => Symbol('thrown'),
  () => () => 'thrown',
  () => shared,
  () => new OwnError('own'),
  () => Object.freeze(new Error('frozen')),
  () => new TypeError('', { cause: new Error('inside') }),
  () => new AggregateError([new Error('one')], 'several'),
  () => runInContext('new Error("of another realm")', realm) as unknown,
  () => Object.create(null) as unknown,
  () => ({ message: 'like an error', stack: 'a stack' }),
  () => ({ toJSON: broken('toJSON') }),
  () => ({ toJSON: () => 'of toJSON' }),
  () => cyclic(),
  () => revoked({}),
  () => revoked(new Error('revoked')),
  () => new Proxy(new Error('behind a proxy'), {}),
  () => Promise.resolve('a promise'),
  () => Object.defineProperty(new Error('own'), 'message', { get: broken('message') }),
  () => Object.defineProperty(new Error('own'), 'extensions', { get: broken('extensions') }),
  () => Object.defineProperty(new Error('own'), 'path', { get: broken('path') }),
  () => withMembers({ path: ['elsewhere', 3] }),
  () => withMembers({ path: 'not a list' }),
  () => withMembers({ nodes: [] }),
  () => withMembers({ nodes: 'not nodes' }),
  () => withMembers({ extensions: 'a text' }),
  () => withMembers({ extensions: { code: 7, big: [1] } }),
  () => withMembers({ extensions: { code: null } }),
  () => withMembers({ extensions: new Map([['code', 'MAP']]) }),
  () => withMembers({ extensions: { http: { status: 418, headers: new Map([['X-Odd', 'a']]) } } }),
  () => withMembers({ extensions: { http: { status: 'odd' } } }),
  () => withMembers({ extensions: { toJSON: () => ({ code: 'J' }) } }),
  () => withMembers({ originalError: new Error('original') }),
  () => withMembers({ toJSON: () => 'an error as a text' }),
  () => new GraphQLError('with a path', { path: ['given', 0] }),
  () => new GraphQLError('with an original', { originalError: withMembers({ extensions: { code: 'ORIGINAL' } }) }),
  () => new GraphQLError('Variable "$i" got invalid value 3'),
];

const unwritableReasons: readonly (() => unknown)[] = [
  () => withMembers({ extensions: { big: 10n } }),
  () => withMembers({ extensions: cyclic() }),
  () => new GraphQLError('said', { extensions: { code: 'X', bad: throwing('a') } }),
];

/** Returns what a resolver throws, or with what its promise rejects. */
export function reasonOf(random: number): unknown {
  if (random % 31 === 0) return unwritableReasons[(random >>> 5) % unwritableReasons.length]?.();
  return reasons[random % reasons.length]?.();
}
