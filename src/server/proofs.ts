import type { Config } from '../config.ts';
import { sharedSecret } from '../identity/keys/shared-secrets.ts';
import { providerNonces } from '../provider/clients/proof-nonces.ts';
import { storedReplays } from '../store/token/replays.ts';
import type { Store } from '../store/tables.ts';
import { createProofChecker, type ProofChecker } from '../token/dpop/proof.ts';
import { settingFaults } from '../token/dpop/settings.ts';
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
    replays: storedReplays(store),
    ...settingsOf(dpop),
    ...(secret && (issuer === undefined ? { nonces: providerNonces(secret, Date.now) } : { nonce: { secret } })),
  });
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
