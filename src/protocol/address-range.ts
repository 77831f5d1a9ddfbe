import { BlockList, isIP } from 'node:net';

/** The ranges of IP addresses for which Fastify's `trustProxy` has a name. */
export const namedRanges: ReadonlyMap<string, readonly string[]> = new Map([
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['linklocal', ['169.254.0.0/16', 'fe80::/10']],
  ['uniquelocal', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
]);

/** The largest prefix length of a range in bits, by IP version. */
const maxPrefixBits: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/**
 * Whether a text is an address, the name of a range, or a range in CIDR notation (RFC 4632 §3.1). A range of all
 * addresses is not accepted, because every caller could then choose its own address.
 */
export function isAddressRange(text: string): boolean {
  if (namedRanges.has(text)) return true;
  const [address = '', prefix, ...more] = text.split('/');
  const maxBits = maxPrefixBits[isIP(address)];
  if (maxBits === undefined || more.length > 0) return false;
  return prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= maxBits);
}

/**
 * Makes a function that returns whether an address is in one of the ranges. An IPv4-mapped IPv6 address is checked as
 * its IPv4 address.
 *
 * @param ranges - ranges that `isAddressRange` accepts
 * @throws the error of `BlockList` if a range is malformed
 */
export function addressMatcher(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges.flatMap((name) => namedRanges.get(name) ?? [name])) {
    const [address = '', prefix] = range.split('/');
    const version = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, version);
    else list.addSubnet(address, Number(prefix), version);
  }
  return (text) => {
    // A link-local address may have a zone after `%` (RFC 4007 §11).
    const [address = ''] = text.split('%');
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}
