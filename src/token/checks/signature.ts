import { type CryptoKey, compactVerify, errors } from 'jose';
import type { KeyHint } from '../../issuer/key-set.ts';
import { signatureCheck } from '../../protocol/keys/signed-bytes.ts';
import { refused, unverified } from '../refusal.ts';
import type { Candidate, Signed } from './stages.ts';

/**
 * Verifies a token's signature (RFC 7515 §5.2) with the keys of its issuer. Uses the Web Cryptography API. If a key of a
 * team's own key source has another form, uses jose.
 *
 * Does not check any claim.
 *
 * @param hint - the algorithm and key ID of the checked header
 * @throws ClaimgateError `INVALID_TOKEN`, or `KEYS_UNAVAILABLE` if no keys are available
 */
export async function verifySignature(candidate: Candidate, hint: KeyHint): Promise<Signed> {
  const { token, header, payload, issuer, now } = candidate;
  const keys = await issuer.keys.find(hint);
  for (const { id, key } of keys) {
    // If the token names no key, several keys may fit. All of them are tried.
    const isLast = key === keys.at(-1)?.key;
    if (await isSignedBy(token, key, hint.alg, isLast)) return { token, header, payload, issuer, now, signer: id };
    if (isLast) throw refused('its signature does not fit', { claim: null, reason: 'forged' });
  }
  throw refused('its issuer has no key that fits it', { claim: 'kid', reason: 'unknown-key' });
}

/** @throws ClaimgateError `INVALID_TOKEN` if the last key cannot be used */
function isSignedBy(token: string, key: CryptoKey, alg: string, isLast: boolean): Promise<boolean> {
  const check = signatureCheck(alg, key);
  if (!check) return isSignedByJose(token, key, alg, isLast);
  // `compact.ts` has checked that the token has three segments in base64url.
  const end = token.lastIndexOf('.');
  return check(Buffer.from(token.slice(end + 1), 'base64url'), Buffer.from(token.slice(0, end), 'latin1')).catch(
    () => false,
  );
}

async function isSignedByJose(token: string, key: CryptoKey, alg: string, isLast: boolean): Promise<boolean> {
  try {
    await compactVerify(token, key, { algorithms: [alg] });
    return true;
  } catch (error) {
    if (isLast && !(error instanceof errors.JWSSignatureVerificationFailed)) throw unverified(error);
    return false;
  }
}
