import type { IncomingHttpHeaders } from 'node:http';
import type { SeenBrowser } from '../../store/artifacts/artifact.ts';

/** How many characters of a header are read at most. */
const maxHeaderLength = 500;
/** How many characters of `User-Agent` are stored at most. */
const maxStoredLength = 200;
/** How many characters of the name of an unknown program are shown at most. */
const maxShownLength = 40;

/**
 * Returns the stored part of the header `User-Agent`: its first 200 printable ASCII characters; null if it has no such
 * characters.
 */
export function userAgentOf(header: string | undefined): string | null {
  const text = printable(header).slice(0, maxStoredLength).trim();
  return text === '' ? null : text;
}

/**
 * Names the browser of a request in words, such as `Firefox on Linux`. The names come from `User-Agent` and from the
 * client hints that browsers send without a request for them (User-Agent Client Hints §3). The browser chooses these
 * headers, and the server does not verify them. Apart from the beginning of an unknown `User-Agent`, the answer
 * contains only names from this file.
 */
export function seenBrowser(headers: IncomingHttpHeaders): SeenBrowser {
  const userAgent = userAgentOf(headers['user-agent']);
  const hinted = {
    brands: printable(headers['sec-ch-ua']),
    platform: printable(headers['sec-ch-ua-platform']),
  };
  return { userAgent, browser: describeBrowser(userAgent, hinted) };
}

type Names = readonly (readonly [RegExp, string])[];

/** The brands of browsers that look like Chrome in `User-Agent`. */
const brands: Names = [
  [/"Microsoft Edge"/, 'Edge'],
  [/"Opera[^"]{0,10}"/, 'Opera'],
  [/"Brave"/, 'Brave'],
  [/"Vivaldi"/, 'Vivaldi'],
  [/"Samsung Internet"/, 'Samsung Internet'],
  [/"(Google Chrome|Chromium|HeadlessChrome)"/, 'Chrome'],
];
const platforms: Names = [
  [/^"Android"$/, 'Android'],
  [/^"iOS"$/, 'iOS'],
  [/^"Windows"$/, 'Windows'],
  [/^"macOS"$/, 'macOS'],
  [/^"(Chrome|Chromium) OS"$/, 'ChromeOS'],
  [/^"Linux"$/, 'Linux'],
];
const browsers: Names = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const systems: Names = [
  [/\bAndroid\b/, 'Android'],
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/**
 * Names a browser for people.
 *
 * @param userAgent from `userAgentOf`. If the browser is not known, its first 40 characters are quoted
 * @param hinted the client hints. Default: none were sent
 */
export function describeBrowser(
  userAgent: string | null,
  hinted: { readonly brands: string; readonly platform: string } = { brands: '', platform: '' },
): string {
  const browser = named(brands, hinted.brands) ?? named(browsers, userAgent ?? '');
  const system = named(platforms, hinted.platform) ?? named(systems, userAgent ?? '');
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`;
  if (userAgent !== null) return `A program that calls itself “${userAgent.slice(0, maxShownLength)}”`;
  return system === undefined ? 'An unknown browser' : `An unknown browser on ${system}`;
}

function named(list: Names, text: string): string | undefined {
  return list.find(([pattern]) => pattern.test(text))?.[1];
}

function printable(header: string | readonly string[] | undefined): string {
  return String(header ?? '')
    .slice(0, maxHeaderLength)
    .replaceAll(/[^\x20-\x7e]/g, '');
}
