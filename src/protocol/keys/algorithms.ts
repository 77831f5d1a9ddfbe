import { nearestHint } from '../nearest.ts';

/** The type of key that an algorithm uses. */
export interface KeyType {
  /** `kty`. */
  readonly type: 'EC' | 'OKP' | 'RSA';
  /** `crv`, for the types that have curves. */
  readonly curve?: string;
}

/**
 * Every signature algorithm that can be accepted, with its keys (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). All are
 * asymmetric. With a symmetric algorithm every verifier could also sign (RFC 8725 §2.1).
 */
const keyTypes: ReadonlyMap<string, KeyType> = new Map<string, KeyType>([
  ['ES256', { type: 'EC', curve: 'P-256' }],
  ['ES384', { type: 'EC', curve: 'P-384' }],
  ['ES512', { type: 'EC', curve: 'P-521' }],
  ['EdDSA', { type: 'OKP', curve: 'Ed25519' }],
  ['Ed25519', { type: 'OKP', curve: 'Ed25519' }],
  ['PS256', { type: 'RSA' }],
  ['PS384', { type: 'RSA' }],
  ['PS512', { type: 'RSA' }],
  ['RS256', { type: 'RSA' }],
  ['RS384', { type: 'RSA' }],
  ['RS512', { type: 'RSA' }],
]);

/**
 * The algorithms that this server can sign with (RFC 7518 §3.1, RFC 8037 §3.1): for each type of key, the algorithm
 * that most verifiers support, by its older name.
 */
export const signingAlgorithms = ['ES256', 'EdDSA', 'RS256'] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** The names of all algorithms that can be accepted. */
export const asymmetricAlgorithms: readonly string[] = [...keyTypes.keys()];

/**
 * Returns the type of key of an algorithm; undefined if the algorithm cannot be accepted. Names are case-sensitive (RFC
 * 7515 §4.1.1).
 */
export function keyTypeOf(algorithm: string): KeyType | undefined {
  return keyTypes.get(algorithm);
}

/**
 * Returns the end of a message about an unknown name: the nearest algorithm. Empty for `HS256` and the like, which are not typing
 * errors.
 */
export function algorithmHint(name: string): string {
  return /^HS\d/i.test(name) ? '' : nearestHint(name, asymmetricAlgorithms);
}
