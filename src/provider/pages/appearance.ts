import type { AccentColor } from './palette.ts';

/** The media types of a logo. */
export type LogoType = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/svg+xml';

/** A picture of the operator. */
export interface Logo {
  readonly type: LogoType;
  readonly content: Buffer;
}

/** What the operator sets about the appearance of the pages. */
export interface Appearance {
  /** The name of the product, on every page and in its title. */
  readonly productName: string;
  readonly logo: Logo | null;
  readonly accentColor: AccentColor;
  /** Where people get help: an `https:` or `mailto:` URL. Null: no page has a link to it. */
  readonly supportLink: string | null;
}
