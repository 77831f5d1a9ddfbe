/**
 * Returns the stored part of the header `User-Agent`: its first 200 printable ASCII characters; null if it has no such
 * characters.
 */
export function userAgentOf(header: string | undefined): string | null {
  const text = (header ?? '')
    .replaceAll(/[^\x20-\x7e]/g, '')
    .slice(0, 200)
    .trim();
  return text === '' ? null : text;
}

const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/**
 * Names a browser for people, such as `Firefox on Linux`.
 *
 * @param userAgent from `userAgentOf`. For an unknown browser, the first 60 characters are returned
 */
export function describeBrowser(userAgent: string | null): string {
  if (userAgent === null) return 'A browser that does not say which';
  const named = (list: typeof browsers) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const [browser, system] = [named(browsers), named(systems)];
  if (browser === undefined) return userAgent.slice(0, 60);
  return system === undefined ? browser : `${browser} on ${system}`;
}
