/** Encodes bytes as base64url without padding (RFC 4648 §5). */
export function base64url(bytes: Uint8Array): string {
  // A call with an argument for each byte would exhaust the stack for a long text.
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Decodes base64url as UTF-8. @throws Error if the text is neither */
export function textOfBase64url(encoded: string): string {
  const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Returns the S256 code challenge of a code verifier (RFC 7636 §4.2). */
export async function codeChallengeOf(verifier: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

/**
 * Returns the header and the claims of a JWT in compact form. The signature is not verified.
 *
 * @returns null if the token is not a JWT
 */
export function decodeJwt(
  token: string,
): { readonly header: Readonly<Record<string, unknown>>; readonly claims: Readonly<Record<string, unknown>> } | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  const [header, claims] = [decodeObject(parts[0] ?? ''), decodeObject(parts[1] ?? '')];
  return header && claims ? { header, claims } : null;
}

function decodeObject(part: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(textOfBase64url(part));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Returns the scopes in the claim `scope` (RFC 9068 §2.2.3) or `scp`. */
export function scopesOf(claims: Readonly<Record<string, unknown>> | null): readonly string[] {
  const value = claims?.['scope'] ?? claims?.['scp'];
  const list: readonly unknown[] = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
  return apiScopes(list.filter((scope): scope is string => typeof scope === 'string' && scope !== ''));
}

/** Scopes of OpenID Connect, which grant nothing at the API. */
const openIdConnectScopes: ReadonlySet<string> = new Set(['openid', 'offline_access']);

/** Returns the distinct scopes of the API, in alphabetical order. */
export function apiScopes(scopes: readonly string[]): readonly string[] {
  return [...new Set(scopes)].filter((scope) => !openIdConnectScopes.has(scope)).sort();
}
