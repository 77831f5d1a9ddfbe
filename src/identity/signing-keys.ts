import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Store } from '../store/tables.ts';

/** A key pair that tokens are signed with. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  /** The private key. */
  readonly jwk: JWK;
}

/** The algorithm of every key made here. */
export const signingAlgorithm = 'ES256';

/** Makes a key; its `kid` is its thumbprint (RFC 7638). */
export async function newSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(signingAlgorithm, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, alg: signingAlgorithm, jwk: { ...jwk, kid, alg: signingAlgorithm, use: 'sig' } };
}

/** @param now milliseconds since the epoch */
export async function addSigningKey(store: Store, key: SigningKey, now: number): Promise<void> {
  await store
    .insertInto('signing_keys')
    .values({ kid: key.kid, alg: key.alg, jwk: JSON.stringify(key.jwk), created_at: now })
    .execute();
}

/** Every key, newest first: the first one signs. */
export async function signingKeys(store: Store): Promise<SigningKey[]> {
  const rows = await store.selectFrom('signing_keys').selectAll().orderBy('created_at', 'desc').execute();
  return rows.map((row) => ({ kid: row.kid, alg: row.alg, jwk: JSON.parse(row.jwk) }));
}

/** The public half, as it is published. */
export function publicJwk({ jwk }: SigningKey): JWK {
  const { kty, crv, x, y, kid, alg, use } = jwk;
  return { kty, crv, x, y, kid, alg, use } as JWK; // jose's union wants the literal of each key type
}
