import type { Frame } from './frame.ts';
import { type Html, html } from './html.ts';

/** Returns a link to the operator's support, with its host or its email address as text. */
function supportLink(address: string): Html {
  const { protocol, host, pathname } = new URL(address);
  return html`<a href="${address}" rel="noreferrer">${protocol === 'mailto:' ? pathname : host}</a>`;
}

/** Returns the paragraph for a person who does not know the password. There is no reset without an administrator. */
export function forgottenPassword({
  productName,
  supportLink: address,
}: Pick<Frame, 'productName' | 'supportLink'>): Html {
  return html`<p class="quiet help"><strong>Forgot your password?</strong> An administrator of ${productName} can give you a new one.${
    address === null ? null : html` Ask at ${supportLink(address)}.`
  }</p>`;
}

/** Returns the paragraph for a person who needs help; null if the operator has set no link. */
export function helpParagraph(address: string | null): Html | null {
  return address === null ? null : html`<p class="quiet help">Do you need help? Ask at ${supportLink(address)}.</p>`;
}
