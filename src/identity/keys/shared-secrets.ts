import type { Store } from '../../store/tables.ts';
import type { Sealer } from '../../store/connections/sealing.ts';
import { openSecret, purposeOfSecret, sealSecret } from './sealed.ts';
import { newSecret } from './secrets.ts';

/**
 * A secret that all processes on one database share: 256 random bits in base64url, made by whoever asks first.
 *
 * @param name of its row
 * @param sealer encrypts it where it is kept; null: it is kept in clear
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
  // Of several that start together one has made it, which need not be this one.
  const made = await find();
  if (!made) throw new Error(`the secret ${name} was made and is gone`);
  return openSecret(sealer, made.value, purpose);
}
