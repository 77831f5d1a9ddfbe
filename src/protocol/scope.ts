/** `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`: visible ASCII without `"` and `\`. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * Whether a text is one scope token (RFC 6749 §3.3).
 *
 * Does not check that the scope exists.
 */
export function isScopeToken(text: string): boolean {
  return scopeToken.test(text);
}

/**
 * Reads a scope string by its grammar: `scope-token *( SP scope-token )` (RFC 6749 §3.3). Use it for a text of a
 * developer or operator, whose mistakes must be reported.
 *
 * @returns the scopes in their order, without duplicates; null if the text is empty or malformed
 */
export function parseScope(text: string): readonly string[] | null {
  const tokens = text.split(' ');
  return tokens.every(isScopeToken) ? [...new Set(tokens)] : null;
}

/**
 * Splits a scope string at its spaces, and ignores empty parts. Use it for a text of an issuer or client, which may be
 * empty or have extra spaces. A malformed scope is returned too, but it matches no configured scope.
 */
export function scopeTokens(text: string): readonly string[] {
  return text.split(' ').filter((token) => token !== '');
}
