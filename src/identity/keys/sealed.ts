import { isSealed, type Sealer } from '../../store/connections/sealing.ts';
import type { Store } from '../../store/tables.ts';

/** @param sealer null: it stays in clear */
export function sealSecret(sealer: Sealer | null, text: string, purpose: string): string {
  return sealer ? sealer.seal(text, purpose) : text;
}

/**
 * What was kept, in clear or sealed.
 *
 * @throws Error that says what is missing, where it was sealed and cannot be opened
 */
export function openSecret(sealer: Sealer | null, kept: string, purpose: string): string {
  if (!isSealed(kept)) return kept;
  if (!sealer) throw new Error(`what was sealed as "${purpose}" was sealed with a key that is not here`);
  return sealer.open(kept, purpose);
}

/** What a secret of the table of that name is sealed as. */
export function purposeOfSecret(name: string): string {
  return `secret ${name}`;
}

/** What a private half of a signing key is sealed as. */
export function purposeOfKey(kid: string): string {
  return `signing key ${kid}`;
}

/**
 * Seals what was kept in clear or under a key that is about to be replaced, each row by itself: whoever is killed in between, or
 * does the same at the same time, harms nothing. Without a sealer, sees that nothing is sealed.
 *
 * @returns how many rows were sealed
 * @throws Error where something cannot be opened; what came before it is sealed
 */
export async function sealEverything(store: Store, sealer: Sealer | null): Promise<number> {
  let count = 0;
  const renewed = (kept: string, purpose: string): string | null => {
    const text = openSecret(sealer, kept, purpose);
    if (!sealer || sealer.isCurrent(kept)) return null;
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
