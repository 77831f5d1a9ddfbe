import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, randomUUID, sign as signBytes } from 'node:crypto';
import type { JSONWebKeySet, JWK } from 'jose';
import { ClaimgateError, type ErrorCode } from '../../src/errors.ts';
import { localKeys } from '../../src/token/keys.ts';
import type { IssuerOptions } from '../../src/token/issuer.ts';
import { createVerifier, type Verifier } from '../../src/token/verify.ts';

/** The issuer and the audience of every token here, unless a test says otherwise. */
export const issuer = 'https://issuer.example';
export const audience = 'https://api.example/graphql';
/** The present of every verifier here, in seconds since the epoch. */
export const now = 1_800_000_000;

export interface TestKey {
  readonly alg: string;
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly publicJwk: JWK;
}

/** Makes a key pair for one algorithm: ES256 unless another is named. */
export function makeKey(alg: 'ES256' | 'RS256' | 'PS256' | 'EdDSA' = 'ES256', kid: string = randomUUID()): TestKey {
  const { publicKey, privateKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : alg === 'EdDSA'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    alg,
    kid,
    publicKey,
    privateKey,
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' },
  };
}

export function keySet(...keys: readonly TestKey[]): JSONWebKeySet {
  return { keys: keys.map(({ publicJwk }) => publicJwk) };
}

/** The payload of a good access token; a change to `undefined` leaves the claim out. */
export function payloadOf(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const payload = {
    iss: issuer,
    sub: 'ada',
    aud: audience,
    exp: now + 600,
    iat: now,
    jti: 'token-1',
    client_id: 'a-client',
    scope: 'profile orders:read',
  };
  return { ...payload, ...changes };
}

/** The parts of a token: an object is written as JSON, a string stands as it is. */
export interface Parts {
  readonly header?: string | Readonly<Record<string, unknown>>;
  readonly payload?: string | Readonly<Record<string, unknown>>;
}

/** Signs whatever it is told to, with a header of the key's own algorithm and ID unless a whole text is given. */
export function sign(key: TestKey, { header = {}, payload = payloadOf() }: Parts = {}): string {
  const wholeHeader = typeof header === 'string' ? header : { alg: key.alg, typ: 'at+jwt', kid: key.kid, ...header };
  const input = `${encode(wholeHeader)}.${encode(payload)}`;
  return `${input}.${signature(key, input)}`;
}

/** The signature of any text, in base64url. */
export function signature(key: TestKey, input: string): string {
  const bytes = Buffer.from(input);
  if (key.alg === 'EdDSA') return signBytes(null, bytes, key.privateKey).toString('base64url');
  const padding = key.alg === 'PS256' ? { padding: 6, saltLength: 32 } : {};
  return signBytes('sha256', bytes, { key: key.privateKey, dsaEncoding: 'ieee-p1363', ...padding }).toString(
    'base64url',
  );
}

/** A segment of a token. */
export function encode(part: string | Uint8Array | Readonly<Record<string, unknown>>): string {
  const bytes = typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part);
  return Buffer.from(bytes).toString('base64url');
}

/** The options of an issuer with the given keys, primary and accepting their algorithms. */
export function issuerOf(keys: readonly TestKey[], changes: Partial<IssuerOptions> = {}): IssuerOptions {
  const set = keySet(...keys);
  return {
    issuer,
    audience: [audience],
    algorithms: [...new Set(keys.map(({ alg }) => alg))],
    keys: localKeys(() => set),
    primary: true,
    ...changes,
  };
}

/** A verifier of one issuer, living at `now` unless a clock (in milliseconds) is given. */
export function verifierOf(issuerOptions: IssuerOptions, clock: () => number = () => now * 1000): Verifier {
  return createVerifier({ issuers: [issuerOptions], clock });
}

/** Asserts that a token is refused with a code, and that neither message nor evidence holds a part of it. */
export async function assertRefused(
  verifier: Verifier,
  token: string,
  reason: RegExp = /./,
  code: ErrorCode = 'INVALID_TOKEN',
): Promise<void> {
  const error = await verifier.verify(token).then(
    () => assert.fail('the token was accepted'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof ClaimgateError, `expected a ClaimgateError, got ${String(error)}`);
  assert.equal(error.code, code, String(error.cause));
  assert.match(error.message, reason);
  const shown = error.message + JSON.stringify(error.evidence);
  for (const segment of token.split('.')) assert.ok(segment.length < 8 || !shown.includes(segment));
}
