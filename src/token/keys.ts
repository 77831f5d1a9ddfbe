import { type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet, type JWSHeaderParameters } from 'jose';
import { keysUnavailable } from './refusal.ts';

/** What a token's header says about its key. Both are the sender's word: data to look up, nothing to follow. */
export interface KeyHint {
  readonly alg: string;
  readonly kid?: string;
}

/**
 * Finds the public keys that may have signed a token: of the right type, use and `kid` where it has one.
 *
 * Answers an empty list where the keys are known and none fits. Throws ClaimgateError `KEYS_UNAVAILABLE` where no keys
 * are known at present; whatever else it throws refuses the token.
 */
export type KeySource = (hint: KeyHint) => Promise<readonly CryptoKey[]>;

/**
 * Keys that are at hand in this process.
 *
 * @param read - the present public key set, asked at every look-up: a new object means new keys, the same object the
 * same keys, so a set that is changed in place goes unnoticed
 */
export function localKeys(read: () => JSONWebKeySet): KeySource {
  let known: { readonly set: JSONWebKeySet; readonly find: JoseKeySet } | undefined;
  const present = () => {
    try {
      const set = read();
      if (set.keys.length === 0) throw new Error('the key set is empty');
      if (known?.set !== set) known = { set, find: createLocalJWKSet(set) };
      return known.find;
    } catch (error) {
      throw keysUnavailable(error);
    }
  };
  return async (hint) => candidates(present(), hint);
}

/** What jose's local and remote key sets have in common. */
type JoseKeySet = (header: JWSHeaderParameters) => Promise<CryptoKey>;

/**
 * Asks a key set of jose, which answers by throwing unless exactly one key fits.
 *
 * @throws whatever is no answer: a fetch that failed, or that the one key that fits cannot be read
 */
export async function candidates(find: JoseKeySet, hint: KeyHint): Promise<readonly CryptoKey[]> {
  try {
    return [await find({ ...hint })];
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return [];
    // Several keys without a `kid`, or with the same: jose yields those it could import, and each is tried.
    if (error instanceof errors.JWKSMultipleMatchingKeys) return collect(error);
    throw error;
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
