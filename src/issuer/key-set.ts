import { hash } from 'node:crypto';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import { fitsAlgorithm } from '../protocol/keys/jwk.ts';
import { readPublishedJwk } from '../protocol/keys/published-jwk.ts';
import { isRecord } from '../protocol/record.ts';

/**
 * The members of a token's header that name its key. They are used only to look up a key, because the sender chooses
 * both values.
 */
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
  /** The keys that can verify signatures. They have only the members that are needed for this. */
  readonly jwks: readonly JWK[];
  /** Returns the keys that may have signed a token with these values in its header. */
  find(hint: KeyHint): Promise<readonly FoundKey[]>;
  /** @param id the thumbprint of a key */
  has(id: string): boolean;
  /** Whether at least one member of the set has this key ID. A member that cannot verify signatures counts too. */
  names(kid: string): boolean;
}

const none: Promise<readonly FoundKey[]> = Promise.resolve([]);

/** How many keys of one set are read. */
const maxKeys = 200;
/** How many keys are tried for one token. Each key costs a verification. */
const maxCandidates = 8;

/**
 * Reads the members of a JWK Set. Ignores a member that is not a key, has an unknown type, is symmetric or has another
 * use (RFC 7517 §5). The other members are still used. It reads at most 200 keys.
 */
export function readKeySet(members: readonly unknown[]): KeySet {
  const keys: PublicKey[] = [];
  const byKid = new Map<string, PublicKey[]>();
  for (const member of members) {
    if (keys.length === maxKeys) break;
    const key = readPublicKey(member);
    if (key) keys.push(key);
    const kid = isRecord(member) ? member.kid : undefined;
    if (typeof kid !== 'string') continue;
    const namesakes = byKid.get(kid) ?? [];
    if (key) namesakes.push(key);
    byKid.set(kid, namesakes);
  }
  const ids = new Set(keys.map(({ id }) => id));
  /**
   * The results of `find`, by the keys of a `kid` and by algorithm. An unknown `kid` gets no entry. Therefore a sender
   * cannot add entries.
   */
  const found = new Map<readonly PublicKey[], Map<string, Promise<readonly FoundKey[]>>>();

  async function candidates(named: readonly PublicKey[], alg: string): Promise<readonly FoundKey[]> {
    const fitting = named.filter((key) => key.fits(alg)).slice(0, maxCandidates);
    const imported = await Promise.all(fitting.map(async ({ id, ...key }) => ({ id, key: await key.import(alg) })));
    return imported.flatMap(({ id, key }) => (key ? [{ id, key }] : []));
  }

  return {
    jwks: keys.map(({ jwk }) => jwk),
    find({ alg, kid }) {
      // Without a `kid`, any key may have signed the token. With a `kid`, only the keys with this `kid` may have signed
      // it (RFC 7515 §4.1.4).
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

/** A key of a set that may verify signatures. */
interface PublicKey {
  /** The thumbprint (RFC 7638) of the key. */
  readonly id: string;
  /** The key, with its `use`, `alg` and `kid`. */
  readonly jwk: JWK;
  /** Whether the key may verify signatures of this algorithm. */
  fits(alg: string): boolean;
  /** @returns null if the key cannot be imported, for example because its point is not on its curve */
  import(alg: string): Promise<CryptoKey | null>;
}

/**
 * Reads one member of a JWK Set. Refuses a published private key, because any party could sign with it.
 *
 * @returns null if `readPublishedJwk` refuses the member
 */
function readPublicKey(member: unknown): PublicKey | null {
  const read = readPublishedJwk(member);
  if (typeof read === 'string') return null;
  const { members, alg, kid } = read;
  const key: JWK = members;
  const imported = new Map<string, Promise<CryptoKey | null>>();
  return {
    id: hash('sha256', JSON.stringify(key), 'base64url'),
    jwk: { ...key, use: 'sig', ...(alg !== undefined && { alg }), ...(kid !== undefined && { kid }) },
    fits: (name) => fitsAlgorithm(read, name),
    import(name) {
      const known = imported.get(name) ?? importKey(key, name);
      imported.set(name, known);
      return known;
    },
  };
}

async function importKey(jwk: JWK, alg: string): Promise<CryptoKey | null> {
  try {
    const key = await importJWK(jwk, alg);
    return key instanceof Uint8Array ? null : key;
  } catch {
    return null;
  }
}
