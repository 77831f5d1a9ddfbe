import { checkOptions } from '../protocol/options/check-options.ts';
import { aFunction } from '../protocol/options/kinds.ts';
import type { JSONWebKeySet } from 'jose';
import { type FoundKey, type KeyHint, type KeySet, readKeySet } from './key-set.ts';
import { keysUnavailable } from './fault.ts';

/** The public keys of an issuer. */
export interface KeySource {
  /**
   * Finds the keys that may have signed a token. If the token has a `kid`, the keys have this `kid`.
   *
   * @returns an empty list if no key of the issuer fits
   * @throws ClaimgateError `KEYS_UNAVAILABLE` if no keys are known at present. After any other error the verifier
   * refuses the token
   */
  find(hint: KeyHint): Promise<readonly FoundKey[]>;
  /**
   * Whether a key is in the current set. If the key of a cached token is not in the set, the verifier verifies the
   * token again.
   *
   * @param keyId from `FoundKey`
   */
  has(keyId: string): boolean;
  /**
   * Whether the source makes the address of the metadata from the issuer's name (`iss`). If true, the name must be an
   * https URL, or http on loopback. Default false: the keys come from a configured place, and `iss` may be any text.
   */
  readonly discovers?: boolean;
}

/**
 * Makes a key source from a key set in memory.
 *
 * @param read - returns the current public key set. It is called for each look-up, and for each request with a cached
 * token. An empty set counts as not available. Return a new object if the keys change, because a change inside the old
 * object has no effect
 * @throws StartError if `read` is not a function
 */
export function localKeys(read: () => JSONWebKeySet): KeySource {
  checkOptions('localKeys', read, aFunction);
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
