import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Selectable } from 'kysely';
import type { SigningAlgorithm } from '../../protocol/keys/algorithms.ts';
import type { Sealer } from '../../store/connections/sealing.ts';
import type { Store, Tables } from '../../store/tables.ts';
import { openSecret, purposeOfKey, sealSecret } from './sealed.ts';

/** The public part of a key pair that signs tokens. Times are in milliseconds since the epoch. */
export interface SigningKey {
  /** Its thumbprint (RFC 7638). */
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly publicJwk: JWK;
  readonly createdAt: number;
  /** When it starts to sign. It signs until a later key starts to sign. */
  readonly signsFrom: number;
  /** When its publication ends, and its signatures are no longer accepted; null: no end is set. */
  readonly publishedUntil: number | null;
}

/** A key pair with its private part. */
export interface SigningKeyPair extends SigningKey {
  readonly privateJwk: JWK;
}

/**
 * `published`: does not sign yet. `signing`: signs now. `retired`: no longer signs, but its signatures are accepted.
 * `withdrawn`: no longer published, and its signatures are rejected.
 */
export type SigningKeyState = 'published' | 'signing' | 'retired' | 'withdrawn';

/**
 * Makes a key pair. Does not store it; `addSigningKey` stores it.
 *
 * @param now milliseconds since the epoch
 * @param signsFrom when it starts to sign, in milliseconds since the epoch. Default: now
 */
export async function newSigningKey(
  alg: SigningAlgorithm,
  now: number,
  signsFrom: number = now,
): Promise<SigningKeyPair> {
  const pair = await generateKeyPair(alg, { extractable: true, modulusLength: 3072 });
  const publicPart = await exportJWK(pair.publicKey);
  const kid = await calculateJwkThumbprint(publicPart);
  const about = { kid, alg, use: 'sig' };
  return {
    kid,
    alg,
    publicJwk: { ...publicPart, ...about },
    privateJwk: { ...(await exportJWK(pair.privateKey)), ...about },
    createdAt: now,
    signsFrom,
    publishedUntil: null,
  };
}

/** Stores a key pair. @param sealer encrypts the private part; null: it is stored in clear */
export async function addSigningKey(store: Store, key: SigningKeyPair, sealer: Sealer | null): Promise<void> {
  await store
    .insertInto('signing_keys')
    .values({
      kid: key.kid,
      alg: key.alg,
      jwk: sealSecret(sealer, JSON.stringify(key.privateJwk), purposeOfKey(key.kid)),
      public_jwk: JSON.stringify(key.publicJwk),
      created_at: key.createdAt,
      signs_from: key.signsFrom,
      published_until: key.publishedUntil,
    })
    .execute();
}

/** Returns the public parts of all keys, including withdrawn keys. The keys are sorted by `signsFrom`, latest first. */
export async function listSigningKeys(store: Store): Promise<SigningKey[]> {
  const rows = await store.selectFrom('signing_keys').selectAll().execute();
  return rows.map(signingKey).toSorted(byBeginning);
}

/**
 * Returns the published keys with their private parts: first the signing key, then the keys that sign later, then the
 * keys that signed earlier.
 *
 * @param now milliseconds since the epoch
 * @throws Error if a private part cannot be opened, or there is no key
 */
export async function publishedKeyPairs(store: Store, sealer: Sealer | null, now: number): Promise<KeyPairs> {
  const rows = await store
    .selectFrom('signing_keys')
    .selectAll()
    .where((eb) => eb.or([eb('published_until', 'is', null), eb('published_until', '>', now)]))
    .where('jwk', '!=', '')
    .execute();
  const pairs = rows
    .map((row) => ({
      ...signingKey(row),
      privateJwk: JSON.parse(openSecret(sealer, row.jwk, purposeOfKey(row.kid))) as JWK,
    })) // written by addSigningKey
    .toSorted(byBeginning);
  const signing = signingAt(pairs, now);
  if (!signing) throw new Error('there is no signing key');
  return [signing, ...pairs.filter((pair) => pair !== signing)];
}

/** At least one key pair. The first key pair signs. */
export type KeyPairs = readonly [SigningKeyPair, ...SigningKeyPair[]];

/**
 * Returns the key that signs at a time. Before the first key starts to sign, returns the first key.
 *
 * @param keys sorted by `signsFrom`, latest first
 * @param now milliseconds since the epoch
 * @returns undefined if every key is withdrawn
 */
export function signingAt<Key extends SigningKey>(keys: readonly Key[], now: number): Key | undefined {
  const accepted = keys.filter(({ publishedUntil }) => publishedUntil === null || publishedUntil > now);
  return accepted.find(({ signsFrom }) => signsFrom <= now) ?? accepted.at(-1);
}

/**
 * Returns the state of a key at a time.
 *
 * @param keys every key, sorted by `signsFrom`, latest first
 * @param now milliseconds since the epoch
 */
export function keyStateAt(keys: readonly SigningKey[], key: SigningKey, now: number): SigningKeyState {
  if (key.publishedUntil !== null && key.publishedUntil <= now) return 'withdrawn';
  if (signingAt(keys, now)?.kid === key.kid) return 'signing';
  return key.signsFrom > now ? 'published' : 'retired';
}

function byBeginning(one: SigningKey, other: SigningKey): number {
  return other.signsFrom - one.signsFrom || (one.kid < other.kid ? -1 : 1);
}

function signingKey(row: Selectable<Tables['signing_keys']>): SigningKey {
  return {
    kid: row.kid,
    alg: row.alg as SigningAlgorithm, // Only addSigningKey writes it.
    publicJwk: JSON.parse(row.public_jwk),
    createdAt: row.created_at,
    signsFrom: row.signs_from,
    publishedUntil: row.published_until,
  };
}
