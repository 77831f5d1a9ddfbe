import { isIP } from 'node:net';

/** The networks for which the attempts of a caller are counted. */
export interface CallerNetworks {
  /** The network of one subscriber: an IPv4 address, or the /64 of an IPv6 address. */
  readonly own: string;
  /**
   * The /48 around an IPv6 address. One site may have the whole /48, with 65,536 networks of /64 (RFC 6177 §2). Null
   * for IPv4.
   */
  readonly around: string | null;
}

/**
 * Returns the networks for which the attempts of an address are counted. A caller with one IPv6 address can use every
 * address of its /64, and perhaps of its /48 (RFC 6177 §2). If an IPv6 address contains an IPv4 address (RFC 4291
 * §2.5.5.2, RFC 6052 §2.1), it counts as the IPv4 address.
 *
 * @param address the address that a socket or a proxy reports. It may have a port, but an IPv6 address with a port must
 *   be in brackets. All texts that are not an address count as one caller.
 */
export function networkOf(address: string): CallerNetworks {
  const bare = withoutPort(address).replace(/%.*$/, '');
  const version = isIP(bare);
  if (version === 4) return { own: bare, around: null };
  if (version !== 6) return { own: 'unknown', around: null };
  const groups = groupsOf(bare);
  const embedded = embeddedIPv4(groups);
  if (embedded !== null) return { own: embedded, around: null };
  return { own: prefix(groups, 4), around: prefix(groups, 3) };
}

/**
 * The 96-bit prefixes of IPv6 addresses that contain an IPv4 address: IPv4-mapped addresses, and the prefix that NAT64
 * uses.
 */
const beforeIPv4: ReadonlySet<string> = new Set(['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0']);

function embeddedIPv4(groups: readonly number[]): string | null {
  if (!beforeIPv4.has(inHex(groups.slice(0, 6)))) return null;
  const [high = 0, low = 0] = groups.slice(6);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function prefix(groups: readonly number[], count: number): string {
  return `${inHex(groups.slice(0, count))}::/${count * 16}`;
}

function inHex(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}

function withoutPort(address: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): readonly number[] {
  // `URL` writes each address in one form, without dotted decimal at its end (RFC 5952).
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = [], right = []] = canonical.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
}
