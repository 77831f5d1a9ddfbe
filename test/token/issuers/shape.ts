import type { IssuerEntry } from '../../../src/config/objects/issuers.ts';
import { makeKey, now, type TestKey } from '../../support/tokens.ts';

type Claims = Readonly<Record<string, unknown>>;

/** A token as its issuer documents it: header without `alg` and `kid`, and payload. */
interface Example {
  readonly header: Claims;
  readonly payload: Claims;
}

interface Accepted extends Example {
  readonly kind: 'account' | 'application';
  readonly clientId: string | null;
  readonly scopes: readonly string[];
}

/** A product or service that people really have: what it publishes, what it signs, and what has to be configured for it. */
export interface RealIssuer {
  readonly name: string;
  /** Where its makers describe what is here. */
  readonly documented: readonly [string, ...string[]];
  /** What src/token/issuers.md says to configure. */
  readonly entry: IssuerEntry;
  readonly key: TestKey;
  /** What it answers, by address. */
  readonly published: Readonly<Record<string, Published>>;
  readonly accepted: Readonly<Record<string, Accepted>>;
  readonly refused: Readonly<Record<string, Example & { readonly reason: RegExp }>>;
}

interface Published {
  readonly body: unknown;
  /** Default `application/json`. */
  readonly type?: string;
}

export const rsa: TestKey = makeKey('RS256', 'rsa-1');
export const es256: TestKey = makeKey('ES256', 'p256-1');
export const es384: TestKey = makeKey('ES384', 'p384-1');

export const jwt = { typ: 'JWT' };
export const lifetime = { iat: now, exp: now + 600 };
export const authTime = now - 60;

/** A key set with this one key, and beside its numbers nothing but what is said. */
export function keySetOf({ publicJwk, kid }: TestKey, members: Claims): { keys: readonly Claims[] } {
  const { alg: _alg, use: _use, kid: _kid, ...numbers } = publicJwk;
  return { keys: [{ kid, ...numbers, ...members }] };
}

/** A payload without some of its claims. */
export function without(payload: Claims, ...names: readonly string[]): Claims {
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !names.includes(name)));
}
