import { createHash } from 'node:crypto';
import { logoPath } from '../paths.ts';
import type { Appearance } from './appearance.ts';
import { Html, html } from './html.ts';
import { styleSheet } from './style.ts';

/** What is equal on all pages of a server. */
export interface Frame {
  readonly productName: string;
  /** An `https:` or `mailto:` URL. Null: no page has a link to it. */
  readonly supportLink: string | null;
  /** The elements of the head that are equal on all pages. */
  readonly head: Html;
  /** The header of the page: the logo and the name of the product. */
  readonly header: Html;
  /** The sources of the policy that the head and the header need. */
  readonly policy: string;
}

/** Makes the frame of the pages. Call it once for a server, because it hashes the style sheet. */
export function createFrame({ productName, logo, accentColor, supportLink }: Appearance): Frame {
  const style = styleSheet(accentColor);
  const styleHash = sha256(style);
  // The version makes browsers load a new logo after a change.
  const address = logo && `${logoPath}?v=${createHash('sha256').update(logo.content).digest('hex').slice(0, 12)}`;
  return {
    productName,
    supportLink,
    head: html`${
      address &&
      html`<link rel="icon" href="${address}">
`
    }<style>${new Html(style)}</style>`,
    header: address
      ? html`<header class="logo"><img src="${address}" alt=""><bdi>${productName}</bdi></header>`
      : html`<header><bdi>${productName}</bdi></header>`,
    policy: `style-src 'sha256-${styleHash}'${address ? "; img-src 'self'" : ''}`,
  };
}

/** Returns the SHA-256 hash of an inline element's text, in base64, as a Content-Security-Policy has it. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
