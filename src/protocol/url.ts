import { BlockList, isIP } from 'node:net';

/** The loopback host names to which plain http is allowed, as the URL standard spells them (RFC 8252 §7.3, §8.3). */
const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a host is one of the three loopback hosts that configuration may name with plain http: `localhost`, `127.0.0.1`, `[::1]`.
 *
 * The list is exact on purpose. 127.0.0.2 is also a loopback address, but a container or a second interface can forward it. The
 * documentation names these three. Use `isThisDevice` to find out whether a host may be this device.
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

/** Whether a request to a URL cannot be read or changed on the network: https, or plain http to a loopback host. */
export function isSecureUrl(url: URL): boolean {
  return url.protocol === 'https:' || isLoopbackUrl(url);
}

/**
 * Whether a host can be this device: any loopback or unspecified address, `localhost`, and every name below it (RFC
 * 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5). The list is wide on purpose: use it to refuse trust, or to prevent that
 * a request leaves this device.
 *
 * Does not resolve a name: another name may still resolve to a loopback address.
 *
 * @param hostname the value of `URL.hostname`, which spells each address in one form
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
