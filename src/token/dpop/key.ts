import type { JWK } from 'jose';
import { fitsAlgorithm, readVerificationJwk } from '../../protocol/jwk.ts';

/**
 * The public key of a proof's header (RFC 9449 §4.2), with nothing in it but the key.
 *
 * @param jwk - the header's `jwk`
 * @param alg - the header's `alg`
 * @returns `null` where it is no public key for this algorithm, holds anything private, or says that it is for something else
 */
export function publicKey(jwk: unknown, alg: unknown): JWK | null {
  const read = readVerificationJwk(jwk);
  return typeof read !== 'string' && fitsAlgorithm(read, alg) ? read.members : null;
}
