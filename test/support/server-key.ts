import { createPrivateKey, createPublicKey } from 'node:crypto';
import { publishedKeyPairs } from '../../src/identity/keys/signing-keys.ts';
import { type TestServer, withStore } from './server.ts';
import type { TestKey } from './tokens.ts';

/** Returns the signing key of the server. With it, a test can make a token that is wrong in only one respect. */
export async function serverKey(server: Pick<TestServer, 'databaseUrl'>): Promise<TestKey> {
  const [own] = await withStore(server, (store) => publishedKeyPairs(store, null, Date.now()));
  if (!own) throw new Error('the server has no key');
  const { kid, alg, privateJwk: jwk } = own;
  const privateKey = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  const publicKey = createPublicKey(privateKey);
  return { kid, alg, privateKey, publicKey, publicJwk: publicKey.export({ format: 'jwk' }) };
}

/** Returns the claims of a token. Does not verify it. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
