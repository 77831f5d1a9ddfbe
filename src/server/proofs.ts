import type { Config } from '../config.ts';
import { sharedSecret } from '../identity/keys/shared-secrets.ts';
import { providerNonces } from '../provider/clients/proof-nonces.ts';
import { restoredAt } from '../store/backup/restored.ts';
import { storedReplays } from '../store/token/replays.ts';
import type { Store } from '../store/tables.ts';
import { createProofChecker, type ProofChecker } from '../token/dpop/proof.ts';
import { clockSpreadSeconds, defaultWindowSeconds, settingFaults } from '../token/dpop/settings.ts';
import { sealerOf } from './embedded/key-settings.ts';

/** Finds the faults of the settings of DPoP proofs. */
export function proofFaults({ dpop }: Config): string[] {
  return settingFaults(settingsOf(dpop));
}

/**
 * Makes the checker of DPoP proofs. The database must be migrated. All processes on the database share the used proofs
 * and the nonces.
 */
export async function proofChecker(config: Config, store: Store): Promise<ProofChecker> {
  const { dpop, issuer } = config;
  const secret = await nonceSecret(config, store);
  return createProofChecker({
    replays: storedReplays(store, await unknownUntil(config, store)),
    ...settingsOf(dpop),
    ...(secret && (issuer === undefined ? { nonces: providerNonces(secret, Date.now) } : { nonce: { secret } })),
  });
}

/**
 * Returns the latest expiry of a proof that may have been used after the backup and before the restore. The database
 * does not know these proofs. Therefore proofs are refused for one window after a restore.
 */
async function unknownUntil({ dpop }: Config, store: Store): Promise<number> {
  const restored = await restoredAt(store);
  // The `iat` of a proof may be one window ahead of its use, and the proof is stored for one window after its `iat`.
  return restored === null
    ? 0
    : restored + (2 * (dpop.windowSeconds ?? defaultWindowSeconds) + clockSpreadSeconds) * 1_000;
}

/**
 * Returns the secret from which nonces are made. All processes on the database share this secret. Null: proofs need no
 * nonce.
 */
export async function nonceSecret(config: Config, store: Store): Promise<Buffer | null> {
  return config.dpop.nonce ? Buffer.from(await sharedSecret(store, 'dpop_nonce', sealerOf(config)), 'base64url') : null;
}

function settingsOf({ algorithms, windowSeconds }: Config['dpop']): Omit<Config['dpop'], 'nonce'> {
  return { ...(algorithms && { algorithms }), ...(windowSeconds !== undefined && { windowSeconds }) };
}
