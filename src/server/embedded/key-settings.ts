import type { Config } from '../../config.ts';
import type { KeySettings } from '../../identity/keys/rotation.ts';
import { createSealer, type Sealer } from '../../store/connections/sealing.ts';

/** How far clocks may be off, and how long what was signed may be on its way, in milliseconds. */
const margin = 5 * 60_000;

/** What encrypts at rest; null: nothing does. */
export function sealerOf({ encryptionKeys }: Pick<Config, 'encryptionKeys'>): Sealer | null {
  return encryptionKeys ? createSealer(encryptionKeys) : null;
}

/** How signing keys of this configuration are made, and for how long, in milliseconds, each is published before it signs. */
export function keySettings(
  config: Pick<Config, 'encryptionKeys' | 'keys' | 'lifetimes'>,
): KeySettings & { readonly publishedFor: number } {
  return {
    algorithm: config.keys.algorithm,
    sealer: sealerOf(config),
    retiredFor: config.lifetimes.access * 1_000 + margin,
    publishedFor: config.keys.publishFor * 1_000,
  };
}
