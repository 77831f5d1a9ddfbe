import { argon2 as argon2Callback, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const argon2 = promisify(argon2Callback);

/** The parameters of argon2id that the OWASP Password Storage Cheat Sheet recommends: 19 MiB (`memory` in KiB), two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 };
/** The length of a hash, in bytes. */
const tagLength = 32;

/** Hashes a password with argon2id and a new salt. @returns a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash` */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive(password, nonce, cost);
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(nonce)}$${base64(tag)}`;
}

/**
 * Finds out whether a stored hash is the hash of this password. The comparison takes constant time.
 *
 * @param stored from `hashPassword`; undefined if there is no account. Then the result is false, after the same time.
 * @throws Error if `stored` is not a PHC string of argon2id
 */
export async function passwordMatches(password: string, stored: string | undefined): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored ?? unknownPassword);
  if (!match) throw new Error('A stored password hash is not in the form of argon2id');
  const [, memory, passes, parallelism, nonce = '', tag = ''] = match;
  const expected = Buffer.from(tag, 'base64');
  const actual = await derive(password, Buffer.from(nonce, 'base64'), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  });
  return timingSafeEqual(actual, expected) && stored !== undefined;
}

/** A random hash, which no known password has. */
const unknownPassword = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(randomBytes(16))}$${base64(randomBytes(tagLength))}`;

function derive(password: string, nonce: Buffer, parameters: typeof cost): Promise<Buffer> {
  // Some devices send é as one code point, others as e and a combining accent.
  return argon2('argon2id', { message: password.normalize('NFC'), nonce, tagLength, ...parameters });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
