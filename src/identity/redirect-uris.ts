import { BlockList, isIP } from 'node:net';

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

/** RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5. @param hostname as URL parsers give it: addresses in one form each */
function isThisDevice(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  const address = name.replace(/^\[(.*)\]$/, '$1');
  const version = isIP(address);
  return version !== 0 && deviceAddresses.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** An IPv4 address in the form of IPv6 is checked as that address. */
const deviceAddresses = new BlockList();
deviceAddresses.addSubnet('127.0.0.0', 8);
deviceAddresses.addSubnet('0.0.0.0', 8);
// `::`, `::1`, and the addresses that RFC 4291 §2.5.5.1 took back, with an IPv4 address at their end.
deviceAddresses.addSubnet('::', 96, 'ipv6');
