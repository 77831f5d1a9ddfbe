import { nearestHint } from '../nearest.ts';

/** The type of the keys of an algorithm. */
export interface KeyType {
  /** `kty`. */
  readonly type: 'EC' | 'OKP' | 'RSA';
  /** `crv`. Absent for RSA. */
  readonly curve?: string;
}

/**
 * The signature algorithms that an operator may accept, with their types of key (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864
 * §2.2). All are asymmetric, because with a symmetric algorithm every verifier could also sign (RFC 8725 §2.1).
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
 * The algorithms with which this server can sign (RFC 7518 §3.1, RFC 8037 §3.1). Most verifiers support these
 * algorithms under these names.
 */
export const signingAlgorithms = ['ES256', 'EdDSA', 'RS256'] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** The names of all algorithms that an operator may accept. */
export const asymmetricAlgorithms: readonly string[] = [...keyTypes.keys()];

/**
 * Returns the type of the keys of an algorithm; undefined if the algorithm is not in the table. Names are
 * case-sensitive (RFC 7515 §4.1.1).
 */
export function keyTypeOf(algorithm: string): KeyType | undefined {
  return keyTypes.get(algorithm);
}

/**
 * Returns the end of a message about an unknown algorithm. It names the nearest algorithm. It is empty for a symmetric
 * algorithm such as `HS256`, because this name is not a typing error.
 */
export function algorithmHint(name: string): string {
  return /^HS\d/i.test(name) ? '' : nearestHint(name, asymmetricAlgorithms);
}
