import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts what the database keeps and nobody may read who has only the database. */
export interface Sealer {
  /**
   * @param purpose what it is and whose, such as `signing key <kid>`: sealed for one purpose, it opens for no other
   * @returns printable text that begins with `sealed:`
   */
  seal(text: string, purpose: string): string;
  /** Whether it was sealed with the first key. */
  isCurrent(text: string): boolean;
  /** @throws Error if it was sealed with a key that is not among these, for another purpose, or changed since. Says nothing of what is in it */
  open(sealed: string, purpose: string): string;
}

/** AES-256-GCM (NIST SP 800-38D): a nonce of 96 bits and a tag of 128. */
const cipher = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;
const prefix = 'sealed:';

interface NamedKey {
  /** Tells which key sealed something, and nothing of the key. */
  readonly name: string;
  readonly key: Buffer;
}

/**
 * @param keys of 32 bytes each: the first one seals, and all of them open, so that a key can be replaced while what the last one
 *   sealed is still there
 */
export function createSealer(keys: readonly [Uint8Array, ...Uint8Array[]]): Sealer {
  const named = keys.map(nameKey);
  return {
    seal(text, purpose) {
      const [{ name, key }] = named as [NamedKey]; // as many as keys
      const nonce = randomBytes(nonceLength);
      const encryption = createCipheriv(cipher, key, nonce, { authTagLength: tagLength }).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([nonce, encryption.update(text, 'utf8'), encryption.final(), encryption.getAuthTag()]);
      return `${prefix}${name}:${body.toString('base64url')}`;
    },

    isCurrent: (text) => text.startsWith(`${prefix}${named[0]?.name}:`),

    open(sealed, purpose) {
      const [, name, text = ''] = /^sealed:([\w-]+):([\w-]+)$/.exec(sealed) ?? [];
      const found = named.find((known) => known.name === name);
      if (!found) throw new Error(`what was sealed as "${purpose}" was sealed with a key that is not here`);
      const body = Buffer.from(text, 'base64url');
      const end = body.length - tagLength;
      try {
        const decryption = createDecipheriv(cipher, found.key, body.subarray(0, nonceLength), {
          authTagLength: tagLength,
        })
          .setAAD(Buffer.from(purpose))
          .setAuthTag(body.subarray(end));
        return Buffer.concat([decryption.update(body.subarray(nonceLength, end)), decryption.final()]).toString('utf8');
      } catch {
        throw new Error(`what was sealed as "${purpose}" does not open: it was changed, or sealed for something else`);
      }
    },
  };
}

/** Whether this is what `seal` returned, and not text in clear. */
export function isSealed(text: string): boolean {
  return text.startsWith(prefix);
}

/** What is used is derived from what was given (RFC 5869), so that its name, which is stored, is not of the key itself. */
function nameKey(given: Uint8Array): NamedKey {
  const key = Buffer.from(hkdfSync('sha256', given, '', 'claimgate at rest', 32));
  const name = createHash('sha256').update('claimgate key name').update(key).digest('base64url').slice(0, 8);
  return { name, key };
}
