import { isIP } from 'node:net';
import { isAddressRange } from '../../protocol/address-range.ts';
import { isSecureUrl } from '../../protocol/url.ts';

/**
 * Reads the value of `HOST`.
 *
 * @returns the address or host name as a socket needs it: an IPv6 address has no brackets. Null if the value is neither
 *   an address nor a host name
 */
export function listenAddress(value: string): string | null {
  const inBrackets = /^\[(.*)\]$/s.exec(value)?.[1];
  if (inBrackets !== undefined) return isIP(inBrackets) === 6 ? inBrackets : null;
  if (isIP(value) !== 0) return value;
  // If a value has only digits and dots and is not an IP address, it is a mistyped address.
  const isName = value.length <= 253 && /^[a-z\d_](?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*\.?$/i.test(value);
  return isName && !/^[\d.]+$/.test(value) ? value : null;
}

/** Reads the value of `CLAIMGATE_TRUSTED_PROXIES`. @returns null if the value is malformed */
export function trustedProxies(value: string): readonly string[] | null {
  const proxies = items(value);
  return proxies.every(isAddressRange) ? proxies : null;
}

/** Reads the value of `CLAIMGATE_ALLOWED_ORIGINS`. @returns null if the value is malformed */
export function allowedOrigins(value: string): readonly string[] | null {
  const origins = items(value);
  return origins.every(isOrigin) ? origins : null;
}

/**
 * Whether a text is an origin in the form that browsers send (RFC 6454 §6.2). The server compares origins as text. Apps
 * and extensions have their own schemes (`capacitor://localhost`, `chrome-extension://…`), for which the URL standard
 * defines no origin.
 */
function isOrigin(text: string): boolean {
  const url = /^[a-z][a-z\d+.-]*:\/\/[\w.:[\]-]+$/.test(text) ? URL.parse(text) : null;
  if (!url || schemesWithoutOrigin.has(url.protocol)) return false;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return url.href === text;
  return url.origin === text && isSecureUrl(url);
}

/** Schemes that are not allowed: their pages have no origin in browsers, or they load no page. */
const schemesWithoutOrigin: ReadonlySet<string> = new Set([
  'file:',
  'data:',
  'blob:',
  'about:',
  'javascript:',
  'ws:',
  'wss:',
  'ftp:',
]);

/**
 * Reads the value of `CLAIMGATE_ALLOWED_HEADERS`.
 *
 * @returns the names in lower case; null if the value is malformed
 */
export function headerNames(value: string): readonly string[] | null {
  const names = items(value).map((name) => name.toLowerCase());
  // The grammar of RFC 9110 §5.1 without `*`. In a preflight, `*` means every header except Authorization.
  return names.every((name) => /^[!#$%&'+\-.^_`|~\w]{1,100}$/.test(name)) ? names : null;
}

function items(value: string): readonly string[] {
  return value === '' ? [] : value.split(',').map((item) => item.trim());
}
