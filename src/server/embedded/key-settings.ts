import type { Config } from '../../config.ts';
import type { KeySettings } from '../../identity/keys/rotation.ts';
import { createSealer, type Sealer } from '../../store/connections/sealing.ts';

/** The margin for clocks that differ and for tokens in transit. */
const marginMs = 5 * 60_000;

/** Makes the sealer that encrypts secrets at rest. Null: nothing is encrypted. */
export function sealerOf({ encryptionKeys }: Pick<Config, 'encryptionKeys'>): Sealer | null {
  return encryptionKeys ? createSealer(encryptionKeys) : null;
}

/**
 * Returns the settings for new signing keys. `publishedForMs` is how long a new key is published before it signs, in
 * milliseconds.
 */
export function newKeySettings(
  config: Pick<Config, 'encryptionKeys' | 'keys' | 'lifetimes'>,
): KeySettings & { readonly publishedForMs: number } {
  return {
    algorithm: config.keys.algorithm,
    sealer: sealerOf(config),
    retiredForMs: config.lifetimes.access * 1_000 + marginMs,
    publishedForMs: config.keys.publishForSeconds * 1_000,
  };
}
