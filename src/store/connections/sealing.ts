import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts values. A person who can read only the database does not learn them. */
export interface Sealer {
  /**
   * Encrypts a text.
   *
   * @param purpose the use of the text, such as `signing key <kid>`. `open` needs the same purpose.
   * @returns printable text that begins with `sealed:`
   */
  seal(text: string, purpose: string): string;
  /** Whether a text was sealed with the first key. */
  isCurrent(text: string): boolean;
  /**
   * Decrypts a text.
   *
   * @throws Error if the text was sealed with an unknown key, sealed for another purpose, or changed. The message
   *   contains no part of the text.
   */
  open(sealed: string, purpose: string): string;
}

/** AES-256-GCM (NIST SP 800-38D): a nonce of 96 bits and a tag of 128 bits. */
const cipher = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;
const prefix = 'sealed:';

interface NamedKey {
  /** Identifies the key that sealed a text. It reveals nothing of the key. */
  readonly name: string;
  readonly key: Buffer;
}

/**
 * Returns a sealer.
 *
 * @param keys of 32 bytes each. The first key seals, and every key opens. To replace a key, put the new key first and
 *   keep the old key until its texts are sealed again.
 */
export function createSealer(keys: readonly [Uint8Array, ...Uint8Array[]]): Sealer {
  const named = keys.map(nameKey);
  return {
    seal(text, purpose) {
      const [{ name, key }] = named as [NamedKey]; // It has as many items as `keys`.
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

/** Whether a text is sealed. */
export function isSealed(text: string): boolean {
  return text.startsWith(prefix);
}

/** Derives the key that seals (RFC 5869), and its name. The stored name reveals nothing of the configured key. */
function nameKey(secret: Uint8Array): NamedKey {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'claimgate at rest', 32));
  const name = createHash('sha256').update('claimgate key name').update(key).digest('base64url').slice(0, 8);
  return { name, key };
}
