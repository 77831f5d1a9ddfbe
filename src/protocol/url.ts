import { BlockList, isIP } from 'node:net';

/** The loopback hosts for which plain http is allowed (RFC 8252 §7.3, §8.3). */
const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a host is `localhost`, `127.0.0.1` or `[::1]`. Plain http is allowed only for these hosts.
 *
 * Other loopback addresses such as `127.0.0.2` are not in the list, because a container or a second interface can
 * forward them. Use `isThisDevice` to find out whether a host may be this device.
 *
 * @param hostname the value of `URL.hostname`
 */
export function isLoopbackHost(hostname: string): boolean {
  return loopbackHosts.has(hostname);
}

/** Whether a URL is plain http to a loopback host. */
export function isLoopbackUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && isLoopbackHost(hostname);
}

/** Whether a URL is https, or plain http to a loopback host. */
export function isSecureUrl(url: URL): boolean {
  return url.protocol === 'https:' || isLoopbackUrl(url);
}

/**
 * Whether a host may be this device. This includes every loopback or unspecified address, `localhost`, and every name
 * below `localhost` (RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5). Use it to refuse trust, or to keep a request on
 * this device.
 *
 * Does not resolve a name. Therefore another name may also resolve to a loopback address.
 *
 * @param hostname the value of `URL.hostname`
 */
export function isThisDevice(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  const address = name.replace(/^\[(.*)\]$/, '$1');
  const version = isIP(address);
  return version !== 0 && deviceAddresses.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** The addresses of this device. An IPv4-mapped IPv6 address is checked as its IPv4 address. */
const deviceAddresses = new BlockList();
deviceAddresses.addSubnet('127.0.0.0', 8);
deviceAddresses.addSubnet('0.0.0.0', 8);
// `::`, `::1`, and the deprecated IPv4-compatible addresses of RFC 4291 §2.5.5.1.
deviceAddresses.addSubnet('::', 96, 'ipv6');

/** Whether a value is a resource indicator: an absolute URI without a fragment (RFC 8707 §2). */
export function isResourceIndicator(value: unknown): value is string {
  return typeof value === 'string' && URL.canParse(value) && !value.includes('#');
}
