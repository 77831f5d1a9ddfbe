import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Selectable } from 'kysely';
import type { SigningAlgorithm } from '../../protocol/algorithms.ts';
import type { Sealer } from '../../store/connections/sealing.ts';
import type { Store, Tables } from '../../store/tables.ts';
import { openSecret, purposeOfKey, sealSecret } from './sealed.ts';

/** A key pair that tokens are signed with, as everybody may know it. Times are in milliseconds since the epoch. */
export interface SigningKey {
  /** Its thumbprint (RFC 7638). */
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly publicJwk: JWK;
  readonly createdAt: number;
  /** From then on it signs, until a later one does. */
  readonly signsFrom: number;
  /** Until then it is published and what it signed counts; null: no end is set. */
  readonly publishedUntil: number | null;
}

/** A key with what signs. */
export interface SigningKeyPair extends SigningKey {
  readonly privateJwk: JWK;
}

/** `published`: not signing yet; `signing`; `retired`: published for what it signed; `withdrawn`: counts no more. */
export type KeyState = 'published' | 'signing' | 'retired' | 'withdrawn';

/** Makes a key pair. @param signsFrom and `now`: milliseconds since the epoch */
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

/** @param sealer encrypts the private half; null: it is kept in clear */
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

/** Every key there was, the one that signs last first; no private half is read. */
export async function listSigningKeys(store: Store): Promise<SigningKey[]> {
  const rows = await store.selectFrom('signing_keys').selectAll().execute();
  return rows.map(signingKey).toSorted(byBeginning);
}

/**
 * The keys that are published at a time, with their private halves: first the one that signs, then those that will, then those
 * that did.
 *
 * @throws Error where a private half was sealed and cannot be opened, or there is no key
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

/** The first one signs. */
export type KeyPairs = readonly [SigningKeyPair, ...SigningKeyPair[]];

/** Which of some keys, the last to begin first, signs at a time: before the first one begins, that one. */
export function signingAt<Key extends SigningKey>(keys: readonly Key[], now: number): Key | undefined {
  const good = keys.filter(({ publishedUntil }) => publishedUntil === null || publishedUntil > now);
  return good.find(({ signsFrom }) => signsFrom <= now) ?? good.at(-1);
}

/** @param keys all of them, the last to begin first */
export function keyStateAt(keys: readonly SigningKey[], key: SigningKey, now: number): KeyState {
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
    alg: row.alg as SigningAlgorithm, // written by addSigningKey alone
    publicJwk: JSON.parse(row.public_jwk),
    createdAt: row.created_at,
    signsFrom: row.signs_from,
    publishedUntil: row.published_until,
  };
}
