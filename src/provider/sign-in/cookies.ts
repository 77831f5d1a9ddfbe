import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * How long a sign-in may take from the first page on, and how long a browser stays signed in: seconds. Callers without an account
 * begin as many sign-ins as they like, so that one lives for minutes.
 */
export const interactionLifetime: number = 15 * 60;
export const sessionLifetime: number = 14 * 24 * 60 * 60;
/** How long a session without an account is kept, which the library makes for the page that signs out: seconds. */
export const anonymousSessionLifetime: number = 10 * 60;

/** How a cookie of a sign-in is set: no script reads it, and no other site's form sends it along. */
export interface CookieAttributes {
  readonly httpOnly: true;
  readonly sameSite: 'lax';
  readonly signed: true;
  /** Over https alone. */
  readonly secure: boolean;
}

/** The cookies of the authorization server. */
export interface CookieSettings {
  readonly names: { readonly session: string; readonly interaction: string; readonly resume: string };
  /** The name of the cookie that tells browsers apart (`browser.ts`). */
  readonly browser: string;
  readonly attributes: CookieAttributes;
}

/** Reads and sets cookies of a request. */
export type Cookies = KoaContextWithOIDC['cookies'];

/**
 * The cookies for a public URL. On https the session and the browser are `__Host-` cookies (RFC 6265bis §4.1.3.2): a browser
 * takes one only from this host, for all of its paths, so no sibling domain can plant it. The library gives the cookies of a
 * sign-in that is under way a path, so those are `__Secure-`: what they name is compared with the browser's cookie instead.
 *
 * @param issuer the public URL. On plain http, which is for loopback alone, browsers take no such names.
 */
export function cookiesFor(issuer: string): CookieSettings {
  const secure = new URL(issuer).protocol === 'https:';
  const [host, path] = secure ? ['__Host-', '__Secure-'] : ['', ''];
  return {
    names: {
      session: `${host}claimgate_session`,
      interaction: `${path}claimgate_interaction`,
      resume: `${path}claimgate_resume`,
    },
    browser: `${host}claimgate_browser`,
    attributes: { httpOnly: true, sameSite: 'lax', signed: true, secure },
  };
}
