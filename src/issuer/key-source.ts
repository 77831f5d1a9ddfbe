import type { JSONWebKeySet } from 'jose';
import { type FoundKey, type KeyHint, type KeySet, readKeySet } from './key-set.ts';
import { keysUnavailable } from './fault.ts';

/** The public keys of an issuer. */
export interface KeySource {
  /**
   * Finds the keys that may have signed a token. They have the right type and use. If the token has a `kid`, they also
   * have this `kid`.
   *
   * @returns an empty list if the issuer's keys are known, but no key fits
   * @throws ClaimgateError `KEYS_UNAVAILABLE` if no keys are known at present. After any other error the verifier
   * refuses the token
   */
  find(hint: KeyHint): Promise<readonly FoundKey[]>;
  /**
   * Whether a key is in the present set. Does not wait. If the key of a cached token is not in the set, the verifier
   * verifies the token again.
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
 * Makes a key source for keys that are in the memory of this process.
 *
 * @param read - returns the present public key set. It is called at each look-up. To change the keys, it must return a
 * new object: changes within the same object have no effect
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
