import type { Store } from '../../store/tables.ts';
import type { Sealer } from '../../store/connections/sealing.ts';
import { openSecret, purposeOfSecret, sealSecret } from './sealed.ts';
import { newSecret } from './secrets.ts';

/**
 * Returns a secret that all processes on the database share: 256 random bits in base64url. The first call makes it.
 *
 * @param name the name of its row
 * @param sealer encrypts the stored secret; null: it is stored in clear
 * @throws Error if the stored secret is sealed and cannot be opened
 */
export async function sharedSecret(store: Store, name: string, sealer: Sealer | null): Promise<string> {
  const purpose = purposeOfSecret(name);
  const find = () => store.selectFrom('server_secrets').select('value').where('name', '=', name).executeTakeFirst();
  const known = await find();
  if (known) return openSecret(sealer, known.value, purpose);
  await store
    .insertInto('server_secrets')
    .values({ name, value: sealSecret(sealer, newSecret(), purpose) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  // Another process may have made the secret at the same time.
  const made = await find();
  if (!made) throw new Error(`the secret ${name} was stored and is missing`);
  return openSecret(sealer, made.value, purpose);
}
