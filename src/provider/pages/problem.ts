import { html } from './html.ts';
import type { Page } from './page.ts';

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
