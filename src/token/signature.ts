import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Issuer } from './issuer.ts';
import type { KeyHint } from './keys.ts';
import { refused } from './refusal.ts';

/**
 * Verifies a token's signature with the keys of its issuer, and with jose the claims that jose knows: `iss`, `aud`,
 * `exp`, `nbf`.
 *
 * @param now - milliseconds since the epoch
 * @returns the payload, now the issuer's word
 * @throws ClaimgateError `INVALID_TOKEN`, or `KEYS_UNAVAILABLE` where no keys are known
 */
export async function verifySignature(token: string, hint: KeyHint, issuer: Issuer, now: number): Promise<JWTPayload> {
  const keys = await issuer.keys(hint);
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer: issuer.issuer,
        audience: [...issuer.audience],
        algorithms: [...issuer.algorithms],
        clockTolerance: issuer.clockTolerance,
        currentDate: new Date(now),
      });
      return payload;
    } catch (error) {
      // Several keys may fit where the token names none: only the last one's failure is the token's.
      if (!(error instanceof errors.JWSSignatureVerificationFailed) || key === keys.at(-1)) throw refusal(error);
    }
  }
  throw refused('its issuer has no key that fits it');
}

function refusal(error: unknown): Error {
  if (error instanceof errors.JWTExpired) return refused('it has expired', error);
  if (error instanceof errors.JWTClaimValidationFailed) return refused(`its claim ${error.claim} does not fit`, error);
  if (error instanceof errors.JWSSignatureVerificationFailed) return refused('its signature does not fit', error);
  return refused('it could not be verified', error);
}
