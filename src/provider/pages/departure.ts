import { html } from './html.ts';
import { destinationOf } from './destination.ts';
import type { HtmlPage } from './page.ts';

/** The content of the page. */
export interface DeparturePage {
  readonly applicationName: string;
  /** The redirect URI with the answer; null: no link is shown. */
  readonly location: string | null;
  /** The error code that the application gets; null: no error. */
  readonly error: string | null;
}

/**
 * Returns the page that a person sees before the browser goes to an application that registered itself without a token.
 * The browser goes there only if the person clicks on the link.
 */
export function departurePage({ applicationName, location, error }: DeparturePage): HtmlPage {
  return {
    title: 'Leaving this server',
    status: error === null ? 200 : 400,
    body: html`
<h1>${error === null ? 'Go on to the application?' : 'This did not work'}</h1>
<p>An application that calls itself <strong>${applicationName}</strong> sent you here.${error === null ? null : ' What it asked for cannot be done.'}</p>
<p class="quiet">This application registered itself: nobody here has looked at it, and it chose its name. Go by the address.</p>
${
  location === null
    ? null
    : html`<dl><dt>Its address</dt><dd>${destinationOf(location)}</dd></dl>
<p><a href="${location}" rel="noreferrer">Go on to ${destinationOf(location)}</a></p>`
}
${error === null ? null : html`<p><code>${error}</code></p>`}`,
  };
}
