/**
 * A URI with the scheme `http` or `https` that has only the characters of RFC 3986 §2. `URL.parse` would change or
 * remove other characters.
 */
const httpUri = /^https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/i;

/**
 * Returns a URL without query and fragment, in normal form (RFC 3986 §6.2.2, §6.2.3). Two equivalent URLs have the same
 * normal form. RFC 9449 §4.3 advises this comparison for `htu`.
 *
 * @returns null if the text is not an http or https URL, or has a user name or password
 */
export function normalizeTarget(uri: string): string | null {
  const url = httpUri.test(uri) ? URL.parse(uri) : null;
  if (!url || url.username || url.password) return null;
  // `URL.parse` has already normalized everything except percent-escapes.
  return `${url.protocol}//${url.host}${normalizeEscapes(url.pathname)}`;
}

/**
 * Writes the hex digits of percent-escapes in upper case, and decodes unreserved characters (RFC 3986 §6.2.2.1,
 * §6.2.2.2).
 */
function normalizeEscapes(path: string): string {
  return path.replaceAll(/%([0-9a-f]{2})/gi, (escape, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : escape.toUpperCase();
  });
}
