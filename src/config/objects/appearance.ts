import type { AccentColor } from '../../provider/pages/palette.ts';
import { type Check, objectOf, type Settings } from '../../protocol/options/object.ts';
import { expects, expectsShown, isString } from '../../protocol/options/values.ts';

/** The appearance of the pages: sign-in, consent, sign-out, the account page. The explorer has the name only. */
export interface AppearanceEntry {
  /** The name of the product, on every page and in its title: 1 to 60 characters on one line. Default `Claimgate`. */
  readonly productName?: string;
  /**
   * The path of the logo: a PNG, JPEG, WebP or SVG file of at most 262,144 bytes. A relative path begins at the folder
   * of the configuration file. The file is read at start. Default: no logo.
   */
  readonly logo?: string;
  /**
   * The colour of buttons and links, in the light and in the dark colour scheme. Each needs a contrast of 4.5:1.
   * Default `{ light: '#1d4ed8', dark: '#8ab4ff' }`.
   */
  readonly accentColor?: AccentColor;
  /** Where people get help, for example after they forgot a password: an `https:` or `mailto:` URL. Default: no link. */
  readonly supportLink?: string;
}

const colour = expectsShown(
  'a colour of six hexadecimal digits, such as #1d4ed8',
  (value) => isString(value) && /^#[\da-f]{6}$/i.test(value),
);

const accentSettings: Settings<AccentColor> = { light: { check: colour }, dark: { check: colour } };

const checkSupportLink: Check = function* (value, place) {
  const expected = 'an https: or mailto: URL, such as https://example.com/help or mailto:help@example.com';
  const url = isString(value) && value.length <= 2_048 ? URL.parse(value) : null;
  if (!url) yield `${place}: expected ${expected}`;
  else if (url.protocol !== 'https:' && url.protocol !== 'mailto:') {
    yield `${place}: expected ${expected}; found the scheme ${url.protocol}`;
  } else if (url.protocol === 'mailto:' && !/^[\w.+-]{1,64}@[\w.-]{1,253}$/.test(url.pathname)) {
    yield `${place}: expected ${expected}; found mailto: without one email address of ASCII characters`;
  } else if (url.username || url.password) {
    yield `${place}: expected ${expected}; found a user name or password in it`;
  }
};

const appearanceSettings: Settings<AppearanceEntry> = {
  productName: {
    check: expects(
      '1 to 60 printable characters in one line, without spaces at the ends',
      // U+200D joins emoji. Other format characters could change the direction of the text around the name.
      (value) => isString(value) && value.length <= 240 && /^(?! )(?:[^\p{C}\p{Z}]|\u200d| ){1,60}(?<! )$/u.test(value),
    ),
  },
  logo: {
    check: expects(
      'the path of a PNG, JPEG, WebP or SVG file',
      (value) => isString(value) && /^[^\0]{1,4096}$/.test(value),
    ),
  },
  accentColor: { check: objectOf(accentSettings, { form: "{ light: '#1d4ed8', dark: '#8ab4ff' }" }) },
  supportLink: { check: checkSupportLink },
};

/** The check of `appearance`. `logo.ts` reads the logo. `provider/` computes the contrast of the colours. */
export const checkAppearance: Check = objectOf(appearanceSettings);
