import { type KeyState, keyStateAt, listSigningKeys, type SigningKey } from '../../identity/keys/signing-keys.ts';
import type { Store } from '../../identity/store.ts';

/** A key with what it is at the moment. */
export type SigningKeyRecord = SigningKey & { readonly id: string; readonly state: KeyState };

/** Every key there was, as it is at the moment. @param now milliseconds since the epoch */
export async function signingKeyRecords(store: Store, now: number): Promise<SigningKeyRecord[]> {
  const keys = await listSigningKeys(store);
  return keys.map((key) => ({ ...key, id: key.kid, state: keyStateAt(keys, key, now) }));
}
