import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { seenBrowser } from '../../../src/provider/request/user-agent.ts';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const chrome = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/141.0.0.0 Safari/537.36`;
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';

/** Headers of browsers, and the browser in words. */
const known: readonly (readonly [headers: Record<string, string>, words: string])[] = [
  [{ 'user-agent': chrome }, 'Chrome on Windows'],
  [{ 'user-agent': `${chrome} Edg/141.0.0.0` }, 'Edge on Windows'],
  [{ 'user-agent': `${chrome} OPR/120.0.0.0` }, 'Opera on Windows'],
  [
    { 'user-agent': `Mozilla/5.0 (Linux; Android 16) ${webkit} SamsungBrowser/29.0 Chrome/136.0 Mobile Safari/537.36` },
    'Samsung Internet on Android',
  ],
  [{ 'user-agent': `${iphone} Version/18.5 Mobile/15E148 Safari/604.1` }, 'Safari on iOS'],
  [{ 'user-agent': `${iphone} CriOS/141.0 Mobile/15E148 Safari/604.1` }, 'Chrome on iOS'],
  [{ 'user-agent': `${iphone} FxiOS/140.0 Mobile/15E148 Safari/605.1.15` }, 'Firefox on iOS'],
  [
    { 'user-agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0' },
    'Firefox on macOS',
  ],
  [
    { 'user-agent': `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/141.0.0.0 Safari/537.36` },
    'Chrome on ChromeOS',
  ],
  [{ 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }, 'Firefox on Linux'],
  // The order of the brands is random, and one of them is invented (User-Agent Client Hints §6.2).
  [
    {
      'user-agent': chrome,
      'sec-ch-ua': '"Not;A=Brand";v="99", "Vivaldi";v="7", "Chromium";v="141"',
      'sec-ch-ua-platform': '"Chrome OS"',
    },
    'Vivaldi on ChromeOS',
  ],
  [
    {
      'user-agent': chrome,
      'sec-ch-ua': '"Chromium";v="141", "Google Chrome";v="141"',
      'sec-ch-ua-platform': '"macOS"',
    },
    'Chrome on macOS',
  ],
  [{ 'sec-ch-ua-platform': '"Android"' }, 'An unknown browser on Android'],
  [
    { 'user-agent': 'curl/8.14.1', 'sec-ch-ua': '"A Bank\'s own browser";v="1"', 'sec-ch-ua-platform': '"<b>"' },
    'A program that calls itself “curl/8.14.1”',
  ],
  [{}, 'An unknown browser'],
];

for (const [headers, words] of known) {
  it(`names ${words} (${Object.keys(headers).join(', ') || 'no header'})`, () => {
    assert.equal(seenBrowser(headers).browser, words);
  });
}

it('writes a bounded text for all headers, in which at most 40 characters come from the caller', () => {
  const text = fc.string({ unit: 'binary', maxLength: 2_000 });
  fc.assert(
    fc.property(text, text, text, (agent, brands, platform) => {
      const seen = seenBrowser({ 'user-agent': agent, 'sec-ch-ua': brands, 'sec-ch-ua-platform': platform });
      assert.ok(seen.browser.length <= 80);
      assert.ok((seen.userAgent ?? '').length <= 200);
      assert.match(seen.browser.replaceAll(/[“”]/g, '"'), /^[\x20-\x7e]+$/);
    }),
  );
});
