import type { ServerResponse } from 'node:http';
import type { Appearance } from '../../provider/pages/appearance.ts';
import { createFrame } from '../../provider/pages/frame.ts';
import { html } from '../../provider/pages/html.ts';
import { type HtmlPage, sendPage } from '../../provider/pages/page.ts';

/**
 * What the listener of `claimgate sign-in` answers. `done`: it received a code. `denied`: the person or the account
 * denied it. `failed`: another error. `other`: the request is no authorization response.
 */
export type SignInResult = 'done' | 'denied' | 'failed' | 'other';

const texts: Readonly<Record<SignInResult, { status: number; heading: string; text: string }>> = {
  done: {
    status: 200,
    heading: 'You are signed in',
    text: 'Close this page and go back to the terminal.',
  },
  denied: {
    status: 200,
    heading: 'You did not sign in',
    text: 'The command line got no access. Close this page and go back to the terminal.',
  },
  failed: {
    status: 200,
    heading: 'The sign-in failed',
    text: 'Close this page and go back to the terminal. It says why.',
  },
  other: {
    status: 404,
    heading: 'Nothing is here',
    text: 'A command in a terminal of this device waits here for the end of a sign-in.',
  },
};

/**
 * Returns the function with which the listener of `claimgate sign-in` answers a browser. The pages have the appearance of
 * the server's pages, without the logo, and contain no value of the request.
 */
export function signInResultPages(appearance: Appearance): (response: ServerResponse, result: SignInResult) => void {
  const frame = createFrame({ ...appearance, logo: null });
  return (response, result) => {
    const { status, heading, text } = texts[result];
    const page: HtmlPage = {
      title: heading,
      status,
      offersHelp: result === 'failed',
      body: html`
<h1>${heading}</h1>
<p class="quiet">${text}</p>`,
    };
    response.setHeader('connection', 'close');
    sendPage(response, frame, page);
  };
}
