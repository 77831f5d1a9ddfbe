/** The characters of a URI (RFC 3986 §2), behind a scheme that HTTP has: the parser below would mend or drop any other. */
const httpUri = /^https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/i;

/**
 * A URL without query and fragment, in the form in which two that mean the same are the same text: by syntax and by scheme
 * (RFC 3986 §6.2.2, §6.2.3), as RFC 9449 §4.3 asks for `htu`.
 *
 * @returns `null` where it is no http(s) URL, or names a user
 */
export function normalizeTarget(uri: string): string | null {
  const url = httpUri.test(uri) ? URL.parse(uri) : null;
  if (!url || url.username || url.password) return null;
  // The parser did case, default port, dot segments and the empty path; the escapes it leaves as they are.
  return `${url.protocol}//${url.host}${normalizeEscapes(url.pathname)}`;
}

/** RFC 3986 §6.2.2.1 and §6.2.2.2: capital hex digits, and no escape for what needs none. */
function normalizeEscapes(path: string): string {
  return path.replaceAll(/%([0-9a-f]{2})/gi, (escape, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : escape.toUpperCase();
  });
}
