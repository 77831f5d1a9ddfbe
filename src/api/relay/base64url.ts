/** Encodes a string as an opaque identifier. Callers send it back unchanged. */
export function toBase64url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

/**
 * Decodes an identifier of `toBase64url`.
 *
 * @returns null if the text is not an exact result of `toBase64url`, or is longer than 1,024 characters. Node.js alone
 * would decode more texts
 */
export function fromBase64url(encoded: string): string | null {
  if (encoded.length > 1024) return null;
  const text = Buffer.from(encoded, 'base64url').toString('utf8');
  return toBase64url(text) === encoded ? text : null;
}
