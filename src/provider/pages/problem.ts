import type { ServerResponse } from 'node:http';
import { errorKinds, isOutage } from '../../errors.ts';
import { html } from './html.ts';
import { type Page, sendPage } from './page.ts';

/** A request that cannot go on, told to the person in front of it: nothing is sent back to any application. */
export function problemPage(status: number, explanation: string, code?: string): Page {
  return {
    title: 'This did not work',
    status,
    body: html`
<h1>This did not work</h1>
<p>${explanation}</p>
<p class="quiet">Go back to the application you came from and start again there.</p>
${code ? html`<p><code>${code}</code></p>` : null}`,
  };
}

/** Seconds after which whoever finds the database unavailable may try again. */
export const retryAfter: string = String(errorKinds.DATABASE_UNAVAILABLE.retryAfter);

/** A page for a request that failed for no fault of the person in front of it: 503 where the database is unavailable, else 500. */
export function faultPage(error: unknown): Page {
  if (isOutage(error))
    return problemPage(
      503,
      'We cannot do this at the moment. Please try again in a few seconds.',
      error.evidence.reason,
    );
  return problemPage(500, 'Something went wrong here. It has been noted; please try again later.');
}

/** Answers with `faultPage`. */
export function sendFault(response: ServerResponse, error: unknown): void {
  if (isOutage(error)) response.setHeader('retry-after', retryAfter);
  sendPage(response, faultPage(error));
}
