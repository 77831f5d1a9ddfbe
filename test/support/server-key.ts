import { createPrivateKey, createPublicKey } from 'node:crypto';
import { publishedKeyPairs } from '../../src/identity/keys/signing-keys.ts';
import { type TestServer, withStore } from './server.ts';
import type { TestKey } from './tokens.ts';

/** The server's own key, as nobody outside has it: with it a token can be wrong in one respect alone. */
export async function serverKey(server: Pick<TestServer, 'databaseUrl'>): Promise<TestKey> {
  const [own] = await withStore(server, (store) => publishedKeyPairs(store, null, Date.now()));
  if (!own) throw new Error('the server has no key');
  const { kid, alg, privateJwk: jwk } = own;
  const privateKey = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  const publicKey = createPublicKey(privateKey);
  return { kid, alg, privateKey, publicKey, publicJwk: publicKey.export({ format: 'jwk' }) };
}

/** The claims of a token, whoever signed it. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
