import { isIP } from 'node:net';
import { isSecureUrl } from '../../protocol/url.ts';

/**
 * The address or host name in the value of `HOST`, as a socket takes it: an IPv6 address without the brackets of a URL.
 *
 * @returns null where it is neither
 */
export function listenAddress(value: string): string | null {
  const inBrackets = /^\[(.*)\]$/s.exec(value)?.[1];
  if (inBrackets !== undefined) return isIP(inBrackets) === 6 ? inBrackets : null;
  if (isIP(value) !== 0) return value;
  // Digits and dots alone are an address with a mistake in it.
  const isName = value.length <= 253 && /^[a-z\d_](?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*\.?$/i.test(value);
  return isName && !/^[\d.]+$/.test(value) ? value : null;
}

/** Ranges that Fastify's `trustProxy` knows by name. */
const namedRanges: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** The longest prefix of an address, by the version of IP. */
const longestPrefix: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/** The proxies in the value of `CLAIMGATE_TRUSTED_PROXIES`. @returns null where it is malformed */
export function trustedProxies(value: string): readonly string[] | null {
  const proxies = items(value);
  return proxies.every(isProxy) ? proxies : null;
}

/** An address, or a range in CIDR notation (RFC 4632 §3.1): but never all addresses, since then everybody could say who they are. */
function isProxy(text: string): boolean {
  if (namedRanges.has(text)) return true;
  const [address = '', prefix, ...more] = text.split('/');
  const longest = longestPrefix[isIP(address)];
  if (longest === undefined || more.length > 0) return false;
  return prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= longest);
}

/** The origins in the value of `CLAIMGATE_ALLOWED_ORIGINS`. @returns null where it is malformed */
export function allowedOrigins(value: string): readonly string[] | null {
  const origins = items(value);
  return origins.every(isOrigin) ? origins : null;
}

/**
 * An origin as a browser writes it (RFC 6454 §6.2): it is compared as text. Apps and extensions have schemes of their own
 * (`capacitor://localhost`, `chrome-extension://…`), which the URL standard gives no origin.
 */
function isOrigin(text: string): boolean {
  const url = /^[a-z][a-z\d+.-]*:\/\/[\w.:[\]-]+$/.test(text) ? URL.parse(text) : null;
  if (!url || shared.has(url.protocol)) return false;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return url.href === text;
  return url.origin === text && isSecureUrl(url);
}

/** Schemes whose pages browsers give no origin of their own, or that no page is loaded by. */
const shared: ReadonlySet<string> = new Set([
  'file:',
  'data:',
  'blob:',
  'about:',
  'javascript:',
  'ws:',
  'wss:',
  'ftp:',
]);

/** The header names in the value of `CLAIMGATE_ALLOWED_HEADERS`, in lower case. @returns null where it is malformed */
export function headerNames(value: string): readonly string[] | null {
  const names = items(value).map((name) => name.toLowerCase());
  // The grammar of RFC 9110 §5.1, without `*`: in a preflight it would name all but Authorization.
  return names.every((name) => /^[!#$%&'+\-.^_`|~\w]{1,100}$/.test(name)) ? names : null;
}

function items(value: string): readonly string[] {
  return value === '' ? [] : value.split(',').map((item) => item.trim());
}
