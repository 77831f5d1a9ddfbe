import { isThisDevice } from '../../protocol/url.ts';

/** RFC 8252 §7.3: a native application listens on a loopback address. */
const loopbackHosts = new Set(['127.0.0.1', '[::1]']);

/**
 * Whether an application of this type may register a redirect URI: https, or for a native application a loopback
 * address (RFC 8252 §7.3) or a private-use scheme in reverse domain notation (RFC 8252 §7.1).
 *
 * @returns what is wrong with it, in words for the person who registers; null if nothing is
 */
export function redirectUriFault(uri: string, applicationType: 'web' | 'native'): string | null {
  const url = URL.parse(uri);
  if (!url) return 'it is not an absolute URI';
  // URL parsers mend these, and others that read the same text come to another host.
  if (/["<>\\^`{|}]/.test(uri)) return 'it holds a character no URI has (RFC 3986 §2)';
  if (/^https?:(?!\/\/[^/])/i.test(uri)) return 'its scheme is followed by // and a host (RFC 9110 §4.2)';
  if (uri.includes('#')) return 'it has a fragment (RFC 6749 §3.1.2)';
  if (url.username || url.password) return 'it has a user name or password';
  // URL parsers let pass what no host name has, and it would come to stand in a header.
  if (!/^[\w.:[\]-]*$/.test(url.host)) return 'its host holds a character that no host name has';
  if (url.protocol === 'https:') return null;
  if (applicationType === 'web') return 'a web application needs https';
  if (url.protocol === 'http:') {
    return loopbackHosts.has(url.hostname) ? null : 'plain http is for 127.0.0.1 and [::1] (RFC 8252 §7.3)';
  }
  return url.protocol.includes('.')
    ? null
    : 'a private-use scheme is a reversed domain name, like com.example.app (RFC 8252 §7.1)';
}

/**
 * The origin of a redirect URI for which a yes may be remembered: https, and not this device. Behind a loopback address or a
 * private-use scheme is whatever program runs there (RFC 8252 §8.6).
 *
 * @returns null for every other redirect URI
 */
export function rememberedOrigin(uri: string): string | null {
  const url = URL.parse(uri);
  return url?.protocol === 'https:' && !isThisDevice(url.hostname) ? url.origin : null;
}
