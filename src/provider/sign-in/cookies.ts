import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * How long the pages of one prompt of a sign-in can be used. The sign-in page and the consent page have this time each.
 * The time is short, because callers without an account can begin any number of sign-ins.
 */
export const interactionLifetimeSeconds: number = 15 * 60;
/** How long a browser stays signed in. */
export const sessionLifetimeSeconds: number = 14 * 24 * 60 * 60;
/** How long a session without an account is stored. The library makes such sessions for the sign-out page. */
export const anonymousSessionLifetimeSeconds: number = 10 * 60;

/**
 * The attributes of our cookies. Scripts cannot read these cookies, and POST requests of other sites do not contain
 * them.
 */
export interface CookieAttributes {
  readonly httpOnly: true;
  readonly sameSite: 'lax';
  readonly signed: true;
  /** Whether browsers send it over https only. */
  readonly secure: boolean;
}

/** The names and attributes of the cookies of the authorization server. */
export interface CookieSettings {
  readonly names: { readonly session: string; readonly interaction: string; readonly resume: string };
  /** The name of the cookie that distinguishes browsers (browser-binding.ts). */
  readonly browser: string;
  readonly attributes: CookieAttributes;
}

/** Reads the cookies of a request and sets the cookies of the answer. */
export type Cookies = KoaContextWithOIDC['cookies'];

/**
 * Returns the cookie settings for a public URL.
 *
 * On https, the cookies of the session and of the browser have the prefix `__Host-` (RFC 6265bis §4.1.3.2). A browser
 * accepts a cookie with this prefix only from this host and for all its paths. Therefore a sibling domain cannot set
 * it. The library sets a path for the cookies of an interaction, so they have the prefix `__Secure-`. A sibling domain
 * can set these cookies. Therefore the server also checks the cookie of the browser (browser-binding.ts).
 *
 * @param issuer the public URL. On plain http, which is for loopback only, browsers do not accept the prefixes
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
