import { createHash, createHmac, hkdfSync } from 'node:crypto';
import type { ClaimPath } from '../../protocol/claim-path.ts';

/**
 * Replaces the scopes and claims of callers, and the constants of rules, by HMACs. Two texts have one HMAC only if they are
 * equal and have the same use: a scope, an authentication context, or the claim at one path.
 */
export interface CallerHash {
  /** Identifies the key. It reveals nothing of the key. */
  readonly keyName: string;
  scope(scope: string): string;
  acr(context: string): string;
  path(path: ClaimPath): string;
  /** @param text - the text of the claim, or of one item of its list */
  claim(path: ClaimPath, text: string): string;
}

/** The length of an HMAC in bytes. */
const hashBytes = 16;

/**
 * Makes the hash of a key.
 *
 * A person with the key can find a value by trying all likely values. The HMACs are therefore only as secret as the key.
 *
 * @param secret - one key of `CLAIMGATE_KEY`. The HMACs have a key of their own, which is derived from it (RFC 5869)
 */
export function createCallerHash(secret: Uint8Array): CallerHash {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'claimgate replay', 32));
  const keyName = createHash('sha256').update('claimgate replay key name').update(key).digest('base64url').slice(0, 8);
  const hash = (...parts: readonly string[]): string =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest().subarray(0, hashBytes).toString('base64url');
  return {
    keyName,
    scope: (scope) => hash('scope', scope),
    acr: (context) => hash('acr', context),
    path: (path) => hash('path', ...path),
    claim: (path, text) => hash('claim', ...path, text),
  };
}
