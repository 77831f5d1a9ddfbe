import { StartError } from '../../errors.ts';
import type { NonceOptions } from './nonce.ts';
import { algorithmHint, asymmetricAlgorithms, keyTypeOf } from '../../protocol/algorithms.ts';

/** What is asked of every proof. */
export interface ProofSettings {
  /** The signature algorithms accepted, asymmetric ones only. Default ES256, Ed25519, EdDSA, PS256, RS256. */
  readonly algorithms?: readonly string[];
  /** How far `iat` may be from now, before or after, in seconds, 1 to 300. Default 60: clocks of phones and browsers are off. */
  readonly window?: number;
  /**
   * Asks for a nonce of ours in every proof (RFC 9449 §9). Default: none is asked for, and one that comes is ignored.
   *
   * It stops proofs that a party with the key for a moment made ahead of time. It is not the default, since it
   * costs a second round trip after every pause and locks out clients that know no nonces, while replay is prevented
   * without it: each proof is good once, and within the window.
   */
  readonly nonce?: NonceOptions;
}

/** What clients of today sign proofs with; every name goes into every challenge. */
export const defaultAlgorithms: readonly string[] = ['ES256', 'Ed25519', 'EdDSA', 'PS256', 'RS256'];
/** In seconds. */
export const defaultWindow = 60;

/** @throws StartError with all faults */
export function checkSettings(settings: ProofSettings): void {
  const faults = settingFaults(settings);
  if (faults.length > 0) throw new StartError(faults);
}

/** All that is wrong with the settings. */
export function settingFaults({
  algorithms = defaultAlgorithms,
  window = defaultWindow,
  nonce,
}: ProofSettings): string[] {
  const faults: string[] = [];
  if (algorithms.length === 0) faults.push('algorithms must name at least one');
  for (const algorithm of algorithms) {
    // RFC 9449 §4.2: never a symmetric algorithm, and never `none`.
    if (!keyTypeOf(algorithm)) {
      faults.push(
        `algorithm "${algorithm}" cannot be accepted: expected one of ${asymmetricAlgorithms.join(', ')}${algorithmHint(algorithm)}`,
      );
    }
  }
  if (!(window >= 1 && window <= 300)) faults.push('window must be 1 to 300 seconds');
  if (nonce && nonce.secret.byteLength < 32) faults.push('nonce.secret must have 32 bytes or more');
  if (nonce?.rotation !== undefined && !(nonce.rotation >= 1 && nonce.rotation <= 3600)) {
    faults.push('nonce.rotation must be 1 to 3600 seconds');
  }
  return faults.map((fault) => `DPoP: ${fault}`);
}
