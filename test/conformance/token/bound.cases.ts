import { sign } from '../../support/tokens.ts';
import { accepted, oversized, refused, type TokenCase } from './case.ts';
import { type Claims, claimsOf, keys, ofOther, withClaims, type World } from './world.ts';

const having = (claims: Claims) => (world: World) => withClaims(world, claims);
/** Makes a token with this JSON member before its claims. */
const member =
  (text: string, claims: Claims = {}) =>
  (world: World) =>
    sign(keys.es256, { payload: JSON.stringify(claimsOf(world, claims)).replace('{', `{${text},`) });

const scopes = (count: number) => Array.from({ length: count }, (_, index) => `s:${index}`);
const nested = (depth: number, open = '[', close = ']') => `${open.repeat(depth)}0${close.repeat(depth)}`;

/** sizes, depths, and names with a special meaning in JavaScript. A-15: roles. */
export const boundCases: readonly TokenCase[] = [
  ...oversized('A-13', {
    'RFC 8725 §3.11': {
      'a token of 20 kB': having({ x: 'x'.repeat(15_000) }),
      'a token of 100 kB': having({ x: 'x'.repeat(75_000) }),
      'ten thousand scopes': having({ scope: scopes(10_000).join(' ') }),
      'a hundred thousand brackets': member(`"x":${nested(50_000)}`),
      'a signature of 100 kB': (world) => `${withClaims(world, {})}${'A'.repeat(100_000)}`,
      'a hundred thousand dots': () => '.'.repeat(100_000),
    },
  }),
  ...refused('A-13', /payload is not/, {
    'RFC 8259 §9': {
      'nested 33 deep': member(`"x":${nested(32)}`),
      'nested 3,000 deep in arrays': member(`"x":${nested(3_000)}`),
      'nested 1,000 deep in objects': member(`"x":${nested(1_000, '{"a":', '}')}`),
    },
  }),
  ...refused('A-13', /client_id/, {
    'ECMA-262 §20.1.3': {
      'client_id in __proto__ alone': member('"__proto__":{"client_id":"eve"}', { client_id: undefined }),
      'client_id in constructor alone': member('"constructor":{"client_id":"eve"}', { client_id: undefined }),
    },
  }),
  ...accepted('A-13', {
    'RFC 8259 §9': { 'nested 32 deep': member(`"x":${nested(31)}`) },
    'RFC 7519 §4': {
      'two hundred claims': member(Array.from({ length: 200 }, (_, index) => `"x${index}":${index}`).join()),
    },
    'ECMA-262 §20.1.3': {
      'a claim __proto__': member('"__proto__":{"scope":"admin","sub":"eve","cnf":1}'),
      'a claim constructor': member('"constructor":{"prototype":{"scope":"admin"}}'),
      'a claim toString': member('"toString":null'),
      'a claim hasOwnProperty': member('"hasOwnProperty":false'),
      'a claim toJSON': member('"toJSON":"x"'),
      'a claim then': member('"then":{"then":1}'),
    },
  }),
  ...accepted(
    'A-13',
    { 'RFC 6749 §3.3': { 'five hundred scopes': having({ scope: scopes(500).join(' ') }) } },
    { scopes: scopes(500).toSorted() },
  ),
  ...accepted(
    'A-13',
    { 'RFC 6749 §3.3': { 'scopes __proto__ and constructor': having({ scope: '__proto__ constructor' }) } },
    { scopes: ['__proto__', 'constructor'] },
  ),
  ...accepted('A-15', {
    'RFC 9068 §2.2.3.1': {
      'roles are not scopes': having({ roles: ['admin', 'accounts'] }),
      'groups are not scopes': having({ groups: ['admin', 'accounts'] }),
      'entitlements are not scopes': having({ entitlements: ['admin', 'accounts'] }),
      'roles of Keycloak are not scopes': having({
        realm_access: { roles: ['admin'] },
        resource_access: { a: { roles: ['admin'] } },
      }),
      'groups of Cognito are not scopes': having({ 'cognito:groups': ['admin'] }),
      'a role as a string is not a scope': having({ role: 'admin', group: 'admin' }),
    },
  }),
  ...accepted(
    'A-15',
    {
      'RFC 9068 §2.2.3.1': {
        'a group that is in the table of its issuer': (world) => ofOther(world, { groups: ['clerks'] }),
        'a group in the table, as text': (world) => ofOther(world, { groups: 'clerks' }),
        'a group in the table, among others': (world) => ofOther(world, { groups: ['admin', 'clerks', 'clerks'] }),
      },
    },
    { scopes: ['orders:read', 'orders:write', 'profile'] },
  ),
  ...accepted('A-15', {
    'RFC 9068 §2.2.3.1': {
      'a group that is not in the table': (world) => ofOther(world, { groups: ['admin'] }),
      'a group in another case': (world) => ofOther(world, { groups: ['CLERKS'] }),
      'a group __proto__, constructor or toString': (world) =>
        ofOther(world, { groups: ['__proto__', 'constructor', 'toString'] }),
      'a group of the table in a claim that is not': (world) => ofOther(world, { roles: ['clerks'] }),
      "a group of the other issuer's table, from the issuer without a table": having({ groups: ['clerks'] }),
    },
  }),
];
