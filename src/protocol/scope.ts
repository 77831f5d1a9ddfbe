/** `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`: visible ASCII without `"` and `\`. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Whether a text is one scope token (RFC 6749 §3.3). A space separates tokens, so a text with a space is not a token.
 *
 * Does not check that the scope exists.
 */
export function isScopeToken(text: string): boolean {
  return scopeToken.test(text);
}

/**
 * Reads a scope string by its grammar: `scope-token *( SP scope-token )` (RFC 6749 §3.3). Use it for the text of a
 * developer or operator, because a mistake there must be reported.
 *
 * @returns its scopes, each once, in their order; null if the text is empty or malformed
 */
export function parseScope(text: string): readonly string[] | null {
  const tokens = text.split(' ');
  return tokens.every(isScopeToken) ? [...new Set(tokens)] : null;
}

/**
 * Splits a scope string of another party at its spaces, and ignores empty parts. Use it for the text of an issuer or a
 * client, which may be empty or have extra spaces. Scopes are compared as exact strings, so a malformed scope matches
 * no configured scope.
 */
export function scopeTokens(text: string): readonly string[] {
  return text.split(' ').filter((token) => token !== '');
}
