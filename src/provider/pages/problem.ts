import type { ServerResponse } from 'node:http';
import { errorKinds, isOutage } from '../../errors.ts';
import type { Frame } from './frame.ts';
import { html } from './html.ts';
import { type HtmlPage, sendPage } from './page.ts';

/**
 * Returns the page for a request that cannot continue. It is for errors that are not sent to an application.
 *
 * @param explanation for the person
 * @param code for the developer of the application
 */
export function problemPage(status: number, explanation: string, code?: string): HtmlPage {
  return {
    title: 'This did not work',
    status,
    offersHelp: true,
    body: html`
<h1>This did not work</h1>
<p>${explanation}</p>
<p class="quiet">Go back to the application you came from and start again there.</p>
${code ? html`<p><code>${code}</code></p>` : null}`,
  };
}

/** The value of `Retry-After`, in seconds, if the database is unavailable. */
export const retryAfterSeconds: string = String(errorKinds.DATABASE_UNAVAILABLE.retryAfter);

/** Returns the page for a fault of the server: 503 if the database is unavailable, otherwise 500. */
export function faultPage(error: unknown): HtmlPage {
  if (isOutage(error))
    return problemPage(
      503,
      'We cannot do this at the moment. Please try again in a few seconds.',
      error.evidence.reason,
    );
  return problemPage(500, 'Something went wrong here. It has been noted; please try again later.');
}

/** Answers a request with `faultPage`. */
export function sendFault(response: ServerResponse, frame: Frame, error: unknown): void {
  if (isOutage(error)) response.setHeader('retry-after', retryAfterSeconds);
  sendPage(response, frame, faultPage(error));
}
