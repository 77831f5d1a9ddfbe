import type { Config } from '../config.ts';
import { sharedSecret } from '../identity/keys/shared-secrets.ts';
import { providerNonces } from '../provider/clients/proof-nonces.ts';
import { storedReplays } from '../store/token/replays.ts';
import type { Store } from '../store/tables.ts';
import { createProofChecker, type ProofChecker } from '../token/dpop/proof.ts';
import { settingFaults } from '../token/dpop/settings.ts';
import { sealerOf } from './embedded/key-settings.ts';

/** All that is wrong with what is asked of DPoP proofs, without a database. */
export function proofFaults({ dpop }: Config): string[] {
  return settingFaults(settingsOf(dpop));
}

/** Checks DPoP proofs on a migrated database: what one process has seen or given, all others on it know. */
export async function proofChecker(config: Config, store: Store): Promise<ProofChecker> {
  const { dpop, issuer } = config;
  const secret = await nonceSecret(config, store);
  return createProofChecker({
    replays: storedReplays(store),
    ...settingsOf(dpop),
    ...(secret && (issuer === undefined ? { nonces: providerNonces(secret, Date.now) } : { nonce: { secret } })),
  });
}

/** What nonces are made of on this database; null where none is asked for. */
export async function nonceSecret(config: Config, store: Store): Promise<Buffer | null> {
  return config.dpop.nonce ? Buffer.from(await sharedSecret(store, 'dpop_nonce', sealerOf(config)), 'base64url') : null;
}

function settingsOf({ algorithms, window }: Config['dpop']): Omit<Config['dpop'], 'nonce'> {
  return { ...(algorithms && { algorithms }), ...(window !== undefined && { window }) };
}
