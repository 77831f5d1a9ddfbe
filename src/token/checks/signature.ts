import { compactVerify, errors } from 'jose';
import type { Issuer } from '../issuers/issuer.ts';
import type { KeyHint } from '../../issuer/key-set.ts';
import { refused } from '../refusal.ts';

/**
 * Verifies a token's signature (RFC 7515 §5.2) with the keys of its issuer. The cryptography is jose's.
 *
 * Looks at no claim.
 *
 * @returns the thumbprint of the key that signed it
 * @throws ClaimgateError `INVALID_TOKEN`, or `KEYS_UNAVAILABLE` where no keys are known
 */
export async function verifySignature(token: string, hint: KeyHint, issuer: Issuer): Promise<string> {
  const keys = await issuer.keys.find(hint);
  for (const { id, key } of keys) {
    try {
      await compactVerify(token, key, { algorithms: [hint.alg] });
      return id;
    } catch (error) {
      // Several keys may fit where the token names none: it is refused when the last one has failed.
      if (key !== keys.at(-1)?.key) continue;
      const forged = error instanceof errors.JWSSignatureVerificationFailed;
      throw refused(forged ? 'its signature does not fit' : 'it could not be verified', error);
    }
  }
  throw refused('its issuer has no key that fits it');
}
