import { isSealed, type Sealer } from '../../store/connections/sealing.ts';
import type { Store } from '../../store/tables.ts';

/**
 * Returns the form in which a text is stored.
 *
 * @param sealer encrypts the text; null: it is stored in clear
 * @param purpose the use of the text. `openSecret` needs the same purpose
 */
export function sealSecret(sealer: Sealer | null, text: string, purpose: string): string {
  return sealer ? sealer.seal(text, purpose) : text;
}

/**
 * Returns a text that `sealSecret` stored, in clear or sealed.
 *
 * @throws Error if the text is sealed and cannot be opened: its key is missing, the purpose differs, or the text was
 *   changed
 */
export function openSecret(sealer: Sealer | null, stored: string, purpose: string): string {
  if (!isSealed(stored)) return stored;
  if (!sealer) throw new Error(`what was sealed as "${purpose}" was sealed with a key that is not here`);
  return sealer.open(stored, purpose);
}

/** Returns the purpose for which the secret with this name is sealed. */
export function purposeOfSecret(name: string): string {
  return `secret ${name}`;
}

/** Returns the purpose for which the private part of a signing key is sealed. */
export function purposeOfKey(kid: string): string {
  return `signing key ${kid}`;
}

/**
 * Seals the secrets in `server_secrets` and the private signing keys, if they are stored in clear or under an old key.
 * Does not seal the refresh tokens of connections; `resealConnectionGrants` seals them. Without a sealer, checks that
 * no secret is sealed. Each row is written by itself. Therefore the process may be killed at any time, and several
 * processes may call this function at the same time.
 *
 * @returns how many rows were sealed
 * @throws Error if a secret cannot be opened. The rows before it stay sealed
 */
export async function sealEverything(store: Store, sealer: Sealer | null): Promise<number> {
  let count = 0;
  const renewed = (stored: string, purpose: string): string | null => {
    const text = openSecret(sealer, stored, purpose);
    if (!sealer || sealer.isCurrent(stored)) return null;
    count += 1;
    return sealer.seal(text, purpose);
  };
  const secrets = await store.selectFrom('server_secrets').selectAll().execute();
  for (const { name, value } of secrets) {
    const sealed = renewed(value, purposeOfSecret(name));
    if (sealed === null) continue;
    await store
      .updateTable('server_secrets')
      .set({ value: sealed })
      .where('name', '=', name)
      .where('value', '=', value)
      .execute();
  }
  const keys = await store.selectFrom('signing_keys').select(['kid', 'jwk']).where('jwk', '!=', '').execute();
  for (const { kid, jwk } of keys) {
    const sealed = renewed(jwk, purposeOfKey(kid));
    if (sealed === null) continue;
    await store
      .updateTable('signing_keys')
      .set({ jwk: sealed })
      .where('kid', '=', kid)
      .where('jwk', '=', jwk)
      .execute();
  }
  return count;
}
