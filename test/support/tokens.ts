import assert from 'node:assert/strict';
import { constants, generateKeyPairSync, type KeyObject, randomUUID, sign as signBytes } from 'node:crypto';
import type { JSONWebKeySet, JWK } from 'jose';
import { ClaimgateError, type ErrorCode } from '../../src/errors.ts';
import type { VerifiedPrincipal } from '../../src/principal.ts';
import type { RequestTarget } from '../../src/token/credential/credential.ts';
import type { IssuerOptions } from '../../src/token/issuers/options.ts';
import { localKeys } from '../../src/issuer/key-source.ts';
import { createVerifier, type Verifier } from '../../src/token/verify.ts';

/** The default issuer and audience of the tokens of these functions. */
export const issuer = 'https://issuer.example';
export const audience = 'https://api.example/graphql';
/** The default present time of verifiers, in seconds since the epoch. */
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

/** The functions that make a key for each algorithm. */
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

/** The algorithms for which `makeKey` makes keys. */
export type TestAlgorithm = keyof typeof makers;

/** Makes a key pair for one algorithm. */
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

/** Returns the payload of a valid access token with changes. The value `undefined` removes a claim. */
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

/** A part of a token. An object is written as JSON. Text and bytes are written unchanged. */
type Part = string | Uint8Array | Readonly<Record<string, unknown>>;

export interface Parts {
  readonly header?: Part;
  readonly payload?: Part;
}

/** Signs any payload. The header has the algorithm and ID of the key, unless it is given as a text or bytes. */
export function sign(key: TestKey, { header = {}, payload = payloadOf() }: Parts = {}): string {
  const whole = typeof header === 'string' || header instanceof Uint8Array;
  const wholeHeader = whole ? header : { alg: key.alg, typ: 'at+jwt', kid: key.kid, ...header };
  const input = `${encode(wholeHeader)}.${encode(payload)}`;
  return `${input}.${signature(key, input)}`;
}

/** Returns the signature of a text by the algorithm of the key, in base64url. */
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

/** Returns a segment of a token. */
export function encode(part: Part): string {
  const bytes = typeof part === 'string' || part instanceof Uint8Array ? part : JSON.stringify(part);
  return Buffer.from(bytes).toString('base64url');
}

/** Returns the options of the primary issuer with these keys. It accepts the algorithms of the keys. */
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

/** The request of every token of these functions. Only DPoP proofs depend on it (RFC 9449 §4.2). */
export const target: RequestTarget = { method: 'POST', url: audience };

/** Verifies bearer tokens. */
export interface BearerVerifier {
  /** Rejects if the verifier throws. */
  verify(token: string): Promise<VerifiedPrincipal>;
}

/** Returns a verifier for bearer tokens only. */
export function bearing(verifier: Verifier): BearerVerifier {
  return { verify: async (token) => verifier.verify({ scheme: 'Bearer', token }, target) };
}

/** Returns a verifier of one issuer. @param clock milliseconds since the epoch. Default: always `now` */
export function verifierOf(issuerOptions: IssuerOptions, clock: () => number = () => now * 1000): BearerVerifier {
  return bearing(createVerifier({ issuers: [issuerOptions], clock }));
}

/** Asserts that a token is refused with this code, and that the message and the evidence contain no part of it. */
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

/** Asserts that a text contains no part of a token. Very short parts are ignored, because they can occur by chance. */
export function assertUntold(token: string, shown: string): void {
  for (const segment of token.split('.')) {
    assert.ok(segment.length < 8 || !shown.includes(segment), 'a part of the token is told');
  }
}
