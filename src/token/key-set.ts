import type { CryptoKey, JWK } from 'jose';
import { type PublicKey, readPublicKey } from './public-key.ts';
import { isRecord } from '../protocol/record.ts';

/** What a token's header says about its key. Both are the sender's word: data to look up, nothing to follow. */
export interface KeyHint {
  readonly alg: string;
  readonly kid?: string;
}

/** A key that may have signed a token. */
export interface FoundKey {
  /** The thumbprint (RFC 7638) of the public key. */
  readonly id: string;
  readonly key: CryptoKey;
}

/** The public keys of an issuer at one moment. */
export interface KeySet {
  /** The keys that can verify signatures, and nothing else of what was published. */
  readonly jwks: readonly JWK[];
  /** The keys that may have signed a token with such a header. */
  find(hint: KeyHint): Promise<readonly FoundKey[]>;
  /** @param id the thumbprint of a key */
  has(id: string): boolean;
  /** Whether anything in the set has this key ID, of use here or not. */
  names(kid: string): boolean;
}

const none: Promise<readonly FoundKey[]> = Promise.resolve([]);

/** Keys that are read of one set. An issuer publishes a handful. */
const mostKeys = 200;
/** Keys that are tried for one token: each costs a verification, and any sender may leave out the key ID. */
const mostCandidates = 8;

/**
 * Reads a JWK Set (RFC 7517 §5). What is no key, of unknown type, symmetric or for another use is passed over, as §5
 * asks: nothing in a set keeps the rest of it from being used.
 */
export function readKeySet(members: readonly unknown[]): KeySet {
  const keys: PublicKey[] = [];
  const byKid = new Map<string, PublicKey[]>();
  for (const member of members) {
    if (keys.length === mostKeys) break;
    const key = readPublicKey(member);
    if (key) keys.push(key);
    const kid = isRecord(member) ? member.kid : undefined;
    if (typeof kid !== 'string') continue;
    const namesakes = byKid.get(kid) ?? [];
    if (key) namesakes.push(key);
    byKid.set(kid, namesakes);
  }
  const ids = new Set(keys.map(({ id }) => id));
  /** What was found for the keys of a name, by algorithm: of names that the set has, and so not of the sender's making. */
  const found = new Map<readonly PublicKey[], Map<string, Promise<readonly FoundKey[]>>>();

  async function candidates(named: readonly PublicKey[], alg: string): Promise<readonly FoundKey[]> {
    const fitting = named.filter((key) => key.fits(alg)).slice(0, mostCandidates);
    const imported = await Promise.all(fitting.map(async ({ id, ...key }) => ({ id, key: await key.import(alg) })));
    return imported.flatMap(({ id, key }) => (key ? [{ id, key }] : []));
  }

  return {
    jwks: keys.map(({ jwk }) => jwk),
    find({ alg, kid }) {
      // A token that names no key may be of any; one that names a key is of a key of that name (RFC 7515 §4.1.4).
      const named = kid === undefined ? keys : byKid.get(kid);
      if (!named || !named.some((key) => key.fits(alg))) return none;
      const byAlgorithm = found.get(named) ?? new Map<string, Promise<readonly FoundKey[]>>();
      found.set(named, byAlgorithm);
      const known = byAlgorithm.get(alg) ?? candidates(named, alg);
      byAlgorithm.set(alg, known);
      return known;
    },
    has: (id) => ids.has(id),
    names: (kid) => byKid.has(kid),
  };
}
