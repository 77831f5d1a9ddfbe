import assert from 'node:assert/strict';
import { constants, generateKeyPairSync, type KeyObject, randomUUID, sign as signBytes } from 'node:crypto';
import type { JSONWebKeySet, JWK } from 'jose';
import { ClaimgateError, type ErrorCode } from '../../src/errors.ts';
import type { VerifiedPrincipal } from '../../src/principal.ts';
import type { RequestTarget } from '../../src/token/credential/credential.ts';
import type { IssuerOptions } from '../../src/token/issuers/issuer.ts';
import { localKeys } from '../../src/issuer/key-source.ts';
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

type KeyPair = Pick<TestKey, 'publicKey' | 'privateKey'>;
const rsa = (): KeyPair => generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = (): KeyPair => generateKeyPairSync('ed25519');

/** How a key of each algorithm is made. */
const makers = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  EdDSA: ed25519,
  Ed25519: ed25519,
} satisfies Record<string, () => KeyPair>;

/** The algorithms that keys are made for here. */
export type TestAlgorithm = keyof typeof makers;

/** Makes a key pair for one algorithm: ES256 unless another is named. */
export function makeKey(alg: TestAlgorithm = 'ES256', kid: string = randomUUID()): TestKey {
  const { publicKey, privateKey } = makers[alg]();
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

/** A part of a token: an object is written as JSON, text and bytes stand as they are. */
type Part = string | Uint8Array | Readonly<Record<string, unknown>>;

export interface Parts {
  readonly header?: Part;
  readonly payload?: Part;
}

/** Signs whatever it is told to, with a header of the key's own algorithm and ID unless a whole text is given. */
export function sign(key: TestKey, { header = {}, payload = payloadOf() }: Parts = {}): string {
  const whole = typeof header === 'string' || header instanceof Uint8Array;
  const wholeHeader = whole ? header : { alg: key.alg, typ: 'at+jwt', kid: key.kid, ...header };
  const input = `${encode(wholeHeader)}.${encode(payload)}`;
  return `${input}.${signature(key, input)}`;
}

/** The signature of any text by the key's own algorithm, in base64url. */
export function signature({ alg, privateKey }: TestKey, input: string): string {
  const bytes = Buffer.from(input);
  if (alg.startsWith('Ed')) return signBytes(null, bytes, privateKey).toString('base64url');
  const padding = alg.startsWith('PS') && {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363', ...padding } as const;
  return signBytes(`sha${alg.slice(2)}`, bytes, key).toString('base64url');
}

/** A segment of a token. */
export function encode(part: Part): string {
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

/** The request that a token is sent with, here: only a proof is about it (RFC 9449 §4.2). */
export const target: RequestTarget = { method: 'POST', url: audience };

/** Verifies tokens that are sent as bearer tokens. */
export interface BearerVerifier {
  /** Rejects where the verifier throws. */
  verify(token: string): Promise<VerifiedPrincipal>;
}

/** Sends a verifier nothing but bearer tokens. */
export function bearing(verifier: Verifier): BearerVerifier {
  return { verify: async (token) => verifier.verify({ scheme: 'Bearer', token }, target) };
}

/** A verifier of one issuer, living at `now` unless a clock (in milliseconds) is given. */
export function verifierOf(issuerOptions: IssuerOptions, clock: () => number = () => now * 1000): BearerVerifier {
  return bearing(createVerifier({ issuers: [issuerOptions], clock }));
}

/** Asserts that a token is refused with a code, and that neither message nor evidence holds a part of it. */
export async function assertRefused(
  verifier: BearerVerifier,
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
  assertUntold(token, error.message + JSON.stringify(error.evidence));
}

/** Asserts that a text holds no part of a token that is long enough to be told from chance. */
export function assertUntold(token: string, shown: string): void {
  for (const segment of token.split('.')) {
    assert.ok(segment.length < 8 || !shown.includes(segment), 'a part of the token is told');
  }
}
