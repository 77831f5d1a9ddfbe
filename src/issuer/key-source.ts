import type { JSONWebKeySet } from 'jose';
import { type FoundKey, type KeyHint, type KeySet, readKeySet } from './key-set.ts';
import { keysUnavailable } from './fault.ts';

/** The public keys of an issuer. */
export interface KeySource {
  /**
   * Finds the keys that may have signed a token: of the right type and use, and of the `kid` where the token has one.
   *
   * @returns an empty list where the keys are known and none fits
   * @throws ClaimgateError `KEYS_UNAVAILABLE` where no keys are known at present; anything else that it throws refuses the token
   */
  find(hint: KeyHint): Promise<readonly FoundKey[]>;
  /**
   * Whether a key is in the present set. Does not wait. The verifier verifies a cached token again if its key is not.
   *
   * @param keyId from `FoundKey`
   */
  has(keyId: string): boolean;
  /**
   * Whether the keys are found through metadata below the issuer's name (`iss`). Then the name must be an https URL. Default false: the
   * keys come from a configured place, and `iss` is only a string to compare.
   */
  readonly discovers?: boolean;
}

/**
 * Makes a source of keys that are in this process.
 *
 * @param read - returns the present public key set. It is called at each look-up. A new object means new keys. A change within the
 * same object has no effect
 */
export function localKeys(read: () => JSONWebKeySet): KeySource {
  let known: { readonly from: JSONWebKeySet; readonly set: KeySet } | undefined;
  const present = () => {
    try {
      const from = read();
      if (from.keys.length === 0) throw new Error('the key set is empty');
      if (known?.from !== from) known = { from, set: readKeySet(from.keys) };
      return known.set;
    } catch (error) {
      throw keysUnavailable(error);
    }
  };
  return {
    find: async (hint) => present().find(hint),
    has(keyId) {
      try {
        return present().has(keyId);
      } catch {
        return false;
      }
    },
  };
}
