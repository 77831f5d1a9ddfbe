import { isThisDevice } from '../../protocol/url.ts';
import { type CheckContext, FieldFault } from './checks.ts';

const maxUris = 10;
/** In UTF-16 units. */
const maxUriLength = 1_000;

/** @throws FieldFault for redirect URIs that are not allowed for an application of this type with these grant types */
export function checkedRedirectUris(given: readonly string[], context: CheckContext): readonly string[] {
  const { grantTypes } = context;
  if (!grantTypes.includes('authorization_code')) {
    if (given.length === 0) return given;
    throw new FieldFault('expected none, since without authorization_code no browser is sent back');
  }
  if (given.length === 0) throw new FieldFault(`expected 1 to ${maxUris}, all different`);
  return checkedUris(given, context, 1);
}

/** @throws FieldFault for URIs that are not allowed as targets after a sign-out */
export function checkedPostLogoutUris(given: readonly string[], context: CheckContext): readonly string[] {
  return checkedUris(given, context, 0);
}

function checkedUris(uris: readonly string[], { applicationType }: CheckContext, minUris: 0 | 1): readonly string[] {
  if (uris.length > maxUris || new Set(uris).size < uris.length) {
    throw new FieldFault(`expected ${minUris === 1 ? '1 to' : 'up to'} ${maxUris}, all different`);
  }
  for (const [index, uri] of uris.entries()) {
    const fault = itemFault(uri, applicationType);
    if (fault !== null) throw new FieldFault(fault, index);
  }
  return uris;
}

/** A fault of one item of a list. */
export interface ItemFault {
  readonly index: number;
  /** What is wrong with it, for the person who registers. */
  readonly fault: string;
}

/**
 * Finds every fault of the redirect URIs of an application, for a page that shows them beside each other. A
 * registration stops at the first one. Does not check an empty list.
 *
 * @returns at most one fault for each URI, and none for the URIs after the eleventh
 */
export function redirectUriFaults(uris: readonly string[], applicationType: 'web' | 'native'): readonly ItemFault[] {
  return uris.slice(0, maxUris + 1).flatMap((uri, index) => {
    const fault =
      index >= maxUris
        ? `expected at most ${maxUris} redirect URIs`
        : uris.indexOf(uri) < index
          ? 'it is the same as an earlier one'
          : itemFault(uri, applicationType);
    return fault === null ? [] : [{ index, fault }];
  });
}

function itemFault(uri: string, applicationType: 'web' | 'native'): string | null {
  if (uri.length > maxUriLength) return `longer than ${maxUriLength} characters`;
  // URL parsers remove spaces and line breaks, but redirect URIs are compared character by character.
  if (!/^[\x21-\x7e]+$/.test(uri)) return 'it holds a character no URI has';
  return redirectUriFault(uri, applicationType);
}

/** The hosts of a native application that listens on a loopback address (RFC 8252 §7.3). */
const nativeHosts: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]']);

/**
 * Finds out whether an application of this type may register a redirect URI. Every application may register https. A
 * native application may also register a loopback address (RFC 8252 §7.3) or a private-use scheme in reverse domain
 * notation (RFC 8252 §7.1).
 *
 * @returns what is wrong with it, for the person who registers; null if it is allowed
 */
export function redirectUriFault(uri: string, applicationType: 'web' | 'native'): string | null {
  const url = URL.parse(uri);
  if (!url) return 'it is not an absolute URI';
  // Some URL parsers correct these characters. Other parsers find another host in the same URI.
  if (/["<>\\^`{|}]/.test(uri)) return 'it holds a character no URI has (RFC 3986 §2)';
  if (/^https?:(?!\/\/[^/])/i.test(uri)) return 'its scheme is followed by // and a host (RFC 9110 §4.2)';
  if (uri.includes('#')) return 'it has a fragment (RFC 6749 §3.1.2)';
  if (url.username || url.password) return 'it has a user name or password';
  // URL parsers accept characters that no host name has, and the host is written into a header.
  if (!/^[\w.:[\]-]*$/.test(url.host)) return 'its host holds a character that no host name has';
  if (url.protocol === 'https:') return null;
  if (applicationType === 'web') return 'a web application needs https';
  if (url.protocol === 'http:') {
    return nativeHosts.has(url.hostname) ? null : 'plain http is for 127.0.0.1 and [::1] (RFC 8252 §7.3)';
  }
  return url.protocol.includes('.')
    ? null
    : 'a private-use scheme is a reversed domain name, like com.example.app (RFC 8252 §7.1)';
}

/**
 * Returns the origin of a redirect URI if consents for it may be remembered. The URI must be https, and its host must
 * not be the person's device. Any program on the device can listen on a loopback address or register a private-use
 * scheme (RFC 8252 §8.6).
 *
 * @returns null for every other redirect URI
 */
export function rememberedOrigin(uri: string): string | null {
  const url = URL.parse(uri);
  return url?.protocol === 'https:' && !isThisDevice(url.hostname) ? url.origin : null;
}
