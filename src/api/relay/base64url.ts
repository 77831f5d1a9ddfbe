/** Text as an opaque identifier: callers hand it back as it is. */
export function toBase64url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

/** @returns what `toBase64url` was given; null for anything it never returned: Node decodes whatever it is offered */
export function fromBase64url(encoded: string): string | null {
  if (encoded.length > 1024) return null;
  const text = Buffer.from(encoded, 'base64url').toString('utf8');
  return toBase64url(text) === encoded ? text : null;
}
