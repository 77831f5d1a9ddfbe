import type { IssuerEntry } from '../../../src/config/objects/issuers.ts';
import { makeKey, now, type TestKey } from '../../support/tokens.ts';

type Claims = Readonly<Record<string, unknown>>;

/** A token from the issuer's documentation: header without `alg` and `kid`, and payload. */
interface Example {
  readonly header: Claims;
  readonly payload: Claims;
}

interface Accepted extends Example {
  readonly kind: 'account' | 'application';
  readonly clientId: string | null;
  readonly scopes: readonly string[];
}

/** A real product or service: what it publishes, what it signs, and the configuration for it. */
export interface RealIssuer {
  readonly name: string;
  /** The pages of its documentation that describe these values. */
  readonly documented: readonly [string, ...string[]];
  /** The configuration that src/token/issuers.md states. */
  readonly entry: IssuerEntry;
  readonly key: TestKey;
  /** Its answers by URL. */
  readonly published: Readonly<Record<string, Published>>;
  readonly accepted: Readonly<Record<string, Accepted>>;
  readonly refused: Readonly<Record<string, Example & { readonly reason: RegExp }>>;
}

interface Published {
  readonly body: unknown;
  /** The content type. Default: `application/json`. */
  readonly type?: string;
}

export const rsa: TestKey = makeKey('RS256', 'rsa-1');
export const es256: TestKey = makeKey('ES256', 'p256-1');
export const es384: TestKey = makeKey('ES384', 'p384-1');

export const jwt = { typ: 'JWT' };
export const lifetime = { iat: now, exp: now + 600 };
export const authTime = now - 60;

/** Makes a key set of this key. Besides the key ID and the key material it has only these members. */
export function keySetOf({ publicJwk, kid }: TestKey, members: Claims): { keys: readonly Claims[] } {
  const { alg: _alg, use: _use, kid: _kid, ...numbers } = publicJwk;
  return { keys: [{ kid, ...numbers, ...members }] };
}

/** Removes claims from a payload. */
export function without(payload: Claims, ...names: readonly string[]): Claims {
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !names.includes(name)));
}
