import { isOnCurve, isSecret } from '../../protocol/keys/jwk.ts';
import { mendedJwk, readPublishedJwk } from '../../protocol/keys/published-jwk.ts';
import { isRecord } from '../../protocol/record.ts';

/**
 * Returns the faults of a JWK Set in the configuration of an issuer. Every invalid key is a fault. In a fetched set, an
 * invalid key is only ignored.
 *
 * @returns the faults. They contain no value of a key except `kid`
 */
export function givenKeyFaults(jwks: unknown): string[] {
  if (!isRecord(jwks) || !Array.isArray(jwks.keys) || jwks.keys.length === 0) {
    return ['keys.jwks must be a JWK Set (RFC 7517 §5) with at least one key'];
  }
  return jwks.keys.flatMap((key: unknown, index) => {
    const reason = reasonAgainst(key);
    const kid = isRecord(key) && typeof key.kid === 'string' ? ` (kid "${key.kid}")` : '';
    return reason ? [`keys.jwks.keys[${index}]${kid} ${reason}`] : [];
  });
}

function reasonAgainst(key: unknown): string | null {
  const mended = mendedJwk(key);
  if (!isRecord(mended)) return 'must be a JWK';
  if (mended.kty === 'oct') return 'is symmetric: each party that can verify with it could sign; expected a public key';
  if (isSecret(mended)) return 'is private: expected the public key alone';
  const read = readPublishedJwk(key);
  if (typeof read === 'string') return `cannot verify signatures: ${read}`;
  return isOnCurve(read) ? null : 'cannot verify signatures: its point is not on its curve';
}
