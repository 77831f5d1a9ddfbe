import { isIP } from 'node:net';

/** What a caller's address is counted as. */
export interface Network {
  /** One subscriber: an IPv4 address, or the /64 of an IPv6 address. */
  readonly own: string;
  /** The /48 around an IPv6 address: one site may have all of it (RFC 6177 §2), and with it 65,536 of the /64. Null for IPv4. */
  readonly around: string | null;
}

/**
 * What an address is counted as: a caller with one IPv6 address has all of its /64, and may have its /48 (RFC 6177 §2). An IPv4
 * address in a form of IPv6 (RFC 4291 §2.5.5.2, RFC 6052 §2.1) is that IPv4 address.
 *
 * @param address as a socket or a proxy gives it, perhaps with a port. Text that is no address is counted as one caller.
 */
export function networkOf(address: string): Network {
  const bare = withoutPort(address).replace(/%.*$/, '');
  const version = isIP(bare);
  if (version === 4) return { own: bare, around: null };
  if (version !== 6) return { own: 'unknown', around: null };
  const groups = groupsOf(bare);
  const embedded = embeddedIPv4(groups);
  if (embedded !== null) return { own: embedded, around: null };
  return { own: prefix(groups, 4), around: prefix(groups, 3) };
}

/** The prefixes of 96 bits before an IPv4 address: IPv4-mapped, and what a translator of a network without IPv4 puts before it. */
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
  // In one spelling, with no dotted quad at its end (RFC 5952).
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = [], right = []] = canonical.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
}
