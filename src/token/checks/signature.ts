import { compactVerify, errors } from 'jose';
import type { KeyHint } from '../../issuer/key-set.ts';
import { refused, unverified } from '../refusal.ts';
import type { Candidate, Signed } from './stages.ts';

/**
 * Verifies a token's signature (RFC 7515 §5.2) with the keys of its issuer. Uses jose for the cryptography.
 *
 * Does not check any claim.
 *
 * @param hint - the algorithm and key ID of the checked header
 * @throws ClaimgateError `INVALID_TOKEN`, or `KEYS_UNAVAILABLE` if no keys are available
 */
export async function verifySignature(candidate: Candidate, hint: KeyHint): Promise<Signed> {
  const { token, issuer } = candidate;
  const keys = await issuer.keys.find(hint);
  for (const { id, key } of keys) {
    try {
      await compactVerify(token, key, { algorithms: [hint.alg] });
      return { ...candidate, signer: id };
    } catch (error) {
      // If the token names no key, several keys may fit. All of them are tried.
      if (key !== keys.at(-1)?.key) continue;
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw unverified(error);
      throw refused('its signature does not fit', { claim: null, reason: 'forged', cause: error });
    }
  }
  throw refused('its issuer has no key that fits it', { claim: 'kid', reason: 'unknown-key' });
}
