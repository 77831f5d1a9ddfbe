import { argon2 as argon2Callback, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const argon2 = promisify(argon2Callback);

/** A cost too low for a server, in the parameters of argon2id. */
export const cheapCost = { memory: 8, passes: 1, parallelism: 1 };

/**
 * Hashes a password as `hashPassword` does, but with a cost too low for a server. A stored hash contains its cost, so a
 * sign-in with it is cheap too. Do not use it in tests of the cost of a sign-in.
 */
export async function hashCheaply(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await argon2('argon2id', { message: password.normalize('NFC'), nonce, tagLength: 32, ...cheapCost });
  const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${cheapCost.memory},t=${cheapCost.passes},p=${cheapCost.parallelism}$${base64(nonce)}$${base64(tag)}`;
}
