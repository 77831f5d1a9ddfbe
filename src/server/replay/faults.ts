import type { Config } from '../../config.ts';

/** Finds the fault of a recording without a key. A command that only reads the schema needs no key. */
export function recordingFaults({ replay, encryptionKeys }: Pick<Config, 'replay' | 'encryptionKeys'>): string[] {
  if (replay === null || encryptionKeys !== undefined) return [];
  return ['replay: expected CLAIMGATE_KEY to be set, because recorded values are stored as HMACs under this key'];
}
