import type { NonceOptions } from './nonce.ts';
import { algorithmHint, asymmetricAlgorithms, keyTypeOf } from '../../protocol/keys/algorithms.ts';

/** The requirements for every proof. */
export interface ProofSettings {
  /** The accepted signature algorithms. They must be asymmetric. Default ES256, Ed25519, EdDSA, PS256, RS256. */
  readonly algorithms?: readonly string[];
  /**
   * The largest difference between `iat` and the current time, in seconds, 1 to 300. Default 60, because the clocks of
   * phones and browsers are not exact.
   */
  readonly windowSeconds?: number;
  /**
   * The options of nonces. If they are set, every proof must have a nonce of this server (RFC 9449 §9). Default: no
   * nonce is required, and the nonce of a proof is ignored.
   *
   * An attacker who had access to the key for a short time can make proofs for later use. With nonces, these proofs are
   * useless after two rotations at most. Nonces have two costs: a client needs a second round trip after a long pause,
   * and a client without support for nonces cannot connect.
   */
  readonly nonce?: NonceOptions;
}

/** The default of `algorithms`. These are the algorithms that clients commonly use for proofs. */
export const defaultAlgorithms: readonly string[] = ['ES256', 'Ed25519', 'EdDSA', 'PS256', 'RS256'];
/** The default of `windowSeconds`. */
export const defaultWindowSeconds = 60;
/**
 * How long a used proof stays stored after its window has ended, in seconds. A replica with a slow clock may still
 * accept the proof during this time.
 */
export const clockSpreadSeconds = 60;

/** Returns all faults of the settings. */
export function settingFaults({
  algorithms = defaultAlgorithms,
  windowSeconds = defaultWindowSeconds,
  nonce,
}: ProofSettings): string[] {
  const faults: string[] = [];
  if (algorithms.length === 0) faults.push('algorithms must name at least one');
  for (const algorithm of algorithms) {
    // A symmetric algorithm and `none` are never accepted (RFC 9449 §4.2).
    if (!keyTypeOf(algorithm)) {
      faults.push(
        `algorithm "${algorithm}" cannot be accepted: expected one of ${asymmetricAlgorithms.join(', ')}${algorithmHint(algorithm)}`,
      );
    }
  }
  if (!(windowSeconds >= 1 && windowSeconds <= 300)) faults.push('windowSeconds must be 1 to 300 seconds');
  if (nonce && nonce.secret.byteLength < 32) faults.push('nonce.secret must have 32 bytes or more');
  const { rotationSeconds } = nonce ?? {};
  if (rotationSeconds !== undefined && !(rotationSeconds >= 1 && rotationSeconds <= 3600)) {
    faults.push('nonce.rotationSeconds must be 1 to 3600 seconds');
  }
  return faults.map((fault) => `DPoP: ${fault}`);
}
