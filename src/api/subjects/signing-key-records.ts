import {
  type SigningKeyState,
  keyStateAt,
  listSigningKeys,
  type SigningKey,
} from '../../identity/keys/signing-keys.ts';
import type { Store } from '../../identity/store.ts';

/** A signing key with its current state. */
export type SigningKeyRecord = SigningKey & { readonly id: string; readonly state: SigningKeyState };

/** Reads all signing keys, including past keys, with their current states. @param now - milliseconds since the epoch */
export async function signingKeyRecords(store: Store, now: number): Promise<SigningKeyRecord[]> {
  const keys = await listSigningKeys(store);
  return keys.map((key) => ({ ...key, id: key.kid, state: keyStateAt(keys, key, now) }));
}
