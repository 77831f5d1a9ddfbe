/**
 * A URI with the scheme `http` or `https` and only the characters of RFC 3986 §2. `URL.parse` would correct or remove
 * other characters.
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
  // `URL.parse` has normalized the case, the default port, dot segments and the empty path. It does not change
  // percent-escapes.
  return `${url.protocol}//${url.host}${normalizeEscapes(url.pathname)}`;
}

/**
 * Normalizes percent-escapes (RFC 3986 §6.2.2.1, §6.2.2.2): writes hex digits in upper case, and decodes unreserved
 * characters.
 */
function normalizeEscapes(path: string): string {
  return path.replaceAll(/%([0-9a-f]{2})/gi, (escape, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : escape.toUpperCase();
  });
}
