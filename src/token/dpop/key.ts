import type { JWK } from 'jose';
import { fitsAlgorithm, readVerificationJwk } from '../../protocol/keys/jwk.ts';

/**
 * Reads the public key in the header of a proof (RFC 9449 §4.2). The result has only the members that make up the key.
 *
 * @param jwk - the header's `jwk`
 * @param alg - the header's `alg`
 * @returns `null` if the value is not a public key for this algorithm, has private members, or states another use
 */
export function publicKey(jwk: unknown, alg: unknown): JWK | null {
  const read = readVerificationJwk(jwk);
  return typeof read !== 'string' && fitsAlgorithm(read, alg) ? read.members : null;
}
